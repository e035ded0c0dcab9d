"""Random small worlds: what is found, counted and drawn is what a plain-Python oracle says."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from api.offers import facets, map_points, service
from api.offers.schemas import OfferFilter, OfferQuery
from api.regions.models import Region
from tests.factories import make_offer, make_place
from tests.offers import worlds
from tests.offers.worlds import World
from tests.points import unpacked

modest = settings(worlds.modest, max_examples=10)
Questions = st.lists(worlds.questions(), min_size=4, max_size=4)


@pytest.fixture(autouse=True)
def _ground(session: Session, region: Region) -> None:
    worlds.ground(session, region)


def found(session: Session, region: Region, asked: OfferFilter, **more: Any) -> list[int]:
    """Return the ids on all pages of two, after checking that every page says the same total."""
    ids: list[int] = []
    totals, page = set(), 1
    while True:
        query = OfferQuery(**{**dict(asked), "page": page, "per_page": 2, **more})
        answer = service.find(session, region, query)
        totals.add(answer.total)
        if not answer.results:
            break
        ids += [offer.id for offer in answer.results]
        page += 1
    assert totals == {len(ids)}
    return ids


def count(session: Session, region: Region, asked: OfferFilter) -> Any:
    return facets.count(session, region, service.resolve(session, region, asked))


@modest
@given(world=worlds.worlds(), asked=Questions)
def test_the_list_over_all_pages_is_what_the_oracle_finds(
    session: Session, region: Region, world: World, asked: list[OfferFilter]
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        for one in asked:
            listed = found(session, region, one)
            assert len(listed) == len(set(listed))
            assert set(listed) == worlds.answers(world, one)
            assert sorted(found(session, region, one, sort="verified")) == sorted(listed)
        savepoint.rollback()


@modest
@given(world=worlds.worlds(), asked=Questions)
def test_every_count_is_what_choosing_the_value_gives(
    session: Session, region: Region, world: World, asked: list[OfferFilter]
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        for one in asked:
            counted = count(session, region, one)
            others = [key for key in one.space if not key.startswith("lor:")]

            def total(asked: OfferFilter = one, **chosen: object) -> int:
                return len(worlds.answers(world, asked.model_copy(update=chosen)))

            assert counted.total == total()
            assert counted.cost_free == total(cost_free=True)
            expected: dict[str, dict[Any, int]] = {
                "topic": {slug: total(topic=[slug]) for slug in worlds.TOPICS},
                "audience": {slug: total(audience=[slug]) for slug in worlds.AUDIENCES},
                "resource_level": {level: total(resource_level=[level]) for level in (2, 3, 4)},
                "space": {key: total(space=[*others, key]) for key in worlds.RESIDENT},
            }
            for group, counts in expected.items():
                assert getattr(counted, group) == {value: n for value, n in counts.items() if n}, group
        savepoint.rollback()


@modest
@given(world=worlds.worlds(), asked=Questions)
def test_the_points_on_the_map_are_those_of_the_offers_found(
    session: Session, region: Region, world: World, asked: list[OfferFilter]
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        for one in asked:
            counted = count(session, region, one)
            wanted = service.resolve(session, region, one)
            drawn = json.loads(map_points.columns(session, wanted, 1))
            pairs = [(offer, place) for offer, place, *_ in unpacked(drawn)]
            assert len(pairs) == len(set(pairs)) == counted.points
            assert set(pairs) == worlds.points(world, one)
            assert counted.total - len(set(drawn["offers"])) == counted.without_point
        savepoint.rollback()


def test_the_count_of_an_unknown_audience_is_not_shown(session: Session, region: Region) -> None:
    make_offer(session, region, audiences=["gibtesnicht", "eltern", "eltern"])
    assert count(session, region, OfferFilter()).audience == {"eltern": 1}


def test_spaces_of_another_division_stay_chosen_while_the_residents_are_counted(
    session: Session, region: Region
) -> None:
    for y in (0.5, 1.5):
        spot = worlds.Spot(0.5, y, hidden=False)
        make_offer(session, region, make_place(session, region, spot.lon, spot.lat))
    assert count(session, region, OfferFilter(space=["plz:1"])).space == {"lor:11": 1}
    assert count(session, region, OfferFilter(space=["plz:1", "lor:21"])).space == {"lor:11": 1}
    assert count(session, region, OfferFilter()).space == {"lor:11": 2}
