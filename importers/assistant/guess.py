"""The whole guess: a file and a region in, a draft with its reasons out."""

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.core.text import slugify
from api.regions.models import Region
from api.spaces.models import Division, Space
from importers.assistant import columns, file, fill, headers, key, known, places, topics
from importers.assistant.draft import Certainty, Column, Draft, Guess, Unused
from importers.assistant.fields import LABELS
from importers.assistant.profile import Profile, profiles
from importers.errors import UnusableError
from importers.file_table import LON_LAT
from importers.mapping import UNKNOWN, mapping_of
from importers.strict import EARLIEST

TO_FILL_IN: Final = ("publisher", "licence", "attribution")
# Columns that are looked through for words, and that make a key together.
TEXTS: Final = ("name", "summary", "description")
KEYS: Final = (
    "name",
    "street",
    "address",
    "postcode",
    "place_name",
    "lon",
    "lat",
    "hours_text",
    "description",
)
_MONTH: Final = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_.]?(?P<month>[01]\d)(?:[-_.]?(?P<day>[0-3]\d))?(?!\d)"
)
_CLOSED: Final = {
    "service.status": ["inactive", "defunct", "temporarily closed", "closed"],
    "status": ["CANCELLED"],
}


def draft(
    session: Session,
    path: Path,
    region: Region,
    known_mappings: Sequence[Path] = (),
    table: dict[str, Any] | None = None,
) -> Draft:
    """Return a mapping for a file as a proposal with its reasons, or raise UnusableError.

    known_mappings: files among which one that fits is used again; table: keys of [file] that somebody chose.
    """
    found = file.find(path, table or {})
    if not found.rows:
        raise UnusableError(f"{path.name}: Die Datei enthält keine Zeilen.")
    seen = profiles(found.rows)
    if not seen:
        raise UnusableError(f"{path.name}: Keine Zeile der Datei ist zu gebrauchen: {found.rows[0].problem}.")
    fresh = _fresh(session, path, region, found, seen)
    return known.used(fresh, known_mappings)


def _fresh(
    session: Session, path: Path, region: Region, found: file.Found, seen: dict[str, Profile]
) -> Draft:
    vocabulary = topics.vocabulary(session)
    assigned = columns.assign(
        seen,
        {
            "topics": frozenset(vocabulary.topics),
            "audiences": frozenset(vocabulary.audiences),
            "serves": _spaces(session, region),
        },
    )
    said = fill.guesses(assigned, seen)
    where = _places(session, region, found, assigned, said)
    if not any(guess.field == "name" for guess in said):
        raise UnusableError(f"{path.name}: Keine Spalte sieht wie ein Name aus. Gefunden: {', '.join(seen)}.")
    themes = _themes(path, seen, assigned, said, vocabulary)
    named = {guess.field: guess.specs[-1] for guess in said}
    found_key = key.find(seen, [named[field] for field in KEYS if named.get(field) in seen])
    told: dict[str, Any] = {
        "source": _source(path, region),
        "file": {**found.table, **where.file, "key": found_key.columns},
        "fields": {guess.field: guess.specs for guess in said},
        "defaults": {"topics": themes.default} if themes.default else {},
        "skip": _skips(seen),
        "rules": [rule.model_dump(exclude_defaults=True) for rule in themes.rules],
    }
    warnings = [*found.warnings, *where.warnings, *_of_rows(found), *_of_key(found_key)]
    if themes.without:
        warnings.append(f"Ohne Thema bleiben {themes.without} von {len(found.rows)} Zeilen.")
    reasons = found.reasons | {"key": found_key.reason}
    if where.file:
        reasons["points"] = where.reason
    if themes.default:
        reasons["topics"] = themes.default_reason
    mapping = mapping_of(told, path.name)
    return Draft(
        file=path.name,
        format=found.format,
        rows=len(found.rows),
        is_sample=found.is_sample,
        mapping=mapping,
        columns=[
            Column(name=name, filled=len(one.filled), distinct=len(one.different), examples=one.examples())
            for name, one in seen.items()
        ],
        guesses=said,
        unused=_unused(seen, assigned, said, found_key.columns, themes, where),
        rules=themes.reasons,
        file_reasons=reasons,
        proposals=where.proposals,
        warnings=warnings,
        missing=list(TO_FILL_IN),
    )


