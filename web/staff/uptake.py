"""Published numbers in words: a row for each topic, and for each Stadtteil of one topic."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from babel.dates import format_date
from sqlmodel import Session

from api.taxonomy import service as taxonomy
from api.uptake.models import Event, Part
from api.uptake.schemas import NumberOut, UptakeOut
from web.staff.gate import PATH

UPTAKE: Final = f"{PATH}/inanspruchnahme"
CASES: Final = f"{PATH}/falltypen"
FIGURES: Final = f"{PATH}/zahlen"
EVENTS: Final = {
    Event.FOUND: "gefunden",
    Event.OPENED: "geöffnet",
    Event.ROUTED: "Anruf oder Weg",
    Event.LISTED: "auf eine Liste",
    Event.HANDED_OVER: "Liste geöffnet",
    Event.HELPED: "hat geholfen",
    Event.FULL: "war voll",
    Event.NOT_RESPONSIBLE: "nicht zuständig",
    Event.WRONG_DETAILS: "falsche Angaben",
    Event.NOT_GONE: "nicht dort gewesen",
}
NO_TOPIC: Final = "ohne Thema"
NO_SPACE: Final = "ohne festen Stadtteil"
REST: Final = "Alle übrigen zusammen"


class Row(NamedTuple):
    """A line of a table; numbers: of each event in words, empty where nothing is shown."""

    key: str
    name: str
    numbers: Sequence[str]


def month_said(month_on: date) -> str:
    """Return a month in words: "Oktober 2026"."""
    return format_date(month_on, "LLLL y", locale="de")


def topics(session: Session, found: UptakeOut) -> list[Row]:
    """Return for each topic what is known of the whole region, in the order of topics."""
    names = topic_names(session)
    there = {one.topic for one in found.numbers if one.part is not Part.CASE}
    order = {slug: place for place, slug in enumerate(names)}
    ordered = sorted(there, key=lambda slug: (order.get(slug, len(order)), slug))
    return [
        Row(slug, names.get(slug, slug) or NO_TOPIC, [_whole(found, slug, event) for event in Event])
        for slug in ordered
    ]


def spaces(found: UptakeOut, topic: str) -> list[Row]:
    """Return for each Stadtteil what is shown of a topic, and the others together."""
    numbers = [one for one in found.numbers if one.topic == topic and one.part is not Part.CASE]
    cells = _by_space(one for one in numbers if one.part is Part.CELL)
    rows = [
        Row(key, events[0].space_name or key or NO_SPACE, _of_events(events)) for key, events in cells.items()
    ]
    rows.sort(key=lambda row: (row.key == "", row.name.casefold()))
    rest = [one for one in numbers if one.part is Part.REST]
    return [*rows, Row("*", REST, _of_events(rest))] if rest else rows


def cases(found: UptakeOut) -> list[tuple[str, str]]:
    """Return the case types with their numbers, in words."""
    return [
        (one.case_type, "" if one.number is None else str(one.number))
        for one in found.numbers
        if one.part is Part.CASE
    ]


def topic_names(session: Session) -> dict[str, str]:
    """Return the names of all topics by slug, in their order."""
    return {
        one.slug: one.names["de"] for parent in taxonomy.topics(session) for one in (parent, *parent.children)
    }


def _whole(found: UptakeOut, topic: str, event: Event) -> str:
    """Return what can be said of all Stadtteile together: a number, or that it is at least one."""
    numbers = [
        one
        for one in found.numbers
        if one.topic == topic and one.event == event and one.part is not Part.CASE
    ]
    total = sum(one.number or 0 for one in numbers)
    rests = [one.number for one in numbers if one.part is Part.REST]
    if not rests or rests[0] is not None:
        return str(total)
    return f"mindestens {total}" if total else ""


def _by_space(numbers: Iterable[NumberOut]) -> dict[str, list[NumberOut]]:
    found: dict[str, list[NumberOut]] = {}
    for one in numbers:
        found.setdefault(one.space, []).append(one)
    return found


def _of_events(numbers: Iterable[NumberOut]) -> list[str]:
    said = {one.event: one.number for one in numbers}
    return ["" if said.get(event) is None else str(said[event]) for event in Event]
