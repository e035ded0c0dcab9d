"""Small random worlds, and a plain-Python oracle that says which offers answer a question.

The ground is a strip of eight unit squares, 4 wide and 2 high; places stand in the middle of squares, so no
point lies on a border. A unit is a hundredth of a degree.
"""

from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from typing import Any

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from sqlmodel import Session

from api.offers.schemas import OfferFilter
from api.regions.models import Region
from tests.factories import (
    box,
    make_audience,
    make_division,
    make_offer,
    make_place,
    make_space,
    make_topic,
)

# Every world is written into PostGIS: few examples, the same ones each time.
modest = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)

WEST, SOUTH, UNIT = 13.0, 52.0, 0.01

# key → (level, west, south, east, north) in units
SPACES = {
    "lor:1": (1, 0, 0, 3, 2),
    "lor:11": (2, 0, 0, 2, 2),
    "lor:12": (2, 2, 0, 3, 2),
    "lor:21": (2, 3, 0, 4, 1),
    "plz:1": (1, 0, 0, 4, 1),
    "plz:2": (1, 0, 1, 4, 2),
}
RESIDENT = ["lor:11", "lor:12", "lor:21"]
PARENT = {"lor:11": "lor:1", "lor:12": "lor:1"}
TOPICS = {"geld": None, "schulden": "geld", "antrag": "geld", "kita": None}
AUDIENCES = ["eltern", "kinder"]


@dataclass(frozen=True)
class Spot:
    """A place in the middle of a square, nowhere or hidden."""

    x: float | None
    y: float | None
    hidden: bool

    @property
    def lon(self) -> float | None:
        return None if self.x is None else WEST + UNIT * self.x

    @property
    def lat(self) -> float | None:
        return None if self.y is None else SOUTH + UNIT * self.y

    def is_in(self, key: str) -> bool:
        return _within(self, SPACES[key][1:])


@dataclass
class World:
    """What was made: places, and offers with their values and the numbers of their places."""

    spots: list[Spot]
    offers: list[dict[str, Any]]
    at: list[list[int]]
    ids: list[int] = field(default_factory=list)
    place_ids: list[int] = field(default_factory=list)


def ground(session: Session, region: Region) -> None:
    """Make the divisions, topics and audiences that all worlds share."""
    lor = make_division(session, region)
    plz = make_division(session, region, slug="plz", level_names=["PLZ"], resident_level=None)
    made: dict[str, int] = {}
    for key, (level, *sides) in SPACES.items():
        division = lor if key.startswith("lor") else plz
        outline = box(*_degrees(sides))
        parent = made.get(PARENT.get(key, ""))
        made[key] = make_space(session, division, key[4:], outline, level=level, parent_id=parent).id
    topics = {slug: make_topic(session, slug) for slug, parent in TOPICS.items() if parent is None}
    for slug, coarse in TOPICS.items():
        if coarse is not None:
            make_topic(session, slug, topics[coarse])
    for slug in AUDIENCES:
        make_audience(session, slug)


def settle(session: Session, region: Region, world: World) -> World:
    """Make the places and offers of a world and note their ids."""
    places = [
        make_place(session, region, spot.lon, spot.lat, address_hidden=spot.hidden) for spot in world.spots
    ]
    made = [
        make_offer(session, region, [places[number] for number in numbers], **values)
        for values, numbers in zip(world.offers, world.at, strict=True)
    ]
    world.ids = [offer.id for offer in made]
    world.place_ids = [place.id for place in places]
    return world


def answers(world: World, asked: OfferFilter) -> set[int]:
    """Return the ids of the offers that the oracle finds."""
    return {world.ids[number] for number in range(len(world.offers)) if _answers(world, number, asked)}


