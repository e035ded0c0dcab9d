"""The points drawn from memory are those that the database draws."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from api.offers import map_points, service
from api.offers.schemas import OfferFilter
from api.regions.models import Region
from api.search import drawing
from api.search.counting import Choice
from tests.offers import worlds
from tests.offers.worlds import World
from tests.search.building import build


@pytest.fixture(autouse=True)
def _ground(session: Session, region: Region) -> None:
    worlds.ground(session, region)


@worlds.modest
@given(world=worlds.worlds(), asked=st.lists(worlds.questions(), min_size=4, max_size=4))
def test_memory_draws_what_the_database_draws(
    session: Session, region: Region, tmp_path: Path, world: World, asked: list[OfferFilter]
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        table = build(session, region, tmp_path).table
        for one in asked:
            wanted = service.resolve(session, region, one)
            drawn = drawing.columns(Choice(table, wanted, table.everything()), 7)
            assert json.loads(drawn) == json.loads(map_points.columns(session, wanted, 7))
        savepoint.rollback()
