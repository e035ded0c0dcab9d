"""Names in filters looked up in memory, and places as a wish sees them, are what the database says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from api.core.errors import InvalidInputError
from api.offers import reading, service
from api.offers.schemas import OfferFilter, OfferSummary
from api.regions.models import Region
from api.search import wishes
from api.search.counting import Choice
from tests.offers import worlds
from tests.offers.worlds import World
from tests.search.building import build
from tests.search.counted import Wishes


@pytest.fixture(autouse=True)
def _ground(session: Session, region: Region) -> None:
    worlds.ground(session, region)


@worlds.modest
@given(world=worlds.worlds(), asked=Wishes)
def test_names_looked_up_in_memory_mean_what_they_mean_in_the_database(
    session: Session, region: Region, tmp_path: Path, world: World, asked: list[OfferFilter]
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        shelf = build(session, region, tmp_path)
        for one in asked:
            here, there = wishes.resolve(session, region, one, shelf), service.resolve(session, region, one)
            assert sorted(here.topics) == sorted(there.topics)
            assert [(c.division, sorted(c.ids), c.keys) for c in here.spaces] == [
                (c.division, sorted(c.ids), c.keys) for c in there.spaces
            ]
        savepoint.rollback()


@pytest.mark.parametrize("said", [{"topic": ["nirgends"]}, {"audience": ["niemand"]}, {"space": ["x:1"]}])
def test_an_unknown_name_is_named_with_an_index_as_without(
    session: Session, region: Region, tmp_path: Path, said: dict[str, list[str]]
) -> None:
    shelf = build(session, region, tmp_path)
    with pytest.raises(InvalidInputError, match=said[next(iter(said))][0]):
        wishes.resolve(session, region, OfferFilter.model_validate(said), shelf)


@worlds.modest
@given(world=worlds.worlds(), asked=Wishes, rest=st.lists(st.booleans(), min_size=3, max_size=3))
def test_cards_show_places_as_the_database_orders_them(
    session: Session, region: Region, tmp_path: Path, world: World, asked: list[OfferFilter], rest: list[bool]
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        shelf = build(session, region, tmp_path)
        ids = shelf.table.ids.tolist()
        for one in asked:
            wanted = service.resolve(session, region, one)
            choice = Choice(shelf.table, wanted, shelf.table.everything())
            cards = shelf.cards.of(session, region, ids, choice)
            shown = [OfferSummary.model_validate_json(card.json) for card in cards]
            expected = reading.summaries(session, region, ids, wanted)
            assert [_as_said(offer) for offer in shown] == [_as_said(offer) for offer in expected]
            for here, there in zip(shown, expected, strict=True):
                _alike([p.distance_metres for p in here.places], [p.distance_metres for p in there.places])
        savepoint.rollback()


def _as_said(offer: OfferSummary) -> OfferSummary:
    """Return an offer without distances: in memory they are right to a thousandth only."""
    places = [place.model_copy(update={"distance_metres": None}) for place in offer.places]
    return offer.model_copy(update={"places": places})


def _alike(here: list[int | None], there: list[int | None]) -> None:
    for one, other in zip(here, there, strict=True):
        assert (one is None) == (other is None)
        assert one is None or other is None or abs(one - other) <= 1 + 0.001 * other
