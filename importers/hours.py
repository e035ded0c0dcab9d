"""Hours on their way in: texts that are understood become lines of a timetable, others stay texts alone."""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session, col

from api.history.service import Act
from api.places import service as places
from api.places.models import Place
from api.schedules import recurrence
from api.schedules import service as schedules
from api.schedules.reading import Doubt, read
from api.schedules.rules import OnHolidays
from api.schedules.schemas import ScheduleIn
from importers.values import UnclearError

Lines = list[dict[str, Any]]
DAYS_A_WEEK = 7
SHORT = 300  # letters
_DOUBTS = {
    Doubt.TOO_LONG: "der Text ist zu lang",
    Doubt.WORDS: "einen Teil der Worte kennen wir nicht",
    Doubt.NOTHING: "keine Tage mit Uhrzeiten",
    Doubt.CLOCK: "eine Uhrzeit ist unklar",
    Doubt.RHYTHM: "die zweite Woche im Monat oder jede zweite Woche?",
    Doubt.NO_ANCHOR: "mit welchem Tag es anfängt, steht nicht da",
    Doubt.SCOPE: "zu welcher Zeit ein Zusatz gehört, ist unklar",
    Doubt.CONTRADICTION: "zwei Angaben widersprechen sich",
    Doubt.TWO_READINGS: "der Text kann zweierlei heißen",
    Doubt.NOT_EXPRESSIBLE: "dafür gibt es keine Regel",
}
_HOLIDAYS = re.compile(r"feiertag|\bph\b", re.IGNORECASE)


def doubt(text: str) -> str:
    """Return in German why a text does not become lines; nothing if all that it says is understood."""
    return _reading(text)[1]


def understood(text: str) -> Lines:
    """Return the lines that a text means; none if it is not understood as a whole."""
    return list(_reading(text)[0])


def _reading(text: str) -> tuple[Lines, str]:
    # Lists say the same hours again and again.
    return _remembered(text) if len(text) <= SHORT else _read(text)


def _read(text: str) -> tuple[Lines, str]:
    """Return lines and doubt.

    Who says nothing about public holidays is closed then, unless open every day of the week: better somebody
    asks first than stands before a locked door.
    """
    found = read(text)
    rules = found.rules
    days = {
        day.weekday for rule in rules if rule.recurrence for day in recurrence.read(rule.recurrence).weekdays
    }
    is_silent = not _HOLIDAYS.search(text) and len(days) < DAYS_A_WEEK
    if is_silent:
        rules = tuple(rule._replace(on_public_holidays=OnHolidays.CLOSED) for rule in rules)
    said = [ScheduleIn.of(rule).model_dump(mode="json") for rule in rules]
    return said, _DOUBTS[found.doubt] if found.doubt else ""


_remembered = lru_cache(maxsize=5_000)(_read)


def checked(cell: Any) -> Lines:  # noqa: ANN401 - whatever a file has
    """Return lines as a file says them, in their final form; tables say them as JSON. Raises UnclearError."""
    if isinstance(cell, str):
        cell = _listed(cell)
    if not isinstance(cell, list):
        raise UnclearError("hier muss eine Liste von Zeiten stehen")
    found = []
    for number, said in enumerate(cell, start=1):
        try:
            found.append(ScheduleIn.model_validate(said).model_dump(mode="json"))
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"])) or "das"
            raise UnclearError(f"in Zeit {number} passt {where} nicht") from error
    return found


def _listed(cell: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(cell)
    except ValueError as error:
        raise UnclearError("hier muss eine Liste von Zeiten stehen, als JSON") from error


def present(session: Session, offer_ids: Sequence[int]) -> dict[tuple[int, int | None], Lines]:
    """Return the lines of offers as a file would say them, by offer and OfferAtPlace."""
    there = schedules.lines(session, offer_ids) if offer_ids else []
    ids = {one.place for line in there for one in line.rule.deviations if one.place is not None}
    names = {}
    if ids:
        named = select(col(Place.id), col(Place.name)).where(col(Place.id).in_(ids))
        names = {place.id: place.name for place in session.execute(named)}
    found: dict[tuple[int, int | None], Lines] = defaultdict(list)
    for line in there:
        said = ScheduleIn.of(line.rule)
        for one in said.deviations:
            one.place, one.place_name = None, names[one.place] if one.place else None
        found[line.offer_id, line.at_place_id].append(said.model_dump(mode="json"))
    return dict(found)


def lines(session: Session, act: Act, said: Lines) -> list[ScheduleIn]:
    """Return lines as they are written; a deviation that names its place finds it in the region by name."""
    found = [ScheduleIn.model_validate(line) for line in said]
    for line in found:
        for one in line.deviations:
            if one.place_name:
                one.place = places.called(session, act.region_id, one.place_name)
    return found


def write(session: Session, act: Act, offer_id: int, at_place_id: int | None, said: Lines) -> None:
    """Make these the lines of an offer."""
    schedules.write(session, act, offer_id, at_place_id, lines(session, act, said))
