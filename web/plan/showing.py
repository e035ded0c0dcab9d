"""Plans as the page shows them: days and hours in words, numbers for pins, and what each visit is for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from api.core import clock
from api.offers.schemas import OfferSummary
from api.places.schemas import PlaceOut
from api.plans.schemas import Plan, Plans, Trip, Visit, WorryOut
from api.regions.models import Region
from api.schedules.saying import states, times
from api.schedules.saying.voice import voice
from web.plan.form import Form

Shown = dict[str, Any]

# Ways in for which somebody has to be spoken to: nobody can say when to be there.
NEEDS_A_WORD: Final = frozenset({"appointment", "call_first", "referral"})


class Speaker(NamedTuple):
    """Says days and hours of a region in a language."""

    region: Region
    locale: str

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the region's clocks."""
        return ZoneInfo(self.region.timezone)

    def day(self, on: Any) -> str:  # noqa: ANN401 - date
        """Return „Dienstag, 24. November“."""
        return states.day(self.locale, on, clock.today(self.region.timezone))

    def at(self, instant: datetime) -> str:
        """Return „9 Uhr“."""
        return times.at(voice(self.locale), instant.astimezone(self.zone).time())

    def hours(self, opens: datetime, closes: datetime | None) -> str:
        """Return „9–12 Uhr“ or „ab 9 Uhr“."""
        ends = closes.astimezone(self.zone).time() if closes else None
        return states.hours(self.locale, opens.astimezone(self.zone).time(), ends)


def plan_shown(plan: Plan, speaker: Speaker) -> Shown:
    """Return a whole plan: trips with stops and visits, numbered in their order, and what comes home."""
    numbers = iter(range(1, 1000))
    return {
        **summary(plan, speaker),
        "trips": [_trip(trip, speaker, numbers) for trip in plan.trips],
        "at_home": [_visit(visit, speaker, None) for visit in plan.at_home],
    }


def summary(plan: Plan, speaker: Speaker) -> Shown:
    """Return what is said of a plan before it is looked at."""
    visits = [visit for trip in plan.trips for stop in trip.stops for visit in stop.visits]
    return {
        "ways": len(plan.trips),
        "roofs": sum(len(trip.stops) for trip in plan.trips),
        "home": len(plan.at_home),
        "metres": plan.metres if plan.trips else None,
        "done": speaker.day(plan.done_on) if plan.done_on and plan.trips else "",
        "is_promised": not any(visit.offer.access in NEEDS_A_WORD for visit in visits),
        "is_one_day": len({trip.day for trip in plan.trips}) == 1 and plan.done_on is not None,
        "strengths": [strength.value for strength in plan.strengths],
        "uncovered": plan.uncovered,
        "houses": [
            (
                speaker.day(trip.day) if trip.day else "",
                [_house(_place(visits[0])) for visits in _by_stop(trip)],
            )
            for trip in plan.trips
        ],
        "answered": len({worry for visit in (*visits, *plan.at_home) for worry in visit.worries}),
    }


def points(plan: Plan) -> list[Shown]:
    """Return the points of a plan as js/map/points.js hands them to the map."""
    return [
        {
            "offer": visit.offer.id,
            "place": visit.place_id,
            "topic": visit.offer.topics[0].slug if visit.offer.topics else None,
            "latlng": [stop.lat, stop.lon],
        }
        for trip in plan.trips
        for stop in trip.stops
        for visit in stop.visits
    ]


def entries(plan: Plan) -> list[str]:
    """Return what a referral list is made of: "offer.place", or "offer" for what has no place to go to."""
    visits = [visit for trip in plan.trips for stop in trip.stops for visit in stop.visits]
    return [
        f"{visit.offer.id}.{visit.place_id}" if visit.place_id else f"{visit.offer.id}"
        for visit in (*visits, *plan.at_home)
    ]


