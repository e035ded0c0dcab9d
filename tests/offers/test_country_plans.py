"""In an installation of many regions, questions about one look at that one alone."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.core.pages import PageRequest
from api.offers import facets, map_points, providers, service
from api.offers.schemas import OfferFilter, OfferQuery
from api.regions.models import Region
from api.spaces import service as spaces
from tests import factories, plans

Country = tuple[Session, Region]
OFFERS = 400  # in each region
# offer_at_place names no region: only when it is big, PostgreSQL looks up single rows of it.
GROWING = {"offer", "place", "contact", "place_space", "organization"}
QUESTIONS: dict[str, dict[str, object]] = {
    "all": {},
    "topic": {"topic": ["geld"]},
    "audience and age": {"audience": ["eltern"], "age": 6},
    "space": {"space": ["lor:1"]},
    "near": {"near": "13.5,52.5", "metres": 2000},
    "box": {"bbox": "13.4,52.4,13.44,52.44"},
}


@pytest.fixture(scope="module")
def country(engine: Engine) -> Iterator[Country]:
    """A session with twelve regions of hundreds of places and offers, and one of them; tests only read it."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(bind=connection, expire_on_commit=False) as opened:
            factories.make_topic(opened, "geld")
            factories.make_audience(opened, "eltern")
            regions = [factories.make_region(opened, is_default=False) for _ in range(12)]
            for region in regions:
                division = factories.make_division(opened, region)
                factories.make_space(opened, division, "1", factories.box(13, 52, 14, 53))
                factories.make_offer(opened, region, organization="Träger")
                plans.scatter(opened, region, OFFERS)
            yield opened, regions[5]
        transaction.rollback()


def beyond_the_region(session: Session, ask: Callable[[], object]) -> dict[str, int]:
    """Return the tables that grow with the regions of which a call reads more than one region's rows."""
    most = plans.rows_read(session, ask)
    return {table: rows for table, rows in most.items() if table in GROWING and rows > 2 * OFFERS}


@pytest.mark.parametrize("said", QUESTIONS.values(), ids=QUESTIONS)
def test_no_question_about_offers_reads_those_of_all_regions(
    country: Country, said: dict[str, object]
) -> None:
    session, region = country
    query = OfferQuery.model_validate(said)
    wanted = service.resolve(session, region, OfferFilter.model_validate(said))
    assert beyond_the_region(session, lambda: service.find(session, region, query)) == {}
    assert beyond_the_region(session, lambda: facets.count(session, region, wanted)) == {}
    assert beyond_the_region(session, lambda: map_points.columns(session, wanted, 1)) == {}


def test_no_page_about_providers_and_offers_reads_those_of_all_regions(country: Country) -> None:
    session, region = country
    offer = service.find(session, region, OfferQuery()).results[0]
    assert beyond_the_region(session, lambda: providers.find(session, region, PageRequest())) == {}
    assert beyond_the_region(session, lambda: service.get(session, region, offer.id)) == {}
    assert beyond_the_region(session, lambda: spaces.resident_spaces(session, region)) == {}


@pytest.mark.parametrize(("sort", "index"), [("name", "ix_offer_by_name"), ("verified", "ix_offer_by_check")])
def test_a_list_is_read_in_its_order_from_an_index(country: Country, sort: str, index: str) -> None:
    session, region = country
    query = OfferQuery.model_validate({"sort": sort})
    assert index in plans.plans(session, lambda: service.find(session, region, query))


def test_a_list_asks_two_questions_all_counts_are_one_and_both_ask_one_for_hours(country: Country) -> None:
    session, region = country
    wanted = service.resolve(session, region, OfferFilter())
    assert len(plans.questions(session, lambda: service.find(session, region, OfferQuery(), wanted))) == 3
    assert len(plans.questions(session, lambda: facets.count(session, region, wanted))) == 2
