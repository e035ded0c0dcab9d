"""Providers, found by their name."""

from sqlmodel import Session
from starlette.testclient import TestClient

from api.offers.models import Status
from api.organizations import service
from api.regions.models import Region
from tests.factories import act, make_offer, make_region


def test_blanks_do_not_make_another_provider(session: Session, region: Region) -> None:
    first = service.named(session, act(region), "Verein  für\u00a0Beispiele ")
    assert service.named(session, act(region), "Verein für Beispiele").id == first.id
    assert first.name == "Verein für Beispiele"


def test_each_region_has_its_own_providers(session: Session, region: Region) -> None:
    elsewhere = make_region(session, is_default=False)
    first, second = (service.named(session, act(where), "Caritas") for where in (region, elsewhere))
    assert first.id != second.id


def test_providers_are_listed_by_name_with_what_they_have_published(
    session: Session, region: Region, client: TestClient
) -> None:
    for name in ("Zuflucht", "Übergang", "ulme", "Anker"):
        make_offer(session, region, organization=name)
    make_offer(session, region, organization="Anker")
    make_offer(session, region, organization="Anker", status=Status.DRAFT)
    make_offer(session, region, organization="Nur Entwürfe", status=Status.DRAFT)
    make_offer(session, make_region(session, is_default=False), organization="Anderswo")
    listed = client.get("/organizations").json()
    assert [(one["name"], one["offers"]) for one in listed["results"]] == [
        ("Anker", 2),
        ("Übergang", 1),
        ("ulme", 1),
        ("Zuflucht", 1),
    ]
    assert listed["total"] == 4


def test_providers_come_in_pages(session: Session, region: Region, client: TestClient) -> None:
    for number in range(5):
        make_offer(session, region, organization=f"Träger {number}")
    pages = [client.get(f"/organizations?per_page=2&page={page}").json() for page in (1, 2, 3, 4)]
    assert [[one["name"][-1] for one in page["results"]] for page in pages] == [
        ["0", "1"],
        ["2", "3"],
        ["4"],
        [],
    ]
    assert {page["total"] for page in pages} == {5}
