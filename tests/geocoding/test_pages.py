"""Pages and the open API say how exact a place is, and send nobody to the middle of a postcode."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from tests.factories import make_offer, make_place
from tests.importers.sample import make_lichtenberg
from web.main import create_app

SAID = {
    "street": "Der Punkt auf der Karte zeigt die Straße, nicht das Haus.",
    "postcode": "Der Punkt auf der Karte zeigt nur das Gebiet der Postleitzahl.",
}
ROUGHLY = "Lage ungefähr"
WAY = "Weg zeigen"


@pytest.fixture
def visitor(database: Engine) -> Iterator[TestClient]:
    """Somebody who reads a region with a place of each precision, and a hidden one."""
    with Session(database) as session:
        region = make_lichtenberg(session)
        for number, precision in enumerate(("given", "house", "street", "postcode", "hidden")):
            known = {"given": None, "hidden": "postcode"}.get(precision, precision)
            place = make_place(
                session,
                region,
                13.5 + number / 100,
                52.5,
                name=precision,
                precision=known,
                address_hidden=precision == "hidden",
            )
            make_offer(session, region, place, name=f"Treff {precision}", topics=["freizeit"])
        session.commit()
    with TestClient(create_app(database), base_url="http://localhost") as client:
        yield client


def test_a_page_says_how_exact_the_place_is(visitor: TestClient) -> None:
    shown = {
        precision: visitor.get(f"/angebot/treff-{precision}").text
        for precision in ("given", "house", "street", "postcode", "hidden")
    }
    assert {name for name, page in shown.items() if ROUGHLY in page} == set(SAID)
    assert all(words in shown[precision] for precision, words in SAID.items())
    assert {name for name, page in shown.items() if WAY in page} == {"given", "house", "street"}


def test_a_list_says_where_only_the_postcode_is_known(visitor: TestClient) -> None:
    cards = re.split(r'<li class="card offer-card"', visitor.get("/angebote").text)[1:]
    assert len(cards) == 5
    assert ["Treff postcode" in card for card in cards] == [ROUGHLY in card for card in cards]


def test_the_api_says_how_exact_the_place_is(visitor: TestClient) -> None:
    offers = visitor.get("/api/v1/offers").json()["results"]
    assert {offer["name"].removeprefix("Treff "): offer["places"][0]["precision"] for offer in offers} == {
        "given": None,
        "house": "house",
        "street": "street",
        "postcode": "postcode",
        "hidden": None,
    }
