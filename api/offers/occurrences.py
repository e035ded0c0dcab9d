"""The single dates of an offer: when, where, and what is different."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import FieldError, InvalidInputError, NotFoundError
from api.offers import queries, reading
from api.offers.models import Offer
from api.regions.models import Region
from api.schedules.schemas import LeftOutOut, OccurrenceOut, OccurrencesOut, OccurrencesQuery
from api.schedules.timetable import Occurrence, Timetable

MOST_DAYS = 366
USUAL_DAYS = 28
FURTHEST = date(2200, 12, 31)


def between(session: Session, region: Region, offer_id: int, query: OccurrencesQuery) -> OccurrencesOut:
    """Return the dates of a published offer on some days, and what is left out on them.

    Raises NotFoundError, and InvalidInputError for days that are too many or in the wrong order.
    """
    first = query.first or clock.today(region.timezone)
    last = query.last or min(first + timedelta(days=USUAL_DAYS - 1), FURTHEST)
    if last < first:
        raise InvalidInputError("to must not be before from.", [FieldError("to", "Must not be before from")])
    if (last - first).days >= MOST_DAYS:
        detail = f"Must be within {MOST_DAYS} days from from"
        raise InvalidInputError(f"to: {detail}.", [FieldError("to", detail)])
    hours = _hours(session, region, offer_id)
    zone = ZoneInfo(region.timezone)
    begin = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
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


def _hours(session: Session, region: Region, offer_id: int) -> dict[int | None, Timetable]:
    found = session.scalar(
        select(col(Offer.id)).where(queries.published(region.id), col(Offer.id) == offer_id)
    )
    if found is None:
        raise NotFoundError("This offer does not exist or is not public.")
    hours = reading.timetables(session, region, [offer_id])
    return {place_id: timetable for (_, place_id), timetable in hours.items()}


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