def worries_shown(
    found: Plans, plan: Plan | None, chosen: Sequence[int | None], speaker: Speaker
) -> list[Shown]:
    """Return each worry with what answers it in the plan, why nothing does, and what else there is.

    chosen: the offer that somebody has chosen for each, if any.
    """
    return [_worry(at, worry, plan, chosen[at], speaker) for at, worry in enumerate(found.worries)]


def still_chosen(form: Form, found: Plans) -> Form:
    """Return the form without offers that are not there any more: the plans answer with something else."""
    if not found.plans:
        return form
    answers = {(at, visit.offer.id) for visit in _visits(found.plans[0]) for at in visit.worries}
    answered = {at for at, _offer in answers}
    rows = (
        row._replace(offer="")
        if row.offer and at in answered and (at, int(row.offer)) not in answers
        else row
        for at, row in enumerate(form.rows)
    )
    return form._replace(rows=tuple(rows))


def _worry(at: int, worry: WorryOut, plan: Plan | None, chosen: int | None, speaker: Speaker) -> Shown:
    answers = [visit.offer for visit in _visits(plan) if at in visit.worries] if plan else []
    taken = {offer.id for offer in answers}
    return {
        "number": at + 1,
        "answers": answers,
        "is_chosen": chosen is not None and chosen in taken,
        # Something else answers it all the same: what was chosen is not there any more.
        "is_gone": chosen is not None and bool(taken) and chosen not in taken,
        "was_chosen": chosen is not None,
        "gap": worry.gap.value if worry.gap else None,
        "without_conditions": worry.without_conditions,
        "others": [
            {
                "offer": other.offer,
                "place": _place_of(other.offer, other.place_id),
                "metres": other.metres,
                "day": speaker.day(other.next_on) if other.next_on else "",
                "way": other.way,
                "doubts": [doubt.value for doubt in other.doubts],
            }
            for other in worry.others
            if other.offer.id not in taken
        ],
    }


def _visits(plan: Plan) -> Iterator[Visit]:
    for trip in plan.trips:
        for stop in trip.stops:
            yield from stop.visits
    yield from plan.at_home


def _by_stop(trip: Trip) -> list[list[Visit]]:
    return [stop.visits for stop in trip.stops]


def _trip(trip: Trip, speaker: Speaker, numbers: Iterator[int]) -> Shown:
    visits = [visit for stop in trip.stops for visit in stop.visits]
    return {
        "day": speaker.day(trip.day) if trip.day else "",
        "iso": trip.day.isoformat() if trip.day else "",
        "metres": trip.metres,
        "worries": len({worry for visit in visits for worry in visit.worries}),
        "offers": len(visits),
        "stops": [
            {
                "place": _place(stop.visits[0]),
                "house": _house(_place(stop.visits[0])),
                "metres": stop.metres,
                "visits": [_visit(visit, speaker, next(numbers)) for visit in stop.visits],
            }
            for stop in trip.stops
        ],
    }


def _visit(visit: Visit, speaker: Speaker, number: int | None) -> Shown:
    return {
        "offer": visit.offer,
        "number": number,
        "worries": visit.worries,
        "starts": speaker.at(visit.starts) if visit.starts else "",
        "iso": visit.starts.astimezone(speaker.zone).isoformat() if visit.starts else "",
        "day": speaker.day(visit.starts.astimezone(speaker.zone).date()) if visit.starts else "",
        "hours": speaker.hours(visit.opens, visit.closes) if visit.opens else "",
        "is_certain": visit.certain,
        "unknown_holidays": states.holidays_unknown(speaker.locale),
        "note": visit.note,
        "doubts": [doubt.value for doubt in visit.doubts],
    }


def _place(visit: Visit) -> PlaceOut | None:
    return _place_of(visit.offer, visit.place_id)


def _place_of(offer: OfferSummary, place_id: int | None) -> PlaceOut | None:
    return next((place for place in offer.places if place.id == place_id), None)


def _house(place: PlaceOut | None) -> str:
    """Return by what people know a house: its name, else its street."""
    return (place.name or place.street or place.town or "") if place else ""
