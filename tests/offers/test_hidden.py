"""Shelters: neither street nor point nor distance nor space of a hidden address leaves by any path."""

import re
from itertools import product
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import clock
from api.offers.models import Offer
from api.places.models import Place
from api.regions.models import Region
from tests.factories import box, make_division, make_offer, make_place, make_space, make_topic
from tests.points import unpacked
from tests.shelter import LAT, LON, POSTCODE, STREET, TOWN, make_hidden

OPEN = (13.15, 52.05)
Shelter = tuple[Place, Offer, Offer]

WHERE = [
    "",
    "space=lor:101",
    "space=lor:102",
    "space=plz:10999",
    "space=lor:101&space=plz:10999",
    f"bbox={LON - 0.001},{LAT - 0.001},{LON + 0.001},{LAT + 0.001}",
    "bbox=13.0,52.0,13.2,52.1",
    "bbox=-180,-90,180,90",
    f"near={LON},{LAT}",
    f"near={LON},{LAT}&metres=1",
    "near=13.15,52.05&metres=100000",
    "bbox=13.0,52.0,13.2,52.1&space=lor:102",
    f"near={LON},{LAT}&metres=100000&space=lor:101",
]
ALSO = ["", "topic=gewalt", "age=30&cost_free=true&resource_level=4"]


@pytest.fixture(autouse=True)
def _stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags of what is open now name the minute; two worlds are compared in the same one."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def shelter(session: Session, region: Region) -> Shelter:
    """A shelter at a hidden place, advice both there and in an open house, and a third offer elsewhere."""
    plz = make_division(session, region, slug="plz", level_names=["PLZ"], resident_level=None)
    make_space(session, plz, POSTCODE, box(13.12, 52.07, 13.13, 52.08), level=1)
    make_topic(session, "gewalt")
    hidden = make_hidden(session, region)
    house = make_place(session, region, *OPEN, name="Beratungsstelle")
    values: dict[str, Any] = {"topics": ["gewalt"], "cost": "free", "resource_level": 4}
    only_there = make_offer(session, region, hidden, name="Zuflucht", contact={"phone": "030 1"}, **values)
    also_there = make_offer(session, region, [hidden, house], name="Beratung", **values)
    make_offer(session, region, make_place(session, region, 13.05, 52.05), name="Anderes", **values)
    return hidden, only_there, also_there


def addresses(api: FastAPI, session: Session) -> list[str]:
    """Return every address of the API that can be asked, with every combination of filters."""
    found = ["/openapi.json"]
    offer_ids = [row[0] for row in session.execute(text("SELECT id FROM offer ORDER BY id"))]
    for path, methods in api.openapi()["paths"].items():
        if "get" not in methods:
            continue  # plans have their own test
        names = {one["name"] for one in methods["get"].get("parameters", [])}
        if "ending" in names:
            continue  # files are read over connections of their own: tests/exports
        if "offer_id" in names:
            found += [path.format(offer_id=offer_id) for offer_id in offer_ids]
        elif "bbox" in names:
            for where, also in product(WHERE, ALSO):
                sorts = ["", "sort=verified", *(["sort=distance"] if "near=" in where else [])]
                for sort in sorts if "sort" in names else [""]:
                    found.append(path + "?" + "&".join(part for part in (where, also, sort) if part))
        else:
            found.append(path)
    return found


def said(client: TestClient, address: str) -> tuple[int, str, dict[str, str]]:
    answer = client.get(address)
    return answer.status_code, answer.text, dict(answer.headers)


def test_no_address_of_the_api_says_where_it_is(
    session: Session, api: FastAPI, client: TestClient, shelter: Shelter
) -> None:
    asked = addresses(api, session)
    assert len(asked) > 150
    for address in asked:
        status, body, headers = said(client, address)
        assert status == 200, address
        for secret in (STREET, "Verborgene", TOWN, "13.1234", "52.0765", "1312345", "5207654"):
            assert secret not in body + str(headers), address
        if not address.startswith("/spaces"):  # outlines of all spaces are public
            # A calendar is named after the space that is asked for.
            assert POSTCODE not in re.sub(r"NAME:.*", "", body), address


