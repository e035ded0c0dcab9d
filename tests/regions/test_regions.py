"""Which region a visitor means."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core.errors import NotFoundError
from api.regions import service
from tests.factories import make_offer, make_region


def test_the_host_name_decides_on_the_region(session: Session) -> None:
    make_region(session, slug="stadt")
    kreis = make_region(session, slug="kreis", is_default=False, hostnames=["kreis.example"])
    assert service.of_host(session, "kreis.example").id == kreis.id
    assert service.of_host(session, "KREIS.Example").id == kreis.id


def test_an_unknown_host_name_means_the_default_region(session: Session) -> None:
    make_region(session, slug="kreis", is_default=False, hostnames=["kreis.example"])
    stadt = make_region(session, slug="stadt")
    assert service.of_host(session, "anders.example").id == stadt.id
    assert service.of_host(session, "").id == stadt.id


def test_an_installation_without_regions_says_so(session: Session, client: TestClient) -> None:
    with pytest.raises(NotFoundError):
        service.of_host(session, "localhost")
    answer = client.get("/offers")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_the_question_can_name_the_region(session: Session, client: TestClient) -> None:
    make_offer(session, make_region(session, slug="stadt"), name="In der Stadt")
    kreis = make_region(session, slug="kreis", is_default=False, hostnames=["kreis.example"])
    make_offer(session, kreis, name="Im Kreis")

    def names(address: str, host: str) -> list[str]:
        return [offer["name"] for offer in client.get(address, headers={"host": host}).json()["results"]]

    assert names("/offers", "localhost") == ["In der Stadt"]
    assert names("/offers", "kreis.example:8000") == ["Im Kreis"]
    assert names("/offers?region=kreis", "localhost") == ["Im Kreis"]
    assert names("/offers?region=stadt", "kreis.example") == ["In der Stadt"]


@pytest.mark.parametrize("slug", ["gibtesnicht", "%00", "a" * 5000, ""])
def test_an_unknown_region_is_not_found(session: Session, client: TestClient, slug: str) -> None:
    make_region(session)
    answer = client.get(f"/offers?region={slug}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert len(answer.text) < 500


def test_regions_are_listed_with_the_default_first(session: Session, client: TestClient) -> None:
    make_region(session, slug="kreis", name="Aachen", is_default=False)
    make_region(session, slug="stadt", name="Zwickau", hostnames=["zwickau.example"])
    listed = client.get("/regions").json()
    assert [region["slug"] for region in listed] == ["stadt", "kreis"]
    assert listed[0]["hostnames"] == ["zwickau.example"]
    assert "data_version" not in listed[0]


def test_the_list_of_regions_refuses_unknown_parameters(session: Session, client: TestClient) -> None:
    answer = client.get("/regions?slug=stadt")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "slug")