def points(world: World, asked: OfferFilter) -> set[tuple[int, int]]:
    """Return (offer id, place id) of the points that the oracle draws."""
    found = answers(world, asked)
    return {
        (offer_id, world.place_ids[number])
        for offer_id, numbers in zip(world.ids, world.at, strict=True)
        for number in numbers
        if offer_id in found
        and _is_public(world.spots[number])
        and _place_answers(world.spots[number], asked)
    }


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance of two points on a ball, right to about half a percent."""
    (lon_a, lat_a), (lon_b, lat_b) = ((radians(x), radians(y)) for x, y in (a, b))
    arc = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(arc))


def _answers(world: World, number: int, asked: OfferFilter) -> bool:
    offer, spots = world.offers[number], [world.spots[n] for n in world.at[number]]
    wanted = {slug for slug, parent in TOPICS.items() if slug in asked.topic or parent in asked.topic}
    young, old = offer["min_age"] or 0, 200 if offer["max_age"] is None else offer["max_age"]
    checks = [
        offer["status"] == "published",
        not asked.topic or bool(wanted & set(offer["topics"])),
        not asked.audience or bool(set(asked.audience) & set(offer["audiences"])),
        asked.age is None or young <= asked.age <= old,
        not asked.cost_free or offer["cost"] in {"free", "covered"},
        not asked.resource_level or offer["resource_level"] in asked.resource_level,
    ]
    if asked.space or asked.bbox or asked.near:
        found_there = any(_place_answers(spot, asked) for spot in spots)
        comes = not (asked.bbox or asked.near) and all(
            _comes_to(offer, spots, keys) for keys in _by_division(asked.space)
        )
        checks.append(found_there or comes)
    return all(checks)


def _place_answers(spot: Spot, asked: OfferFilter) -> bool:
    if not (asked.space or asked.bbox or asked.near):
        return True
    if not _is_public(spot):
        return False
    assert spot.lon is not None
    assert spot.lat is not None
    in_spaces = all(any(spot.is_in(key) for key in keys) for keys in _by_division(asked.space))
    box_ = asked.bbox
    in_box = box_ is None or (box_.west <= spot.lon <= box_.east and box_.south <= spot.lat <= box_.north)
    is_near = asked.near is None or (
        metres((asked.near.lon, asked.near.lat), (spot.lon, spot.lat)) <= (asked.metres or 1000)
    )
    return in_spaces and in_box and is_near


def _comes_to(offer: dict[str, Any], spots: list[Spot], keys: list[str]) -> bool:
    if not offer["serves"]:
        return offer["outreach"] or any(spot.hidden for spot in spots)
    return any(_overlap(served, key) for served in offer["serves"] for key in keys)


def _by_division(keys: list[str]) -> list[list[str]]:
    divisions = {key[:3] for key in keys}
    return [[key for key in keys if key.startswith(division)] for division in divisions]


def _overlap(one: str, two: str) -> bool:
    (_, w1, s1, e1, n1), (_, w2, s2, e2, n2) = SPACES[one], SPACES[two]
    return min(e1, e2) > max(w1, w2) and min(n1, n2) > max(s1, s2)


def _within(spot: Spot, sides: tuple[int, ...]) -> bool:
    west, south, east, north = sides
    return spot.x is not None and spot.y is not None and west < spot.x < east and south < spot.y < north


def _is_public(spot: Spot) -> bool:
    return spot.x is not None and not spot.hidden


def _degrees(sides: list[int]) -> tuple[float, float, float, float]:
    west, south, east, north = sides
    return WEST + UNIT * west, SOUTH + UNIT * south, WEST + UNIT * east, SOUTH + UNIT * north


def _some(values: list[Any], largest: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), max_size=largest, unique=True)


_squares = st.tuples(st.sampled_from([0.5, 1.5, 2.5, 3.5, 5.5]), st.sampled_from([0.5, 1.5]))
_spots = st.builds(
    lambda square, hidden: Spot(square[0], square[1], hidden),
    st.one_of(_squares, _squares, _squares, st.just((None, None))),
    st.sampled_from([False, False, False, True]),
)
_ages = st.sampled_from([(None, None), (6, None), (None, 14), (6, 14), (0, 0), (14, 120)])
_offers = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Angebot", "angebot", "Öffnung", "Zirkel"]),
        "topics": _some(list(TOPICS), 3),
        "audiences": st.lists(st.sampled_from(AUDIENCES), max_size=3),
        "cost": st.sampled_from(["free", "covered", "paid", "unknown"]),
        "resource_level": st.sampled_from([2, 3, 4]),
        "outreach": st.sampled_from([False, False, True]),
        "serves": st.one_of(st.just([]), _some(list(SPACES))),
        "status": st.sampled_from(["published"] * 6 + ["draft", "in_review", "paused", "archived"]),
        "ages": _ages,
    }
).map(lambda values: {**values, "min_age": values["ages"][0], "max_age": values.pop("ages")[1]})


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to four places and six offers, each at up to three of the places."""
    spots = draw(st.lists(_spots, min_size=2, max_size=4))
    offers = draw(st.lists(_offers, min_size=3, max_size=6))
    numbers = st.lists(st.integers(0, len(spots) - 1), max_size=3, unique=True)
    return World(spots, offers, [draw(numbers) for _offer in offers])


def _clear_of_borders(asked: OfferFilter) -> bool:
    """Tell whether no place can stand so near to the circle that ball and ellipsoid disagree."""
    if asked.near is None:
        return True
    radius = asked.metres or 1000
    centres = [(WEST + UNIT * x, SOUTH + UNIT * y) for x in (0.5, 1.5, 2.5, 3.5, 5.5) for y in (0.5, 1.5)]
    return all(
        abs(metres((asked.near.lon, asked.near.lat), centre) - radius) > 0.01 * radius for centre in centres
    )


_corners = st.tuples(st.integers(-1, 6), st.integers(-1, 3), st.integers(0, 7), st.integers(0, 4)).map(
    lambda c: (min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2]), max(c[1], c[3]))
)
_values: dict[str, st.SearchStrategy[Any]] = {
    "space": _some(list(SPACES), 3),
    "topic": _some(list(TOPICS)),
    "audience": _some(AUDIENCES),
    "age": st.sampled_from([0, 5, 6, 14, 15, 120]),
    "cost_free": st.booleans(),
    "resource_level": _some([2, 3, 4]),
    "bbox": _corners.map(lambda c: ",".join(str(round(d, 6)) for d in _degrees(list(c)))),
    "near": st.sampled_from(["13.005,52.005", "13.02,52.01", "13.04,52.0"]),
}


@st.composite
def questions(draw: st.DrawFn) -> OfferFilter:
    """One to three conditions: with more of them hardly anything would be found."""
    names = draw(st.lists(st.sampled_from(sorted(_values)), min_size=1, max_size=3, unique=True))
    said = {name: draw(_values[name]) for name in names}
    if "near" in said:
        said["metres"] = draw(st.sampled_from([None, 100, 800, 1700, 4000]))
    asked = OfferFilter.model_validate(said)
    assume(_clear_of_borders(asked))
    return asked
