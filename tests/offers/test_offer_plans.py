"""Spatial questions about offers are answered from the indexes, as the API asks them."""

import pytest
from sqlmodel import Session

from api.offers import facets, map_points, service
from api.offers.schemas import OfferFilter, OfferQuery
from api.regions.models import Region
from tests.plans import plans

Crowd = tuple[Session, Region]
QUESTIONS = {
    "ix_place_geography": {"near": "13.5,52.5", "metres": 2000},
    "ix_place_geom": {"bbox": "13.4,52.4,13.44,52.44"},
    "ix_place_space_space": {"space": ["lor:55"]},
}


@pytest.mark.parametrize(("index", "said"), QUESTIONS.items(), ids=QUESTIONS)
def test_offers_are_found_from_the_index(crowd: Crowd, index: str, said: dict[str, object]) -> None:
    session, region = crowd
    query = OfferQuery.model_validate(said)
    assert service.find(session, region, query).total > 0
    assert index in plans(session, lambda: service.find(session, region, query))


@pytest.mark.parametrize(("index", "said"), QUESTIONS.items(), ids=QUESTIONS)
def test_counts_and_points_come_from_the_index(crowd: Crowd, index: str, said: dict[str, object]) -> None:
    session, region = crowd
    wanted = service.resolve(session, region, OfferFilter.model_validate(said))
    assert index in plans(session, lambda: facets.count(session, region, wanted))
    assert index in plans(session, lambda: map_points.columns(session, wanted, 1))


def test_what_is_just_outside_is_found_from_the_index(crowd: Crowd) -> None:
    session, region = crowd
    wanted = service.resolve(session, region, OfferFilter(space=["lor:55"]))
    assert service.nearby(session, region, wanted)
    assert "ix_place_geography" in plans(session, lambda: service.nearby(session, region, wanted))
