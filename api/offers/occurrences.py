"""The single dates of an offer: when, where, and what is different."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import FieldError, InvalidInputError
from api.offers import queries, redirects
from api.offers.models import Offer
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.models import Schedule
from api.schedules.schemas import LeftOutOut, OccurrenceOut, OccurrencesOut, OccurrencesQuery
from api.schedules.timetable import Occurrence, Timetable

MOST_DAYS = 366
USUAL_DAYS = 28
FURTHEST = date(2200, 12, 31)


def between(session: Session, region: Region, offer_id: int, query: OccurrencesQuery) -> OccurrencesOut:
    """Return the dates of a published offer on some days, and what is left out on them.

    Raises NotFoundError, MovedError, and InvalidInputError for days that are too many or in the wrong order.
    """
    first = query.first or clock.today(region.timezone)
    last = query.last or min(first + timedelta(days=USUAL_DAYS - 1), FURTHEST)
    if last < first:
        raise InvalidInputError("to must not be before from.", [FieldError("to", "Must not be before from")])
    if (last - first).days >= MOST_DAYS:
        detail = f"Must be within {MOST_DAYS} days from from"
        raise InvalidInputError(f"to: {detail}.", [FieldError("to", detail)])
    hours = _hours(session, region, offer_id)
    begin, end = _bounds(region, first, last)
    dates = [
        _out(one, place)
        for place, timetable in hours.items()
        for one in timetable.between(begin, end)
        if one.starts >= begin  # what still runs from the day before has its own day
    ]
    left_out = [
        LeftOutOut(on=one.on, place_id=place, why=one.why, name=one.name)
        for place, timetable in hours.items()
        for one in timetable.left_out(first, last)
    ]
    return OccurrencesOut(
        first=first,
        last=last,
        occurrences=sorted(dates, key=lambda one: (one.starts, one.place_id or 0)),
        left_out=sorted(left_out, key=lambda one: (one.on, one.place_id or 0)),
    )


def coming(session: Session, region: Region, offer_id: int, count: int) -> list[OccurrenceOut]:
    """Return the next dates of a published offer at all its places, those that are running first."""
    now = clock.now()
    found = []
    for place, timetable in _hours(session, region, offer_id).items():
        running = [one for one in timetable.between(now, now + timedelta(minutes=1)) if one.starts <= now]
        found += [_out(one, place) for one in (*running, *timetable.after(now, count))]
    return sorted(found, key=lambda one: (one.starts, one.place_id or 0))[:count]


def with_hours(session: Session, ids: Sequence[int], organization_id: int | None = None) -> list[int]:
    """Return those offers whose hours are known, and of one provider only if said, in their order."""
    known = select(col(Offer.id)).where(
        col(Offer.id) == func.any(literal(list(ids), ARRAY(BigInteger))),
        col(Offer.id).in_(select(col(Schedule.offer_id))),
        true() if organization_id is None else col(Offer.organization_id) == organization_id,
    )
    found = set(session.scalars(known))
    return [offer_id for offer_id in ids if offer_id in found]


def of_all(
    session: Session, region: Region, ids: Sequence[int], first: date, last: date
) -> list[tuple[int, OccurrenceOut]]:
    """Return the dates of several offers that begin on some days, both included, in their order."""
    begin, end = _bounds(region, first, last)
    dates = [
        (offer_id, _out(one, place))
        for (offer_id, place), rules in schedules.as_agreed(schedules.lines(session, ids)).items()
        for one in schedules.timetable(region, rules).between(begin, end)
        if one.starts >= begin
    ]
    return sorted(dates, key=lambda pair: (pair[1].starts, pair[1].ends or pair[1].starts, *pair[:1]))


def _bounds(region: Region, first: date, last: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(region.timezone)
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def _hours(session: Session, region: Region, offer_id: int) -> dict[int | None, Timetable]:
    found = session.scalar(
        select(col(Offer.id)).where(queries.published(region.id), col(Offer.id) == offer_id)
    )
    if found is None:
        raise redirects.missing(session, region.id, offer_id)
    rules = schedules.as_agreed(schedules.lines(session, [offer_id]))
    return {place_id: schedules.timetable(region, lines) for (_, place_id), lines in rules.items()}


def _out(one: Occurrence, usual: int | None) -> OccurrenceOut:
    return OccurrenceOut(
        starts=one.starts,
        ends=one.ends,
        place_id=one.place if one.place is not None else usual,
        usual_place_id=usual,
        on=one.on,
        change=one.change,
        certain=one.certain,
        note=one.note,
    )
