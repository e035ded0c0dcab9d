"""What pages say of hours: now, next, and as a rule; unknown is said as unknown."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from api.core import clock
from api.offers import occurrences
from api.offers.schemas import OfferOut
from api.places.schemas import PlaceOut
from api.regions.models import Region
from api.schedules import saying
from api.schedules import service as schedules
from api.schedules.saying import states
from api.schedules.schemas import HoursOut, OccurrenceOut
from api.schedules.timetable import State

NEXT = 3  # dates on the page of an offer


class Now(NamedTuple):
    """What can be said of an offer just now: a sentence, and whether it is open."""

    text: str
    is_open: bool


def now_of(
    anywhere: HoursOut | None, all_places: Sequence[PlaceOut], region: Region, locale: str
) -> Now | None:
    """Return what a list says of an offer's hours now; None: they are known as a text at most.

    Of several places the one counts that is open, else the one that opens first; those that answer the wish
    go before others.
    """
    places = [place for place in all_places if place.matches] or all_places
    known = [hours for hours in (anywhere, *(place.hours for place in places)) if hours is not None]
    if not known:
        return None
    zone = ZoneInfo(region.timezone)
    now = clock.now().astimezone(zone)
    best = min(
        known, key=lambda hours: (_RANK[hours.state], hours.until or datetime.max.replace(tzinfo=zone))
    )
    return Now(_said(best, locale, now, zone), best.state == State.OPEN)


_RANK = {State.OPEN: 0, State.UNKNOWN: 1, State.CLOSED: 2}


def _said(hours: HoursOut, locale: str, now: datetime, zone: ZoneInfo) -> str:
    until = hours.until.astimezone(zone) if hours.until else None
    if hours.state == State.OPEN:
        text = states.open_until(locale, now, until)
    elif until is None:
        text = states.no_more_dates(locale)
    else:
        text = states.opens(locale, now, until)
    return text if hours.certain else f"{text} ({states.holidays_unknown(locale)})"


class Place(NamedTuple):
    """The hours of an offer at one of its places, as its page shows them."""

    place: PlaceOut | None  # None: wherever the offer is
    now: Now
    lines: list[str]  # as a rule


def places_of(session: Session, region: Region, offer: OfferOut, locale: str) -> list[Place]:
    """Return the hours of an offer, place by place, for places whose hours are known."""
    zone = ZoneInfo(region.timezone)
    now = clock.now().astimezone(zone)
    agreed = schedules.as_agreed(schedules.lines(session, [offer.id]))
    found = []
    for place, hours in ((None, offer.hours), *((place, place.hours) for place in offer.places)):
        rules = agreed.get((offer.id, place.id if place else None))
        if hours is not None and rules:
            text = Now(_said(hours, locale, now, zone), hours.state == State.OPEN)
            found.append(Place(place, text, saying.say(rules, locale, now.date())))
    return found


def next_dates(session: Session, region: Region, offer: OfferOut, locale: str) -> list[dict[str, Any]]:
    """Return the next dates of an offer, each with its day, its hours, where, and what is different."""
    today = clock.today(region.timezone)
    zone = ZoneInfo(region.timezone)
    names = {place.id: place.name or place.street or "" for place in offer.places}
    return [
        {
            "iso": one.starts.astimezone(zone).isoformat(),
            "day": states.day(locale, one.starts.astimezone(zone).date(), today),
            "hours": states.hours(
                locale,
                one.starts.astimezone(zone).time(),
                one.ends.astimezone(zone).time() if one.ends else None,
            ),
            "place": names.get(one.place_id or 0, "") if len(offer.places) > 1 else "",
            "different": different(one, locale, today, names),
            "note": one.note,
        }
        for one in occurrences.coming(session, region, offer.id, NEXT)
    ]


def different(one: OccurrenceOut, locale: str, today: date, names: Mapping[int, str]) -> list[str]:
    """Return what is different about a date; names: of places by their ids."""
    said = []
    if one.change == "extra":
        said.append(states.extra(locale))  # noqa: S610 - no query of Django
    elif one.change == "moved" and one.on != one.starts.date():
        said.append(states.moved_from(locale, one.on, today))
    if one.place_id is not None and one.place_id != one.usual_place_id:
        said.append(states.other_place(locale, names.get(one.place_id, "")))
    if not one.certain:
        said.append(states.holidays_unknown(locale))
    return said
