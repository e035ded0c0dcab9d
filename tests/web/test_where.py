"""Where somebody looks: in a part of the map, near a point; pages and the API find the same."""

import re

import pytest
from starlette.testclient import TestClient

PART = "13.470,52.510,13.500,52.530"
POINT = "13.477,52.516"


def numbered(text: str) -> list[int]:
    """Return the offers of the list, in their order."""
    return [int(number) for number in re.findall(r'data-offer="(\d+)" data-number', text)]


def test_a_part_of_the_map_holds_what_the_api_finds_there(visitor: TestClient) -> None:
    page = visitor.get(f"/angebote?ausschnitt={PART}&thema=bibliothek").text
    found = visitor.get(f"/api/v1/offers?bbox={PART}&topic=bibliothek").json()
    assert numbered(page) == [offer["id"] for offer in found["results"]]
    assert 0 < found["total"] < visitor.get("/api/v1/offers?topic=bibliothek").json()["total"]
    assert "Kartenausschnitt" in page
    assert f'name="ausschnitt" value="{PART}"' in page


def test_near_a_point_the_nearest_come_first_and_distances_are_said(visitor: TestClient) -> None:
    page = visitor.get(f"/angebote?nahe={POINT}").text
    found = visitor.get(f"/api/v1/offers?near={POINT}&metres=2000&sort=distance").json()
    assert numbered(page) == [offer["id"] for offer in found["results"]]
    assert "m (Luftlinie)" in page
    assert 'href="?" ' in page or "In meiner Nähe" in page


def test_further_away_there_is_more(visitor: TestClient) -> None:
    totals = [
        int(re.findall(r"<strong>(\d+) Angebot", visitor.get(f"/angebote?nahe={POINT}{more}").text)[0])
        for more in ("&umkreis=1", "", "&umkreis=5")
    ]
    assert totals == sorted(set(totals))


def test_a_place_said_too_exactly_is_rounded_on_the_page(visitor: TestClient) -> None:
    page = visitor.get("/angebote?nahe=13.4774321,52.5164321&umkreis=5").text
    assert "13.477,52.516" in page
    # Only the links to other languages repeat an address as it was asked for.
    assert "4321" not in re.sub(r"<(?:link|a)[^>]*hreflang[^>]*>", "", page)


def test_without_a_point_distances_mean_nothing(visitor: TestClient) -> None:
    plain = visitor.get("/angebote?thema=geld").text
    assert numbered(visitor.get("/angebote?thema=geld&umkreis=5&sort=entfernung").text) == numbered(plain)


@pytest.mark.parametrize(
    "question",
    [
        "ausschnitt=1,2,3",
        "ausschnitt=14,52,13,53",
        "ausschnitt=a,b,c,d",
        "ausschnitt=nan,52,13,53",
        "nahe=52",
        "nahe=500,52",
        f"nahe={POINT}&umkreis=-1",
        f"nahe={POINT}&umkreis=1000",
        f"nahe={POINT}&umkreis=x",
    ],
)
def test_places_that_do_not_exist_are_explained(visitor: TestClient, question: str) -> None:
    answer = visitor.get(f"/angebote?{question}")
    assert answer.status_code == 422
    assert "Bitte" in answer.text
