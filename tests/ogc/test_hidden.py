"""Hidden addresses are in no representation; drafts and contacts for professionals are not either."""

from itertools import product

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.offers.models import Status
from api.ogc.systems import SYSTEMS
from api.regions.models import Region
from tests.factories import make_offer, make_place
from tests.ogc.decoding import decoded
from tests.shelter import LAT, LON, POSTCODE, TOWN, make_hidden

# Its point as every reference system says it, up to a few metres; and what else would tell.
SECRETS = ("Verborgene", TOWN, POSTCODE, "13.123", "52.076", "37150", "57717", "46045", "1460897", "68075")
ITEMS = "/ogc/collections/offers/items"


@pytest.fixture
def shelter(session: Session, region: Region) -> str:
    """An offer at a hidden place and an open one; the value is the id of the hidden feature."""
    hidden = make_hidden(session, region)
    offer = make_offer(
        session,
        region,
        [hidden, make_place(session, region, 13.05, 52.05)],
        name="Zuflucht",
        cost="free",
        contact={"phone": "030 99999", "is_public": False},
    )
    make_offer(
        session, region, make_place(session, region, 13.05, 52.05), name="Entwurf", status=Status.DRAFT
    )
    return f"{offer.id}.{hidden.id}"


def test_no_document_says_where_it_is(reader: TestClient, shelter: str) -> None:
    around = f"bbox={LON - 0.001},{LAT - 0.001},{LON + 0.001},{LAT + 0.001}"
    choices = ["", around, "bbox=-180,-90,180,90", "space=lor:101", "space=lor:102", "cost=free"]
    asked = [f"{ITEMS}?{choice}&crs={crs}" for choice, crs in product(choices, SYSTEMS)]
    asked += [f"{ITEMS}/{shelter}?crs={crs}" for crs in SYSTEMS]
    asked += [
        "/ogc/",
        "/ogc/api",
        "/ogc/collections",
        "/ogc/collections/offers",
        "/ogc/collections/offers/tiles",
    ]
    for address in asked:
        for form in ("json", "html"):
            join = "&" if "?" in address else "?"
            answer = reader.get(address if address.endswith("api") else f"{address}{join}f={form}")
            assert answer.status_code == 200, answer.text
            # What was asked for stands in the links of the answer.
            said = answer.text.replace(around, "").replace(around.replace(",", "%2C"), "")
            for secret in (*SECRETS, "030 99999", "Entwurf"):
                assert secret not in said, (address, form, secret)


def test_it_is_there_without_its_point(reader: TestClient, shelter: str) -> None:
    one = reader.get(f"{ITEMS}/{shelter}").json()
    assert one["geometry"] is None
    said = one["properties"]
    assert (said["name"], said["place_name"], said["address_hidden"]) == ("Zuflucht", "Frauenhaus", True)
    for field in ("street", "postcode", "town", "space", "space_name", "phone"):
        assert said[field] is None, field


@pytest.mark.parametrize("choice", [f"postcode={POSTCODE}", f"town={TOWN}"])
def test_no_question_finds_it_by_its_address(reader: TestClient, shelter: str, choice: str) -> None:
    assert reader.get(f"{ITEMS}?{choice}").json()["features"] == []


def test_a_box_of_the_whole_earth_does_not_hold_it(reader: TestClient, shelter: str) -> None:
    found = reader.get(f"{ITEMS}?bbox=-180,-90,180,90").json()["features"]
    assert [one["id"] == shelter for one in found] == [False]


def test_it_is_in_no_tile(reader: TestClient, shelter: str) -> None:
    for zoom in range(15):
        side = 2**zoom
        x = int((LON + 180) / 360 * side)
        y = int(0.329195 * side)  # of 52.0765 degrees north, in Web Mercator
        answer = reader.get(f"/ogc/collections/offers/tiles/WebMercatorQuad/{zoom}/{y}/{x}")
        if answer.status_code == 204:
            continue
        assert b"Frauenhaus" not in answer.content
        assert shelter not in {one["id"] for one in decoded(answer.content, (zoom, y, x))}
    assert reader.get("/ogc/collections/offers/tiles/WebMercatorQuad/0/0/0").status_code == 200