def _places(
    session: Session, region: Region, found: file.Found, assigned: columns.Found, said: list[Guess]
) -> places.Places:
    """Return how places are read, and add the guess for lon and lat."""
    lon, lat, both = (assigned.column(part) for part in ("lon", "lat", "point"))
    if not (lon and lat):
        if both is None:
            return places.Places()
        lon, lat = both, both
    asked = [lon] if lon == lat else [lon, lat]
    where = places.look(session, region, found.rows, asked)
    if where.is_taken:
        taken = LON_LAT if "points" in where.file else (lon, lat)
        reasons = [
            one[0].reason for one in (assigned.chosen.get(part) for part in ("lon", "lat", "point")) if one
        ]
        for field, column, reason in zip(LON_LAT, taken, (reasons * 2)[:2], strict=True):
            why = "; ".join(filter(None, (reason, where.reason)))
            said.append(Guess(field=field, specs=[column], certainty=where.certainty, reason=why))
    return where


def _themes(
    path: Path,
    seen: dict[str, Profile],
    assigned: columns.Found,
    said: list[Guess],
    vocabulary: topics.Vocabulary,
) -> topics.Themes:
    sorting = [name for name, one in seen.items() if name in assigned.unused and topics.sorts(one)]
    categories = [name for name in sorting if headers.rank(name, headers.CATEGORIES)]
    groups = [name for name in seen if name in assigned.unused and headers.rank(name, headers.GROUPS)]
    if "topics" in {guess.field for guess in said}:
        return topics.Themes()
    fields = {guess.field: guess.specs for guess in said}
    texts = [spec for field in TEXTS for spec in fields.get(field, [])[-1:] if spec in seen]
    return topics.guess(seen, categories, texts, groups, path.name, vocabulary)


def _source(path: Path, region: Region) -> dict[str, Any]:
    stem = path.stem if path.suffix else path.name
    stem = stem.removesuffix(".geo")
    name = re.sub(r"[\W_]+", " ", _MONTH.sub(" ", stem)).strip() or "Liste"
    day = _day(stem)
    return {
        "slug": slugify(name),
        "region": region.slug,
        "title": name[0].upper() + name[1:],
        **dict.fromkeys(TO_FILL_IN, UNKNOWN),
        "trust": "propose",
    } | ({"date": day} if day else {})


def _day(stem: str) -> dt.date | None:
    said = _MONTH.search(stem)
    if said is None:
        return None
    try:
        day = dt.date(int(said["year"]), int(said["month"]), int(said["day"] or 1))
    except ValueError:
        return None
    return day if EARLIEST <= day <= clock.today("Europe/Berlin") else None


def _skips(seen: dict[str, Profile]) -> list[dict[str, Any]]:
    return [
        {
            "column": column,
            "equals": words,
            "reason": "Der Eintrag ist in der Quelle abgesagt oder geschlossen.",
        }
        for column, words in _CLOSED.items()
        if column in seen and set(map(str, seen[column].different)) & set(words)
    ]


def _of_rows(found: file.Found) -> list[str]:
    said = []
    if found.is_sample:
        said.append(f"Die Datei ist lang; die Vermutungen beruhen auf den ersten {len(found.rows)} Zeilen.")
    broken = [row.number for row in found.rows if row.problem]
    if broken:
        first = next(row.problem for row in found.rows if row.problem)
        said.append(f"{places.named(broken)}: nicht zu lesen ({first}).")
    return said


def _of_key(found: key.Key) -> list[str]:
    if not found.doubtful:
        return []
    what = "Eine Zeile lässt sich" if found.doubtful == 1 else f"{found.doubtful} Zeilen lassen sich"
    return [f"{what} von anderen nicht unterscheiden; das wird nicht übernommen."]


def _unused(
    seen: dict[str, Profile],
    assigned: columns.Found,
    said: list[Guess],
    keys: list[str],
    themes: topics.Themes,
    where: places.Places,
) -> list[Unused]:
    used = {
        column
        for guess in said
        for spec in guess.specs
        for column in (re.findall(r"\{([^{}]+)\}", spec) or [spec])
    }
    used |= set(where.file.get("points", []))
    ruled = {column for rule in themes.rules for column in rule.named}
    reasons = dict(assigned.unused)
    for part in ("lon", "lat", "point"):
        if column := assigned.column(part):
            reasons[column] = f"{LABELS[part]}: siehe Hinweise"
    for name in seen:
        if name in keys:
            reasons[name] = "daran wird die Zeile wiedererkannt"
        elif name in ruled:
            reasons[name] = "daraus folgen Themen oder Zielgruppen"
        elif name in assigned.unused and headers.rank(name, (*headers.CATEGORIES, *headers.GROUPS)):
            reasons[name] = "kein Wert nennt ein Thema oder eine Zielgruppe, die wir kennen"
    return [
        Unused(column=name, reason=reasons.get(name, "kein Feld passt dazu"))
        for name in seen
        if name not in used
    ]


def _spaces(session: Session, region: Region) -> frozenset[str]:
    keys = select(col(Space.key)).join(Division, col(Division.id) == col(Space.division_id))
    return frozenset(session.scalars(keys.where(col(Division.region_id) == region.id)))


__all__ = ["Certainty", "draft"]
