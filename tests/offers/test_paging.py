"""Pages and order: stable, in German, never more than asked for."""

from datetime import date

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.regions.models import Region
from tests.factories import make_offer, make_place


def names(client: TestClient, question: str = "") -> list[str]:
    return [offer["name"] for offer in client.get(f"/offers?{question}").json()["results"]]


def test_names_stand_in_german_order(session: Session, region: Region, client: TestClient) -> None:
    for name in ("Zirkel", "Öffnung", "ofen", "Straße", "Strasse 2", "Äpfel", "„Spatzennest“"):
        make_offer(session, region, name=name)
    assert names(client) == ["Äpfel", "ofen", "Öffnung", "„Spatzennest“", "Straße", "Strasse 2", "Zirkel"]


@pytest.mark.parametrize("sort", ["name", "verified", "distance"])
def test_equal_names_come_on_one_page_each(
    session: Session, region: Region, client: TestClient, sort: str
) -> None:
    place = make_place(session, region, 13.5, 52.5)
    made = {make_offer(session, region, place, name="Gleich").id for _number in range(7)}
    question = f"/offers?near=13.5,52.5&sort={sort}&per_page=2"
    pages = [client.get(f"{question}&page={page}").json()["results"] for page in (1, 2, 3, 4, 5)]
    assert [len(page) for page in pages] == [2, 2, 2, 1, 0]
    assert [offer["id"] for page in pages for offer in page] == sorted(made)


def test_the_envelope_says_where_one_is(session: Session, region: Region, client: TestClient) -> None:
    for _number in range(3):
        make_offer(session, region)
    answer = client.get("/offers?page=2&per_page=2").json()
    assert {name: answer[name] for name in ("total", "page", "per_page")} == {
        "total": 3,
        "page": 2,
        "per_page": 2,
    }
    assert set(answer) == {"total", "results", "page", "per_page"}


def test_a_page_holds_twenty_unless_asked_and_two_hundred_at_most(
    session: Session, region: Region, client: TestClient
) -> None:
    for _number in range(201):
        make_offer(session, region)
    assert len(names(client)) == 20
    assert len(names(client, "per_page=200")) == 200
    assert len(names(client, "per_page=200&page=2")) == 1
    assert client.get("/offers?per_page=201").status_code == 422


def test_the_last_checked_come_first_and_the_unchecked_last(
    session: Session, region: Region, client: TestClient
) -> None:
    make_offer(session, region, name="nie")
    make_offer(session, region, name="alt", verified_on=date(2020, 1, 1))
    make_offer(session, region, name="neu", verified_on=date(2026, 1, 1))
    assert names(client, "sort=verified") == ["neu", "alt", "nie"]


def test_the_nearest_place_of_an_offer_decides_on_its_distance(
    session: Session, region: Region, client: TestClient
) -> None:
    near, middle, far = (make_place(session, region, 13.5, 52.5 + step) for step in (0.01, 0.02, 0.03))
    make_offer(session, region, [far, near], name="Fern und nah")
    make_offer(session, region, middle, name="Mitte")
    make_offer(session, region, far, name="Fern")
    assert names(client, "near=13.5,52.5&metres=9000&sort=distance") == ["Fern und nah", "Mitte", "Fern"]
