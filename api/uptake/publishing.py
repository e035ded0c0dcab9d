"""A month becomes numbers that everybody may read: once, when it is over, and never again."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from api.core import clock
from api.regions.models import Region
from api.taxonomy.models import Topic
from api.uptake import queries, rules
from api.uptake.models import REST, Event, Part, UptakeCell, UptakeCount, UptakeMonth
from api.uptake.rules import Cell

# Every process has written what it counted before midnight.
WAIT: Final = timedelta(days=1)


def publish_all(session: Session) -> None:
    """Publish in every region the months that are over."""
    for region in session.scalars(select(Region).order_by(col(Region.id))):
        for month_on in due(session, region):
            publish(session, region, month_on)


def due(session: Session, region: Region) -> list[date]:
    """Return the months that are over and not published, from the first that was ever counted on."""
    known = set(session.scalars(select(col(UptakeMonth.month_on)).where(_of(UptakeMonth, region))))
    first_day = session.scalar(select(func.min(col(UptakeCount.day_on))).where(_of(UptakeCount, region)))
    begun = [*known, *([first_day.replace(day=1)] if first_day else [])]
    if not begun:
        return []
    until = (clock.today(region.timezone) - WAIT).replace(day=1)
    return [month for month in _months(min(begun), until) if month not in known]


def publish(session: Session, region: Region, month_on: date) -> None:
    """Write what is shown of a month and delete its days; of two processes only one does it."""
    row = {"region_id": region.id, "month_on": month_on, "published_at": clock.now()}
    ours = insert(UptakeMonth).values(row).on_conflict_do_nothing().returning(col(UptakeMonth.month_on))
    if session.scalar(ours) is None:
        return
    span = {"region": region.id, "first": month_on, "next": following(month_on)}
    shown = rules.publish(_counts(session, span))
    listed = [number for cell, number in shown.items() if cell.event == Event.LISTED]
    cases = rules.publish_cases({row.id: row.number for row in session.execute(queries.CASES, span)}, listed)
    session.add_all(
        UptakeCell(
            region_id=region.id,
            month_on=month_on,
            part=Part.REST if cell.space_key == REST else Part.CELL,
            event=cell.event,
            topic=cell.topic,
            space_key=cell.space_key,
            below=rules.shown_from(cell.topic),
            number=number,
        )
        for cell, number in shown.items()
    )
    session.add_all(
        UptakeCell(
            region_id=region.id,
            month_on=month_on,
            part=Part.CASE,
            event=Event.LISTED,
            case_type_id=case_type_id,
            below=rules.SHOWN_FROM_IF_SENSITIVE,
            number=number,
        )
        for case_type_id, number in cases.items()
    )
    session.execute(
        delete(UptakeCount).where(
            _of(UptakeCount, region),
            col(UptakeCount.day_on) >= span["first"],
            col(UptakeCount.day_on) < span["next"],
        )
    )
    session.flush()


def following(month_on: date) -> date:
    """Return the first day of the next month."""
    return (month_on.replace(day=28) + timedelta(days=4)).replace(day=1)


def _counts(session: Session, span: dict[str, object]) -> dict[Cell, int]:
    """Return the number of every cell in which there was an offer; of the others all know it."""
    parents = _parents(session)
    leaves = {
        row.id: (rules.topic_of(row.topics, parents), row.space_key)
        for row in session.execute(queries.OFFERS, span)
    }
    found = {Cell(event, *leaf): 0 for event in Event for leaf in sorted(set(leaves.values()))}
    for row in session.execute(queries.SUMS, span):
        found[Cell(Event(row.event), *leaves[row.offer_id])] += row.number
    return found


def _parents(session: Session) -> dict[str, str]:
    topics = list(session.scalars(select(Topic)))
    slugs = {topic.id: topic.slug for topic in topics}
    return {topic.slug: slugs[topic.parent_id] for topic in topics if topic.parent_id}


def _months(first: date, until: date) -> Iterator[date]:
    while first < until:
        yield first
        first = following(first)


def _of(table: type[UptakeMonth | UptakeCount], region: Region) -> ColumnElement[bool]:
    return col(table.region_id) == region.id
