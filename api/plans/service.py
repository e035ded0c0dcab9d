"""From a family's question to a few plans; nothing of either is kept."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from sqlmodel import Session

from api.offers import reading
from api.offers.schemas import OfferSummary
from api.plans import schemas, worries
from api.plans.candidates import Candidates, gather
from api.plans.hours import Times
from api.plans.outings import VISIT_MINUTES, Option, Outing, Window
from api.plans.outings import Stop as Chosen
from api.plans.schemas import MOST_OTHERS, Other, PlanQuestion, Plans, Strength, WorryOut
from api.plans.solving import HORIZON, Solution, solve
from api.plans.spots import Spot
from api.plans.starting import start
from api.regions.models import Region
from api.search.shelf import Shelf
from api.search.shelves import Shelves

MOST_PLANS: Final = 4
STEP_METRES: Final = 10


def plan(session: Session, region: Region, question: PlanQuestion, shelves: Shelves | None) -> Plans:
    """Return the plans that answer a question. Raises InvalidInputError that names the field."""
    shelf = shelves.at(region) if shelves else None
    here = start(session, region, question)
    known = worries.known(session, region, question, shelf)
    times = Times(known.table, region.timezone, question.weekdays, question.parts)
    found = gather(known, question, here, times)
    solved = _few(solve(len(question.worries), found.options, found.between))
    answering = [int(answer.rows.sum()) for answer in known.answers]
    return _Telling(session, region, found, shelf).told(solved, answering)


def _few(found: Sequence[Solution]) -> list[tuple[Solution, list[Strength]]]:
    """Return the best of the plans in each respect and what is in between, the fewest ways first."""
    ordered = sorted(
        found, key=lambda one: (one.cost.trips, one.stops, one.cost.metres, one.cost.day, one.friction)
    )
    best = {
        Strength.FEWEST_TRIPS: min(ordered, key=lambda one: one.cost.trips),
        Strength.SHORTEST_WAY: min(ordered, key=lambda one: one.cost.metres),
        Strength.SOONEST: min(ordered, key=lambda one: one.cost.day),
        Strength.EVERYDAY: min(ordered, key=lambda one: one.cost.level),
    }
    first = list(dict.fromkeys(id(one) for one in best.values()))
    kept = [one for one in ordered if id(one) in first]
    kept += [one for one in ordered if id(one) not in first][: max(0, MOST_PLANS - len(kept))]
    kept.sort(key=ordered.index)
    return [(one, _strengths(one, found)) for one in kept]


def _strengths(one: Solution, found: Sequence[Solution]) -> list[Strength]:
    """Return in what a plan is better than some other; one that is alone has none."""
    costs = {
        Strength.FEWEST_TRIPS: [other.cost.trips for other in found],
        Strength.SHORTEST_WAY: [other.cost.metres for other in found],
        Strength.SOONEST: [other.cost.day for other in found],
        Strength.EVERYDAY: [other.cost.level for other in found],
    }
    mine = dict(zip(costs, one.cost, strict=True))
    return [name for name, every in costs.items() if mine[name] == min(every) < max(every)]


class _Telling:
    """Says what was found in the words of the API."""

    def __init__(self, session: Session, region: Region, found: Candidates, shelf: Shelf | None) -> None:
        self.session, self.region, self.shelf = session, region, shelf
        self.found, self.question, self.table = found, found.question, found.table
        self.here, self.times = found.start, found.times
        self.offers: Mapping[int, OfferSummary] = {}

    def told(self, solved: Sequence[tuple[Solution, list[Strength]]], answering: Sequence[int]) -> Plans:
        others = [spots[:MOST_OTHERS] for spots in self.found.others]
        ids = {self._id(spot) for spots in others for spot in spots}
        ids |= {option.offer for one, _ in solved for option in _options(one)}
        self.offers = self._read(sorted(ids))
        return Plans(
            worries=[
                WorryOut(
                    topic=worry.topic,
                    words=worry.words,
                    found=self.found.found[number],
                    gap=self.found.gaps[number],
                    without_conditions=answering[number],
                    others=[self._other(spot) for spot in others[number] if self._id(spot) in self.offers],
                )
                for number, worry in enumerate(self.question.worries)
            ],
            plans=[self._plan(one, strengths) for one, strengths in solved if one.worries],
            first=self.times.today,
            last=self.times.last,
        )

    def _id(self, spot: Spot) -> int:
        return int(self.table.ids[spot.row])

    def _read(self, ids: Sequence[int]) -> dict[int, OfferSummary]:
        if self.shelf is None:
            offers = reading.summaries(self.session, self.region, ids)
        else:
            cards = self.shelf.cards.of(self.session, self.region, ids)
            offers = [OfferSummary.model_validate_json(card.json) for card in cards]
        return {offer.id: offer for offer in offers}

    def _plan(self, one: Solution, strengths: list[Strength]) -> schemas.Plan:
        dated = sorted((way for way in one.outings if way.day is not None), key=lambda way: way.day or 0)
        ways = [*dated, *(way for way in one.outings if way.day is None)]
        levels = {option.worry: self.offers[option.offer].resource_level for option in _options(one)}
        every = range(len(self.question.worries))
        last = None if one.cost.day >= HORIZON else self.times.today + timedelta(days=one.cost.day)
        return schemas.Plan(
            trips=[self._trip(way) for way in ways],
            at_home=[self._visit(options, None, None) for options in _together(one.at_home)],
            metres=None if self.here.point is None else _rounded(one.cost.metres),
            done_on=last,
            resource_levels=[levels.get(number, 0) for number in every],
            uncovered=[n for n in every if not one.worries >> n & 1 and self.found.gaps[n] is None],
            strengths=strengths,
        )

    def _trip(self, way: Outing) -> schemas.Trip:
        stops = []
        for number, stop in enumerate(way.stops):
            pair = sorted((way.stops[number - 1].roof, stop.roof)) if number else None
            lon, lat = self.found.points[stop.roof]
            walked = _rounded(self.found.between[pair[0], pair[1]]) if pair else 0
            stops.append(schemas.Stop(lon=lon, lat=lat, metres=walked, visits=self._visits(way, stop)))
        day = None if way.day is None else self.times.today + timedelta(days=way.day)
        metres = None if self.here.point is None else _rounded(way.metres)
        return schemas.Trip(day=day, metres=metres, stops=stops)

    def _visits(self, way: Outing, stop: Chosen) -> list[schemas.Visit]:
        together = _together(stop.options)
        together.sort(key=lambda options: stop.begins.get(options[0].visit, 10_000))
        return [self._visit(options, way.day, stop.begins.get(options[0].visit)) for options in together]

    def _visit(self, options: Sequence[Option], day: int | None, begins: int | None) -> schemas.Visit:
        spot = self.found.spots[options[0].visit]
        visit = schemas.Visit(
            offer=self.offers[self._id(spot)],
            place_id=spot.place_id,
            worries=sorted(option.worry for option in options),
            starts=None,
            ends=None,
            opens=None,
            closes=None,
            certain=True,
            note="",
            doubts=list(spot.doubts),
        )
        if day is None or begins is None:
            return visit
        window = _around(spot.fitting, day, begins)
        hours = self.times.date(spot.row, spot.place_id, day, begins)
        stays = min(VISIT_MINUTES, window.closes - window.opens)
        return visit.model_copy(
            update={
                "starts": self.times.moment(day, begins),
                "ends": self.times.moment(day, begins + stays),
                "opens": hours.starts,
                "closes": hours.ends,
                "certain": hours.certain,
                "note": hours.note,
            }
        )

    def _other(self, spot: Spot) -> Other:
        metres = None
        if spot.at is not None and self.here.point is not None:
            metres = _rounded(float(self.found.metres[spot.at]))
        way = "visit" if spot.at is not None else "home" if self.table.outreach[spot.row] else "phone"
        next_on = None
        if spot.fitting:
            next_on = self.times.today + timedelta(days=spot.fitting[0].day)
        return Other(
            offer=self.offers[self._id(spot)],
            place_id=spot.place_id,
            metres=metres,
            next_on=next_on,
            way=way,
            doubts=list(spot.doubts),
        )


def _options(one: Solution) -> list[Option]:
    away = [option for way in one.outings for stop in way.stops for option in stop.options]
    return [*one.at_home, *away]


def _together(options: Sequence[Option]) -> list[list[Option]]:
    """Return options by what is visited once, in their order."""
    found: dict[tuple[int, int | None], list[Option]] = {}
    for option in options:
        found.setdefault(option.visit, []).append(option)
    return list(found.values())


def _around(fitting: Sequence[Window], day: int, begins: int) -> Window:
    """Return the hours in which a visit begins so that it can stay."""
    return next(
        one
        for one in fitting
        if one.day == day
        and one.opens <= begins
        and begins + min(VISIT_MINUTES, one.closes - one.opens) <= one.closes
    )


def _rounded(metres: float) -> int:
    return round(metres / STEP_METRES) * STEP_METRES
