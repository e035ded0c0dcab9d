"""Remote data for uMap: simple properties, readable from any page, nothing hidden."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.regions.models import Region
from tests.factories import make_offer, make_place, make_topic
from tests.reading import reading


@pytest.fixture
def reader(engine: Engine, session: Session) -> Iterator[TestClient]:
    """Somebody who reads what this test has written."""
    with reading(engine, session, "/api/v1") as client:
        yield client


def features(client: TestClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/umap.geojson{query}", headers={"origin": "https://umap.example"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    found: dict[str, Any] = answer.json()
    assert found["type"] == "FeatureCollection"
    return list(found["features"])


def test_each_public_point_is_a_feature_that_umap_shows(
    reader: TestClient, session: Session, region: Region
) -> None:
    make_topic(session, "geld", names={"de": "Geld"})
    house = make_place(session, region, 13.5, 52.5, name="Haus", street="Weg 1", town="Berlin")
    shelter = make_place(session, region, 13.1234, 52.0765, address_hidden=True, street="Geheimweg 7")
    offer = make_offer(session, region, [house, shelter], name="Rat", topics=["geld"], organization="Verein")
    make_offer(session, region, name="Ohne Ort")
    (one,) = features(reader)
    assert one["geometry"] == {"type": "Point", "coordinates": [13.5, 52.5]}
    assert one["properties"] == {
        "name": "Rat",
        "description": f"Hilfe für alle.\nHaus, Weg 1, Berlin\n[[http://localhost/angebot/{offer.slug}]]",
        "link": f"http://localhost/angebot/{offer.slug}",
        "provider": "Verein",
        "topic": "Geld",
        "is_example": False,
        "_umap_options": {"color": "#0b6a5d"},
    }
    assert "Geheimweg" not in json.dumps(features(reader))
    assert "13.1234" not in json.dumps(features(reader))


def test_an_example_says_so_first(reader: TestClient, session: Session, region: Region) -> None:
    make_offer(session, region, make_place(session, region, 13.5, 52.5), is_example=True)
    (one,) = features(reader)
    assert one["properties"]["description"].startswith("Das ist ein Beispiel.")


def test_the_filter_of_the_list_chooses(visitor: TestClient) -> None:
    everything, some = features(visitor), features(visitor, "?stadtteil=fennpfuhl&thema=familie")
    assert len(everything) > 300
    assert 0 < len(some) < 30
    ids = {one["id"] for one in everything}
    assert {one["id"] for one in some} < ids
    west, south, east, north = 13.46, 52.52, 13.49, 52.54
    inside = {
        one["id"]
        for one in everything
        if west <= one["geometry"]["coordinates"][0] <= east
        and south <= one["geometry"]["coordinates"][1] <= north
    }
    assert {one["id"] for one in features(visitor, f"?ausschnitt={west},{south},{east},{north}")} == inside


def test_the_same_points_are_on_the_map_and_in_the_file(visitor: TestClient) -> None:
    columns = visitor.get("/api/v1/map/points?topic=familie").json()
    assert len(features(visitor, "?thema=familie")) == len(columns["offers"])


def test_a_mistake_is_a_problem_that_the_page_may_read(visitor: TestClient) -> None:
    answer = visitor.get("/umap.geojson?thema=gibt-es-nicht")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
