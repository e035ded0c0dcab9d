"""Timetables: reading those of offers, and writing one line by line."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BigInteger, ColumnElement, column, func, literal, select, table
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from api.history import service as history
from api.history.service import Act
from api.regions.models import Region
from api.schedules.changes import changes
from api.schedules.models import Schedule, ScheduleDeviation
from api.schedules.rules import Change, Closure, Deviation, Rule
from api.schedules.schemas import ClosureIn, ScheduleIn
from api.schedules.timetable import Timetable

Row = TypeVar("Row", Schedule, ScheduleDeviation)

# The table of the domain above, as far as a line needs it.
_AT_PLACE = table("offer_at_place", column("id"), column("place_id", BigInteger))
_PLACE_ID = (
    select(_AT_PLACE.c.place_id).where(_AT_PLACE.c.id == col(Schedule.offer_at_place_id)).scalar_subquery()
)
_ORDER = ("offer_id", "offer_at_place_id", "position", "id")
# Fields that a line of the database shares with a rule as they are.
_SAME = (
    "recurrence", "first_date", "starts", "ends", "valid_from", "valid_until", "on_public_holidays",
    "on_school_holidays", "entry", "note",
)  # fmt: skip


Where = tuple[int, int | None]  # ids of an offer and of a place


class Line(NamedTuple):
    """A rule with the offer and the OfferAtPlace that it is for; None: wherever the offer is."""

    offer_id: int
    at_place_id: int | None
    place_id: int | None
    rule: Rule
    id: int = 0  # stays as long as the line continues, whatever changes in it; see write


def lines(session: Session, offer_ids: Sequence[int]) -> list[Line]:
    """Return the lines of these offers, those of each place in their order."""
    ids = list(offer_ids)
    rows = session.execute(
        select(Schedule, _PLACE_ID)
        .where(col(Schedule.offer_id) == func.any(literal(ids, ARRAY(BigInteger))))
        .order_by(*(col(getattr(Schedule, name)) for name in _ORDER))
    ).all()
    deviations = _deviations(session, ids) if rows else {}
    return [
        Line(row.offer_id, row.offer_at_place_id, place_id, _rule(row, deviations.get(row.id, ())), row.id)
        for row, place_id in rows
    ]


def as_agreed(lines: Iterable[Line]) -> dict[Where, tuple[Rule, ...]]:
    """Return the rules of each offer at each of its places; no place: wherever the offer is."""
    found: dict[Where, list[Rule]] = defaultdict(list)
    for line in lines:
        found[line.offer_id, line.place_id].append(line.rule)
    return {where: tuple(rules) for where, rules in found.items()}


def as_found(lines: Iterable[Line]) -> dict[Where, tuple[Rule, ...]]:
    """Return the same as people find it: a date that is moved to another place is a date of that place."""
    found: dict[Where, list[Rule]] = defaultdict(list)
    for line in lines:
        elsewhere = {one.place for one in line.rule.deviations} - {None, line.place_id}
        stays = [_without(one) if one.place in elsewhere else one for one in line.rule.deviations]
        rule = line.rule._replace(deviations=tuple(one for one in stays if one is not None))
        found[line.offer_id, line.place_id].append(rule)
        for one in changes(line.rule).instead if elsewhere else ():
            if one.place in elsewhere:
                # A rule for a single date, which nothing keeps: somebody has set it.
                single = Rule("", one.day, one.starts, one.ends, entry=line.rule.entry, note=one.note)
                found[line.offer_id, one.place].append(single)
    return {where: tuple(rules) for where, rules in found.items()}


def _without(one: Deviation) -> Deviation | None:
    """Return what a date that is elsewhere means where it would have been."""
    return Deviation(Change.CANCELLED, one.on, note=one.note) if one.change is Change.MOVED else None


def timetable(region: Region, rules: Sequence[Rule]) -> Timetable:
    """Return rules as they hold in a region: by its clock and its holidays."""
    return Timetable(tuple(rules), region.timezone, region.state)


def write(
    session: Session, act: Act, offer_id: int, at_place_id: int | None, said: Sequence[ScheduleIn]
) -> bool:
    """Make these the lines of an offer at one of its places; return whether anything has changed.

    A line that stays keeps its row and with it its history.
    """
    rows = session.scalars(
        select(Schedule)
        .where(
            col(Schedule.offer_id) == offer_id,
            col(Schedule.offer_at_place_id).is_not_distinct_from(at_place_id),
        )
        .order_by(col(Schedule.position), col(Schedule.id))
    ).all()
    deviations = _deviation_rows(session, col(ScheduleDeviation.schedule_id).in_([row.id for row in rows]))
    wanted = [{**_values(line), "position": position} for position, line in enumerate(said)]
    pairs, gone = _paired(rows, wanted, ("recurrence", "starts", "ends"))
    for row in gone:
        for deviation in deviations[row.id]:
            history.delete(session, act, deviation)
        history.delete(session, act, row)
    has_changed = bool(gone)
    for line, values, kept in zip(said, wanted, pairs, strict=True):
        if kept is None:
            row = history.create(
                session, act, Schedule(offer_id=offer_id, offer_at_place_id=at_place_id, **values)
            )
        else:
            row = kept
            has_changed |= bool(history.change(session, act, row, values))
        has_changed |= kept is None
        has_changed |= _write_deviations(session, act, row, deviations[row.id], line)
    return has_changed


def create_many(
    session: Session, act: Act, said: Sequence[tuple[int, int | None, Sequence[ScheduleIn]]]
) -> None:
    """Write the lines of many offers that have none yet: for each offer and OfferAtPlace its lines."""
    rows = [
        {"offer_id": offer_id, "offer_at_place_id": at_place_id, **_values(line), "position": position}
        for offer_id, at_place_id, lines in said
        for position, line in enumerate(lines)
    ]
    ids = history.create_many(session, act, Schedule, rows)
    lines = [(offer_id, line) for offer_id, _, lines in said for line in lines]
    deviations = [
        {"offer_id": offer_id, "schedule_id": number, **values}
        for number, (offer_id, line) in zip(ids, lines, strict=True)
        for values in _deviation_values(line)
    ]
    history.create_many(session, act, ScheduleDeviation, deviations)


def _write_deviations(
    session: Session, act: Act, row: Schedule, known: Sequence[ScheduleDeviation], line: ScheduleIn
) -> bool:
    wanted = _deviation_values(line)
    pairs, gone = _paired(known, wanted, ("day",))
    for one in gone:
        history.delete(session, act, one)
    has_changed = bool(gone)
    for values, kept in zip(wanted, pairs, strict=True):
        if kept is None:
            new = ScheduleDeviation(offer_id=row.offer_id, schedule_id=row.id, **values)
            history.create(session, act, new)
        has_changed |= kept is None or bool(history.change(session, act, kept, values))
    return has_changed


def _paired(
    rows: Sequence[Row], wanted: Sequence[dict[str, Any]], by: Sequence[str]
) -> tuple[list[Row | None], list[Row]]:
    """Return for each entry that is wanted the row it continues, if any, and the rows that go.

    What is called the same continues, so that a line in the middle can go without changing the others; what
    is left continues in its order.
    """
    left = list(rows)
    pairs: list[Row | None] = []
    for values in wanted:
        same = next((row for row in left if all(getattr(row, name) == values[name] for name in by)), None)
        if same is not None:
            left.remove(same)
        pairs.append(same)
    return [pair or (left.pop(0) if left else None) for pair in pairs], left


def _values(line: ScheduleIn) -> dict[str, Any]:
    said = {name: getattr(line, name) for name in _SAME}
    return {**said, "closures": [closure.model_dump(mode="json") for closure in line.closures]}


def _deviation_values(line: ScheduleIn) -> list[dict[str, Any]]:
    return [
        {
            "change": one.change,
            "day": one.on,
            "day_to": one.to,
            "starts": one.starts,
            "ends": one.ends,
            "place_id": one.place,
            "note": one.note,
        }
        for one in line.deviations
    ]


def _deviation_rows(session: Session, which: ColumnElement[bool]) -> dict[int, list[ScheduleDeviation]]:
    """Return deviations by the id of their schedule."""
    found: dict[int, list[ScheduleDeviation]] = defaultdict(list)
    for row in session.scalars(select(ScheduleDeviation).where(which).order_by(col(ScheduleDeviation.id))):
        found[row.schedule_id].append(row)
    return found


def _deviations(session: Session, offer_ids: Sequence[int]) -> dict[int, list[Deviation]]:
    rows = _deviation_rows(session, col(ScheduleDeviation.offer_id).in_(list(offer_ids)))
    return {
        schedule_id: [
            Deviation(row.change, row.day, row.day_to, row.starts, row.ends, row.place_id, row.note)
            for row in deviations
        ]
        for schedule_id, deviations in rows.items()
    }


def _rule(row: Schedule, deviations: Sequence[Deviation]) -> Rule:
    closures = (Closure(**ClosureIn.model_validate(one).model_dump()) for one in row.closures)
    said = {name: getattr(row, name) for name in _SAME}
    return Rule(**said, closures=tuple(closures), deviations=tuple(deviations))
