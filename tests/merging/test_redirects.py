"""Old addresses of merged offers: on pages, in the API, in feeds and on lists people keep."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import deps
from api.curation import sheet, states
from api.curation.merging_undo import undo_merge
from api.hsds import ids
from api.hsds.ids import Kind
from api.offers.models import Offer
from api.regions.models import Region
from tests.curation.sheets import by
from tests.factories import make_offer
from tests.merging.world import merged, two
from web.main import create_app

ORIGIN = {"origin": "http://localhost"}


@pytest.fixture
def visitor(engine: Engine, session: Session) -> Iterator[TestClient]:
    """Somebody who reads what this test has written."""
    app = create_app(engine)
    mounted = [getattr(route, "app", None) for route in app.routes]
    for one in [app, *(inner for inner in mounted if isinstance(inner, FastAPI))]:
        one.dependency_overrides[deps.session] = lambda: session
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


@pytest.fixture
def both(session: Session, region: Region) -> tuple[Offer, Offer]:
    return two(session, region)


def paths(offer: Offer, region: Region) -> list[str]:
    """Every address that one offer has."""
    return [
        f"/angebot/{offer.slug}",
        f"/en/angebot/{offer.slug}",
        f"/ar/angebot/{offer.slug}",
        f"/angebot/{offer.slug}/hinweis",
        f"/api/v1/offers/{offer.id}",
        f"/api/v1/offers/{offer.id}/calendar.ics",
        f"/api/v1/offers/{offer.id}/occurrences",
        f"/api/v1/offers/{offer.id}/schedules",
        f"/hsds/services/{ids.of(region.slug, Kind.SERVICE, offer.id)}",
    ]


def test_every_old_address_leads_to_the_new_one_with_its_question(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    merged(session, region, *both)
    for old, new in zip(paths(both[1], region), paths(both[0], region), strict=True):
        for question in ("", "?region=x&a=%C3%A4"):
            if question and old.startswith(("/api", "/hsds")):
                question = f"?region={region.slug}"  # noqa: PLW2901
            answer = visitor.get(old + question)
            assert (answer.status_code, answer.headers["location"]) == (301, new + question), old
            assert answer.headers["cache-control"] == "no-cache"
            assert "etag" not in answer.headers
        assert visitor.get(new).status_code == 200


def test_features_lead_to_the_same_place_or_to_the_first_one(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    items = "/ogc/collections/offers/items"
    old = {f["id"]: f for f in visitor.get(f"{items}?f=json&offer={both[1].id}").json()["features"]}
    merged(session, region, *both)
    new = visitor.get(f"{items}?f=json&offer={both[0].id}").json()["features"]
    by_street = {one["properties"]["street"]: one["id"] for one in new}
    wanted = {"Mondweg 5": by_street["Mondweg 5"], "Sonnenstr. 1": by_street["Sonnenstraße 1"]}
    for name, feature in old.items():
        answer = visitor.get(f"{items}/{name}?f=json")
        assert answer.status_code == 301
        there = f"{items}/{wanted[feature['properties']['street']]}?f=json"
        assert answer.headers["location"] == there
        assert visitor.get(there).status_code == 200
    assert visitor.get(f"{items}/{both[1].id}?f=json").status_code == 301


def test_a_form_that_was_open_is_sent_to_the_new_address(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    merged(session, region, *both)
    answer = visitor.post(f"/angebot/{both[1].slug}/hinweis", data={"was": "hours"}, headers=ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (308, f"/angebot/{both[0].slug}/hinweis")


def test_a_chain_is_followed_to_its_end(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    third = make_offer(session, region)
    merged(session, region, *both)
    merged(session, region, third, both[0])
    for offer in both:
        answer = visitor.get(f"/angebot/{offer.slug}")
        assert answer.headers["location"] == f"/angebot/{third.slug}"
        assert visitor.get(f"/api/v1/offers/{offer.id}").headers["location"] == f"/api/v1/offers/{third.id}"


def test_no_way_leads_to_what_is_not_public(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    merged(session, region, *both)
    states.pause(session, by(region), both[0].id, None)
    for path in [*paths(both[1], region), f"/ogc/collections/offers/items/{both[1].id}"]:
        answer = visitor.get(path)
        assert answer.status_code == 404, path
        assert both[0].slug not in answer.text
        assert both[0].name not in answer.text
        assert "location" not in answer.headers
    assert both[0].name not in visitor.get(f"/merkliste?o={both[1].id}").text
    states.bring_back(session, by(region), both[0].id)
    assert visitor.get(f"/angebot/{both[1].slug}").status_code == 301


def test_what_is_brought_back_stands_at_its_own_address_again(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    done = merged(session, region, *both)
    states.bring_back(session, by(region), both[1].id)
    assert visitor.get(f"/angebot/{both[1].slug}").status_code == 200
    undo_merge(session, by(region), done.pair_id)
    assert visitor.get(f"/angebot/{both[1].slug}").status_code == 200


def test_after_taking_it_back_no_address_leads_on(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    undo_merge(session, by(region), merged(session, region, *both).pair_id)
    for path in paths(both[1], region):
        assert visitor.get(path).status_code == 200, path


def test_nobody_else_gets_an_address_that_leads_on(
    session: Session, region: Region, both: tuple[Offer, Offer]
) -> None:
    merged(session, region, *both)
    assert make_offer(session, region, name="Elterncafé").slug != both[1].slug


def test_kept_numbers_show_the_offer_once(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    merged(session, region, *both)
    for said in (f"{both[1].id}", f"{both[1].id},{both[0].id}"):
        page = visitor.get(f"/merkliste?o={said}&teil=liste").text
        assert page.count(f'data-offer="{both[0].id}"') == 1
        assert f'data-was="{both[1].id}"' in page
        assert "gibt es nicht mehr" not in page
        assert both[1].name in visitor.get(f"/merkliste/karte?o={said}").text


def test_a_quotation_is_of_the_new_one(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    merged(session, region, *both)
    answer = visitor.get("/oembed", params={"url": f"http://localhost/angebot/{both[1].slug}"})
    assert answer.json()["title"] == both[0].name
    assert f"/angebot/{both[0].slug}" in answer.json()["html"]


def test_lists_sitemaps_and_searches_have_only_the_new_one(
    session: Session, region: Region, both: tuple[Offer, Offer], visitor: TestClient
) -> None:
    merged(session, region, *both)
    assert visitor.get("/api/v1/offers").json()["total"] == 1
    assert f"/angebot/{both[1].slug}<" not in visitor.get("/sitemap.xml").text
    assert sheet.of_offer(session, region.id, both[0].id)["name"] == both[0].name
