"""What is asked wrongly is refused with 400, and the parameter at fault is named."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.regions.models import Region
from tests.factories import make_offer, make_place

ITEMS = "/ogc/collections/offers/items"
SPACES = "/ogc/collections/lor/items"
TILE = "/ogc/collections/offers/tiles/WebMercatorQuad"
UTM = "http://www.opengis.net/def/crs/EPSG/0/25832"
WGS = "http://www.opengis.net/def/crs/EPSG/0/4326"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (f"{ITEMS}?limit=0", "limit"),
        (f"{ITEMS}?limit=-1", "limit"),
        (f"{ITEMS}?limit=viele", "limit"),
        (f"{ITEMS}?limit=", "limit"),
        (f"{ITEMS}?offset=-1", "offset"),
        (f"{ITEMS}?offset=99999999999", "offset"),
        (f"{ITEMS}?bbox=", "bbox"),
        (f"{ITEMS}?bbox=1,2,3", "bbox"),
        (f"{ITEMS}?bbox=1,2,3,4,5", "bbox"),
        (f"{ITEMS}?bbox=a,b,c,d", "bbox"),
        (f"{ITEMS}?bbox=nan,1,2,3", "bbox"),
        (f"{ITEMS}?bbox=1e999,1,2,3", "bbox"),
        (f"{ITEMS}?bbox=1,3,2,2", "bbox"),
        (f"{ITEMS}?bbox=13,52,14,91", "bbox"),
        (f"{ITEMS}?bbox=52,13,53,14&bbox-crs={WGS}&bbox=1,2,3,4", "bbox"),
        (f"{ITEMS}?bbox=200,13,53,14&bbox-crs={WGS}", "bbox"),
        (f"{ITEMS}?bbox=900000,5800000,800000,5900000&bbox-crs={UTM}", "bbox"),
        (f"{ITEMS}?bbox-crs=EPSG:25832", "bbox-crs"),
        (f"{ITEMS}?bbox=1,2,3,4&bbox-crs=murks", "bbox-crs"),
        (f"{ITEMS}?crs=EPSG:25832", "crs"),
        (f"{ITEMS}/1.1?crs=murks", "crs"),
        (f"{ITEMS}?datetime=murks", "datetime"),
        (f"{ITEMS}?datetime=", "datetime"),
        (f"{ITEMS}?datetime=2026-02-30", "datetime"),
        (f"{ITEMS}?datetime=2026-02-01T10:00:00", "datetime"),
        (f"{ITEMS}?datetime=2026-03-01/2026-02-01", "datetime"),
        (f"{ITEMS}?datetime=2026-03-01/2026-04-01/2026-05-01", "datetime"),
        (f"{ITEMS}?cost=teuer", "cost"),
        (f"{ITEMS}?topic=gibtsnicht", "topic"),
        (f"{ITEMS}?audience=gibtsnicht", "audience"),
        (f"{ITEMS}?space=gibtsnicht", "space"),
        (f"{ITEMS}?language=Deutsch!", "language"),
        (f"{ITEMS}?offer=0", "offer"),
        (f"{ITEMS}?offer=99999999999999999999", "offer"),
        (f"{ITEMS}?age=alt", "age"),
        (f"{ITEMS}?resource_level=1", "resource_level"),
        (f"{ITEMS}?wheelchair=vielleicht", "wheelchair"),
        (f"{ITEMS}?provider=a%00b", "provider"),
        (f"{ITEMS}?name=x", "name"),
        (f"{ITEMS}?thema=geld", "thema"),
        (f"{ITEMS}?cost=free&cost=paid", "cost"),
        (f"{ITEMS}?f=xml", "f"),
        (f"{SPACES}?topic=geld", "topic"),
        (f"{SPACES}?level=0", "level"),
        (f"{SPACES}?key=a%00b", "key"),
        ("/ogc/?x=1", "x"),
        ("/ogc/api?f=html", "f"),
        ("/ogc/collections?limit=3", "limit"),
        ("/ogc/collections/offers?f=geojson", "f"),
        (f"{TILE}/a/0/0", "tileMatrix"),
        (f"{TILE}/0/-1/0", "tileRow"),
        (f"{TILE}/0/0/0.5", "tileCol"),
        (f"{TILE}/0/0/0?bbox=1,2,3,4", "bbox"),
        (f"{TILE}/0/0/0?cost=teuer", "cost"),
        (f"{TILE}?f=geojson", "f"),
    ],
)
def test_names_what_is_wrong(demo_reader: TestClient, address: str, field: str) -> None:
    answer = demo_reader.get(address)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["status"]) == ("/problems/invalid-input", 400)
    assert field in {one["field"] for one in problem["errors"]}


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/collections/nope",
        "/collections/nope/items",
        "/collections/nope/tiles",
        "/collections/nope/tiles/WebMercatorQuad/0/0/0",
        "/collections/gemeinden/items",
        "/collections/lor%00/items",
        "/collections/lor/items/plz:10365",
        "/collections/lor/items/x%00y",
        "/collections/offers/items/0",
        "/collections/offers/items/1",
        "/collections/offers/items/1.",
        "/collections/offers/items/1.1.1",
        "/collections/offers/items/99999999999999999999.1",
        "/collections/offers/tiles/WorldCRS84Quad/0/0/0",
        "/collections/offers/tiles/WebMercatorQuad/23/0/0",
        "/collections/offers/tiles/WebMercatorQuad/0/1/0",
        "/collections/offers/tiles/WebMercatorQuad/3/0/8",
        "/tileMatrixSets/nope",
        "/?region=nirgendwo",
    ],
)
def test_what_is_not_there_is_not_found(demo_reader: TestClient, path: str) -> None:
    answer = demo_reader.get(f"/ogc{path}")
    assert answer.status_code == 404, answer.text
    assert answer.json()["type"] == "/problems/not-found"


@pytest.mark.parametrize("limit", ["10001", "999999999999999999999999"])
def test_a_limit_above_the_maximum_is_the_maximum(demo_reader: TestClient, limit: str) -> None:
    found = demo_reader.get(f"{ITEMS}?limit={limit}").json()
    assert found["numberReturned"] == found["numberMatched"] > 300


def test_a_point_that_a_system_cannot_say_is_no_mistake_of_ours(
    reader: TestClient, session: Session, region: Region
) -> None:
    make_offer(session, region, make_place(session, region, -171.0, -89.9))
    assert reader.get(ITEMS).json()["numberMatched"] == 1
    assert reader.get(f"{ITEMS}?crs={UTM}").status_code in {200, 400}
