"""What an offer still lacks, in plain words: what must be there, and what people will ask for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from api.core.errors import FieldError
from api.curation import labels
from api.curation.sheet_fields import Sheet
from web.staff import form_texts
from web.staff.form_steps import CONTACT, TEXTS, WHAT, WHEN, WHERE, Step, step_of


class Missing(NamedTuple):
    """One thing, and the step on which it is said."""

    step: Step
    text: str


def _has_hours(sheet: Sheet) -> bool:
    return any(part["schedules"] or part["hours_text"] for part in (sheet, *sheet["places"].values()))


def _has_contact(sheet: Sheet) -> bool:
    contacts = sheet["contacts"].values()
    return bool(sheet["website"]) or any(
        one["is_public"] and (one["phone"] or one["email"]) for one in contacts
    )


_ASKED: Final[tuple[tuple[Step, Callable[[Sheet], bool], str], ...]] = (
    (WHAT, lambda sheet: bool(sheet["summary"]), "Ein Satz, worum es geht und für wen."),
    (WHAT, lambda sheet: bool(sheet["topics"]), "Ein Thema. Ohne Thema finden es viele nicht."),
    (
        WHERE,
        lambda sheet: bool(sheet["places"] or sheet["outreach"]),
        "Ein Ort, oder dass Sie zu den Leuten kommen.",
    ),
    (WHEN, _has_hours, "Wann es stattfindet. Auf der Seite steht sonst: „bitte erfragen“."),
    (CONTACT, _has_contact, "Eine Telefonnummer, E-Mail-Adresse oder Internetseite für alle."),
    (CONTACT, lambda sheet: sheet["cost"] != "unknown", "Was es kostet."),
    (
        CONTACT,
        lambda sheet: sheet["access"] != "unknown",
        "Ob man einfach kommen kann oder einen Termin braucht.",
    ),
)


def wrong(errors: list[FieldError], sheet: Sheet) -> list[Missing]:
    """Return what stands in the way of publishing."""
    return [Missing(step_of(one.field), f"{labels.label(one.field, sheet)}: {one.detail}") for one in errors]


def missing(sheet: Sheet) -> list[Missing]:
    """Return what may be left out, but will be asked for."""
    found = [Missing(step, text) for step, is_there, text in _ASKED if not is_there(sheet)]
    return [*found, *_without_point(sheet["places"]), *_outdated(sheet)]


def _without_point(places: Mapping[str, Any]) -> Iterator[Missing]:
    for place in places.values():
        if not place["point"]:
            name = labels.name_of("places", place)
            yield Missing(
                WHERE,
                f"Der Punkt auf der Karte für den Ort {name}. Ohne ihn steht das Angebot nur in der Liste.",
            )


def _outdated(sheet: Sheet) -> Iterator[Missing]:
    for one in form_texts.languages(sheet):
        if one.old:
            yield Missing(
                TEXTS, f"{one.name}: Der deutsche Text ist neuer als die Übersetzung. Stimmt sie noch?"
            )
