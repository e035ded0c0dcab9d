"""Fields and values of entries in German, for the pages of those who look after them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from babel import Locale
from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.core.languages import LANGUAGES
from api.curation import labels_referral
from api.curation.sheet_fields import TRANSLATIONS, Sheet, split
from api.curation.sight import MASK
from api.organizations.models import Organization
from api.regions.models import Region
from api.schedules.saying import say_text
from api.schedules.schemas import ScheduleIn
from api.spaces.models import Division, Space
from api.taxonomy import service as taxonomy

_TEXTS: Final[Mapping[str, str]] = {
    "name": "Name",
    "summary": "In einem Satz",
    "description": "Beschreibung",
    "organization": "Anbieter",
    "organization_id": "Anbieter",
    "organization_website": "Internetseite des Anbieters",
    "topics": "Themen",
    "audiences": "Zielgruppen",
    "languages": "Sprachen",
    "min_age": "Alter von",
    "max_age": "Alter bis",
    "cost": "Kosten",
    "cost_note": "Zu den Kosten",
    "access": "Zugang",
    "access_note": "Zum Zugang",
    "resource_level": "Ebene",
    "outreach": "Kommt zu den Leuten",
    "serves": "Kommt nach",
    "website": "Internetseite",
    "hours_text": "Zeiten in Worten",
    "schedules": "Zeiten",
    "verified_on": "Zuletzt geprüft",
    "verify_within_days": "Prüfen alle … Tage",
    "status": "Zustand",
    "paused_until": "Wieder da ab",
    "is_example": "Beispiel",
}


def language(code: str) -> str:
    """Return what a language of the pages is called in German."""
    known = LANGUAGES[code]
    return known.autonym if known.is_german else str(Locale("de").languages[known.tag])


OFFER: Final[Mapping[str, str]] = {
    **_TEXTS,
    **labels_referral.FIELDS,
    **{path: f"{language(code)}: {_TEXTS[name]}" for path, (code, name) in TRANSLATIONS.items()},
}
CONTACT: Final[Mapping[str, str]] = {
    "label": "Wer",
    "phone": "Telefon",
    "email": "E-Mail",
    "is_public": "Öffentlich",
}
PLACE: Final[Mapping[str, str]] = {
    "name": "Name",
    "street": "Straße und Hausnummer",
    "postcode": "Postleitzahl",
    "town": "Stadt",
    "point": "Punkt auf der Karte",
    "address_hidden": "Adresse verborgen",
    "wheelchair": "Mit Rollstuhl",
    "hours_text": "Zeiten in Worten",
    "note": "Hinweis zum Ort",
    "schedules": "Zeiten",
}
REMARKS: Final[Mapping[str, str]] = {
    "report": "Hinweis",
    "address": "Wo",
    "contact": "Kontakt",
    "note": "Bemerkung",
}
PARTS: Final = {"contacts": ("Kontakt", CONTACT), "places": ("Ort", PLACE)}
_VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "cost": {
        "free": "kostenlos",
        "covered": "der Staat zahlt für Menschen mit wenig Geld",
        "paid": "kostet etwas",
        "unknown": "nicht bekannt",
    },
    "access": {
        "walk_in": "einfach vorbeikommen",
        "call_first": "vorher anrufen",
        "appointment": "mit Termin",
        "referral": "mit Überweisung",
        "unknown": "nicht bekannt",
    },
    "wheelchair": {"yes": "ja", "partly": "teilweise", "no": "nein", "unknown": "nicht bekannt"},
    "status": {
        "draft": "Entwurf",
        "in_review": "in Prüfung",
        "published": "öffentlich",
        "paused": "macht Pause",
        "archived": "archiviert",
    },
    "resource_level": {
        "2": "Nachbarschaft und Selbsthilfe",
        "3": "Vereine und Treffpunkte",
        "4": "Beratung und Ämter",
    },
    "referral.way": labels_referral.WAYS,
    "referral.capacity": labels_referral.CAPACITIES,
}
_REPORTS: Final = {
    "hours": "Die Öffnungszeiten stimmen nicht",
    "contact": "Telefon, E-Mail oder Internetseite stimmen nicht",
    "address": "Die Adresse stimmt nicht",
    "cost": "Die Kosten oder die Anmeldung stimmen nicht",
    "gone": "Dieses Angebot gibt es nicht mehr",
    "full": "Auf einer Liste kam die Antwort: Es war voll",
    "details": "Auf einer Liste kam die Antwort: Adresse, Telefon oder Zeiten stimmten nicht",
    "other": "Etwas anderes",
}
_CHANGES: Final = {"cancelled": "fällt aus", "moved": "verschoben", "extra": "zusätzlich"}


@dataclass
class Words:
    """What slugs, keys and numbers are called in a region; empty ones are said as they are."""

    today: date
    topics: Mapping[str, str] = field(default_factory=dict)
    audiences: Mapping[str, str] = field(default_factory=dict)
    serves: Mapping[str, str] = field(default_factory=dict)
    organizations: dict[int, str] = field(default_factory=dict)


def words(session: Session, region: Region, organization_ids: Sequence[int] = ()) -> Words:
    """Return the words of a region, with the names of some providers."""
    keys = select(col(Space.key), col(Space.name)).join(Division, col(Division.id) == col(Space.division_id))
    spaces = session.execute(keys.where(col(Division.region_id) == region.id)).all()
    known: dict[int, str] = {}
    if organization_ids:
        named = select(col(Organization.id), col(Organization.name))
        rows = session.execute(named.where(col(Organization.id).in_(organization_ids)))
        known = {row.id: row.name for row in rows}
    return Words(
        clock.today(region.timezone),
        {one.slug: one.names["de"] for one in taxonomy.topics(session)},
        {one.slug: one.names["de"] for one in taxonomy.audiences(session)},
        {row.key: row.name for row in spaces},
        known,
    )


def remarks(session: Session, region: Region, told: Mapping[str, Any]) -> dict[str, str]:
    """Return what was said of an entry but is no field of it, by what it is called."""
    if not told:
        return {}
    known = words(session, region)
    return {label(name): said(name, value, known) for name, value in told.items()}


def label(path: str, sheet: Sheet | None = None) -> str:
    """Return what a path is called: „Telefon“, „Ort Weg 1: Zeiten“; sheet: to name the part."""
    found = split(path)
    if found is None:
        return OFFER.get(path) or REMARKS.get(path) or path
    if not found.part:
        return OFFER[found.field]
    kind, fields = PARTS[found.part]
    part = sheet[found.part].get(found.key) if sheet else None
    called = f"{kind} {name_of(found.part, part)}".strip() if part else kind
    if found.is_new:
        called = f"Neuer {called}"
    return f"{called}: {fields[found.field]}" if found.field else called


def name_of(kind: str, part: Mapping[str, Any]) -> str:
    """Return what a contact or place is called among others of its kind."""
    names = ("label", "phone", "email") if kind == "contacts" else ("name", "street", "town")
    found = (str(part[name]) for name in names if part.get(name) and part[name] != MASK)
    name = next(found, "")
    return f"„{name}“" if name else ""


def said(path: str, value: Any, known: Words) -> str:  # noqa: ANN401 - whatever a field holds
    """Return a value as people read it; nothing is an empty text."""
    found = split(path)
    if found is not None and found.part and not found.field:
        return part_said(found.part, value, known)
    name = found.field if found is not None else path
    return field_said(name, value, known)


def field_said(name: str, value: Any, known: Words) -> str:  # noqa: ANN401
    """Return the value of a field as people read it."""
    if value is None or value in ("", [], {}, MASK):
        return str(value or "")
    if name in _SAYING:
        return _SAYING[name](value, known)
    if name in _VALUES:
        return _VALUES[name].get(str(value), str(value))
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def part_said(kind: str, part: Mapping[str, Any] | None, known: Words) -> str:
    """Return a whole contact or place in one line."""
    if part is None:
        return ""
    if kind == "contacts":
        private = "" if part["is_public"] else "nur für Fachkräfte"
        names = [*(part[name] for name in ("label", "phone", "email")), private]
    else:
        town = " ".join(str(part[name]) for name in ("postcode", "town") if part[name])
        hours = field_said("schedules", part.get("schedules"), known) or part.get("hours_text")
        names = [part["name"], part["street"], town, hours, part.get("note")]
    return ", ".join(dict.fromkeys(str(one) for one in names if one))


def lines_said(lines: Sequence[Mapping[str, Any]], known: Words) -> str:
    """Return a timetable in one text, single dates behind it."""
    read = [ScheduleIn.model_validate(line) for line in lines]
    rules = [line.rule() for line in read]
    told = [say_text(rules, "de", known.today)] if rules else []
    told += [line.note for line in read if line.note]
    told += [deviation_said(one) for line in lines for one in line["deviations"]]
    return "; ".join(one for one in told if one)


def deviation_said(one: Mapping[str, Any]) -> str:
    """Return a single date that differs: „24.12.2026 fällt aus (Weihnachten)“."""
    hours = "–".join(str(one[name])[:5] for name in ("starts", "ends") if one.get(name))
    to = f"auf den {_day(one['to'])}" if one.get("to") else ""
    place = "an einem anderen Ort" if one.get("place") else ""
    note = f"({one['note']})" if one.get("note") else ""
    return " ".join(
        part for part in (_day(one["on"]), _CHANGES[one["change"]], to, hours, place, note) if part
    )


def _day(value: str | date, _known: Words | None = None) -> str:
    day = value if isinstance(value, date) else date.fromisoformat(value)
    return f"{day:%d.%m.%Y}"


def _names(name: str) -> Callable[[Any, Words], str]:
    return lambda value, known: ", ".join(str(getattr(known, name).get(one, one)) for one in value)


def _listed(known: Mapping[str, str]) -> Callable[[Any, Words], str]:
    return lambda value, _words: "; ".join(known.get(one, one) for one in value)


def _report(value: Mapping[str, Any], _known: Words) -> str:
    told = (_REPORTS.get(str(value.get("about")), ""), str(value.get("text") or ""))
    return ": ".join(part for part in told if part)


def _translation(value: Mapping[str, str], _known: Words) -> str:
    return value["text"]


def _point(value: Mapping[str, Any], _known: Words) -> str:
    return f"{value['lat']:.5f}, {value['lon']:.5f}"


_SAYING: Final[Mapping[str, Callable[[Any, Words], str]]] = {
    "topics": _names("topics"),
    "audiences": _names("audiences"),
    "serves": _names("serves"),
    "point": _point,
    **dict.fromkeys(TRANSLATIONS, _translation),
    "schedules": lines_said,
    "verified_on": _day,
    "paused_until": _day,
    "referral.waiting_weeks": lambda value, _known: labels_referral.weeks(value),
    "referral.said_on": _day,
    "referral.papers": _listed(labels_referral.PAPERS),
    "referral.laws": _listed(labels_referral.LAWS),
    "organization_id": lambda value, known: known.organizations.get(value, ""),
    "report": _report,
}
