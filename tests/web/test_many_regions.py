"""An installation with many maps: each page stays small and still leads to the others."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from tests.factories import make_region
from web.main import create_app
from web.rendering import FOOTER_REGIONS


def found(engine: Engine, number: int) -> None:
    """Open maps beside the default one."""
    with Session(engine) as session, session.begin():
        make_region(session, slug="stadt", name="Stadt")
        for count in range(number):
            name = f"Kreis {count:03}"
            make_region(
                session, slug=f"k{count}", name=name, is_default=False, hostnames=[f"k{count}.example"]
            )


@pytest.fixture
def visitor(database: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(database), base_url="http://localhost:8001") as client:
        yield client


def test_a_map_that_stands_alone_names_no_others(visitor: TestClient, database: Engine) -> None:
    found(database, 0)
    assert "footer-regions" not in visitor.get("/").text


def test_a_few_other_maps_are_named_on_every_page(visitor: TestClient, database: Engine) -> None:
    found(database, FOOTER_REGIONS)
    page = visitor.get("/quellen").text
    assert page.count(".example:8001/") == FOOTER_REGIONS
    assert '<a href="http://k0.example:8001/">Kreis 000</a>' in page


def test_many_other_maps_have_a_page_of_their_own(visitor: TestClient, database: Engine) -> None:
    found(database, FOOTER_REGIONS + 1)
    page = visitor.get("/en/quellen").text
    assert ".example" not in page
    assert '<a href="/en/landkarten">' in page
    names = visitor.get("/landkarten").text
    assert names.count(".example:8001/") == FOOTER_REGIONS + 1
    assert names.index("Kreis 000") < names.index("Kreis 010")


def test_a_new_map_appears_on_remembered_pages(visitor: TestClient, database: Engine) -> None:
    found(database, 1)
    assert "Kreis 000" in visitor.get("/quellen").text
    with Session(database) as session, session.begin():
        make_region(session, name="Neukreis", is_default=False, hostnames=["neu.example"])
    assert "Neukreis" in visitor.get("/quellen").text
