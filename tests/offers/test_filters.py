"""What residents ask for: each filter alone, the edges, and several at once."""

from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.offers import service
from api.offers.schemas import OfferFilter
from api.regions.models import Region
from tests.factories import (
    box,
    make_audience,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_space,
    make_topic,
)


@pytest.fixture(autouse=True)
def _world(session: Session, region: Region) -> None:
    """West and east in one district, a postcode across both, offers named for what they are."""
    lor = make_division(session, region)
    district = make_space(session, lor, "1", box(13.0, 52.0, 13.2, 52.1), level=1)
    make_space(session, lor, "101", box(13.0, 52.0, 13.1, 52.1), parent_id=district.id)
    make_space(session, lor, "102", box(13.1, 52.0, 13.2, 52.1), parent_id=district.id)
    plz = make_division(session, region, slug="plz", level_names=["PLZ"], resident_level=None)
    make_space(session, plz, "10369", box(13.05, 52.0, 13.15, 52.1), level=1)
    money = make_topic(session, "geld")
    make_topic(session, "schulden", money)
    make_topic(session, "kita")
    make_audience(session, "eltern")
    west, east = make_place(session, region, 13.02, 52.05), make_place(session, region, 13.12, 52.05)
    make_offer(
        session, region, west, name="A Westen", topics=["schulden"], cost="free", min_age=6, max_age=14
    )
    make_offer(session, region, east, name="B Osten", topics=["kita"], cost="covered", audiences=["eltern"])
    make_offer(session, region, [west, east], name="C Beide", topics=["geld"], cost="paid", resource_level=2)
    make_offer(session, region, name="D Kommt in den Osten", outreach=True, serves=["lor:102"], min_age=15)
    make_offer(session, region, name="E Kommt überall hin", outreach=True, topics=["kita", "geld"])
    make_offer(session, region, name="F Ohne Ort", resource_level=4, max_age=0)
    make_offer(session, make_region(session, is_default=False), name="X Anderswo", topics=["geld"])


def letters(client: TestClient, question: str) -> str:
    answer = client.get(f"/offers?{question}").json()
    found = "".join(offer["name"][0] for offer in answer["results"])
    assert answer["total"] == len(found)
    return found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", "ABCDEF"),
        ("space=lor:1", "ABCDE"),
        ("space=lor:101", "ACE"),
        ("space=lor:102", "BCDE"),
        ("space=plz:10369", "BCDE"),
        ("space=lor:101&space=lor:102", "ABCDE"),
        ("space=lor:102&space=plz:10369", "BCDE"),
        ("space=lor:101&space=plz:10369", "E"),
        ("topic=geld", "ACE"),
        ("topic=schulden", "A"),
        ("topic=schulden&topic=kita", "ABE"),
        ("audience=eltern", "B"),
        ("age=0", "BCEF"),
        ("age=5", "BCE"),
        ("age=6", "ABCE"),
        ("age=14", "ABCE"),
        ("age=15", "BCDE"),
        ("age=120", "BCDE"),
        ("cost_free=true", "AB"),
        ("cost_free=false", "ABCDEF"),
        ("resource_level=2", "C"),
        ("resource_level=2&resource_level=4", "CF"),
        ("bbox=13.0,52.0,13.05,52.1", "AC"),
        ("bbox=13.02,52.05,13.02,52.05", "AC"),
        ("bbox=13.3,52.0,13.4,52.1", ""),
        ("near=13.12,52.05", "BC"),
        ("near=13.12,52.06&metres=1100", ""),
        ("near=13.12,52.06&metres=1120", "BC"),
        ("near=13.07,52.05&metres=5000", "ABC"),
        ("topic=geld&space=lor:102", "CE"),
        ("topic=geld&near=13.12,52.05&cost_free=true", ""),
        ("topic=geld&age=10&bbox=13.0,52.0,13.05,52.1", "AC"),
        ("bbox=13.0,52.0,13.05,52.1&space=lor:102", ""),
        ("bbox=13.0,52.0,13.05,52.1&near=13.12,52.05", ""),
    ],
)
def test_finds_what_is_asked_for(client: TestClient, question: str, found: str) -> None:
    assert letters(client, question) == found


def test_places_that_answer_come_first_and_say_so(client: TestClient) -> None:
    (both,) = (
        offer for offer in client.get("/offers?space=lor:102").json()["results"] if offer["name"] == "C Beide"
    )
    assert [(place["space_slug"], place["matches"]) for place in both["places"]] == [
        ("viertel-102", True),
        ("viertel-101", False),
    ]


def test_distances_are_whole_metres_to_each_place(client: TestClient) -> None:
    found = client.get("/offers?near=13.12,52.06&metres=20000&sort=distance").json()["results"]
    nearest = {offer["name"][0]: offer["places"][0]["distance_metres"] for offer in found}
    assert nearest == {"B": 1113, "C": 1113, "A": 6949}
    assert found[1]["places"][1]["distance_metres"] == 6949


def test_without_a_point_no_distance_is_said(client: TestClient) -> None:
    places = [place for offer in client.get("/offers").json()["results"] for place in offer["places"]]
    assert {place["distance_metres"] for place in places} == {None}


def nearby(session: Session, region: Region, **said: Any) -> str:
    wanted = service.resolve(session, region, OfferFilter(**said))
    return "".join(offer.name[0] for offer in service.nearby(session, region, wanted, metres=3000))


def test_what_is_near_but_across_the_border_is_offered_too(session: Session, region: Region) -> None:
    make_offer(session, region, make_place(session, region, 13.095, 52.05), name="N Nah")
    make_offer(session, region, make_place(session, region, 13.08, 52.05), name="O Etwas weiter")
    make_offer(session, region, make_place(session, region, 13.085, 52.05), name="K Kita", topics=["kita"])
    assert nearby(session, region, space=["lor:102"]) == "NKO"
    assert nearby(session, region, space=["lor:102"], topic=["kita"]) == "K"
    assert nearby(session, region) == ""