def test_the_hidden_place_is_there_without_its_address(client: TestClient, shelter: Shelter) -> None:
    _place, only_there, also_there = shelter
    place = client.get(f"/offers/{only_there.id}").json()["places"][0]
    assert (place["name"], place["address_hidden"]) == ("Frauenhaus", True)
    for offer in (only_there, also_there):
        near = f"near={LON},{LAT}&metres=100000"
        for found in client.get(f"/offers?{near}").json()["results"]:
            hidden = [place for place in found["places"] if place["address_hidden"]]
            for place in hidden:
                for field in ("street", "postcode", "town", "lon", "lat", "space_name", "space_slug"):
                    assert place[field] is None, (offer.name, field)
                assert (place["distance_metres"], place["matches"]) == (None, False)


def test_an_offer_at_a_hidden_place_belongs_to_every_space(client: TestClient, shelter: Shelter) -> None:
    for key in ("lor:101", "lor:102", "plz:10999"):
        names = {offer["name"] for offer in client.get(f"/offers?space={key}").json()["results"]}
        assert {"Zuflucht", "Beratung"} <= names


def test_a_hidden_place_has_no_point(client: TestClient, shelter: Shelter) -> None:
    place, only_there, also_there = shelter
    points = unpacked(client.get("/map/points").json())
    assert place.id not in {at for _offer, at, *_ in points}
    offers = {offer for offer, *_ in points}
    assert only_there.id not in offers
    assert also_there.id in offers


def test_the_distance_of_an_offer_is_that_of_its_open_place(client: TestClient, shelter: Shelter) -> None:
    question = f"/offers?near={LON},{LAT}&metres=10000&sort=distance"
    found = {offer["name"]: offer["places"] for offer in client.get(question).json()["results"]}
    assert "Zuflucht" not in found
    assert [place["distance_metres"] for place in found["Beratung"]] == [pytest.approx(3465, abs=10), None]


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    point=st.one_of(
        st.just((None, None)),
        st.tuples(st.floats(13.0, 13.2), st.floats(52.0, 52.1)),
        st.sampled_from([OPEN, (13.1, 52.05), (13.05, 52.05), (0.0, 0.0), (180.0, 90.0)]),
    ),
    street=st.sampled_from(["Anderswo 1", None]),
    probe=st.tuples(st.floats(13.0, 13.2), st.floats(52.0, 52.1), st.floats(1, 20_000)),
)
def test_two_worlds_that_differ_in_the_hidden_address_alone_answer_alike(
    session: Session,
    api: FastAPI,
    client: TestClient,
    shelter: Shelter,
    point: tuple[float | None, float | None],
    street: str | None,
    probe: tuple[float, float, float],
) -> None:
    lon, lat, metres = probe
    questions = [
        f"space=lor:101&near={lon},{lat}&metres={metres}",
        f"near={lon},{lat}&metres={metres}&sort=distance",
        f"bbox={lon},{lat},{lon + 0.01},{lat + 0.01}",
        f"bbox={min(lon, LON)},{min(lat, LAT)},{max(lon, LON)},{max(lat, LAT)}",
    ]
    asked = [
        *(f"/offers?{question}" for question in questions),
        *(f"{path}?{q}" for path in ("/offers/facets", "/map/points") for q in questions if "sort" not in q),
        *(address for number, address in enumerate(addresses(api, session)) if number % 19 == 0),
        *(f"/offers/{offer.id}" for offer in shelter[1:]),
    ]
    with session.begin_nested() as savepoint:
        before = [said(client, address) for address in asked]
        values = {"id": shelter[0].id, "lon": point[0], "lat": point[1], "street": street}
        session.execute(
            text(
                "UPDATE place SET lon = :lon, lat = :lat, street = :street, postcode = NULL, town = NULL"
                " WHERE id = :id"
            ),
            values,
        )
        after = [said(client, address) for address in asked]
        savepoint.rollback()
    for address, one, other in zip(asked, before, after, strict=True):
        assert one == other, address
