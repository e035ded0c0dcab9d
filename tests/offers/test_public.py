"""Only what is published leaves the house: no drafts, no contacts for professionals, no other region."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.offers import service
from api.offers.models import Status
from api.offers.schemas import ContactIn
from api.regions.models import Region
from tests.factories import act, make_offer, make_place, make_region, make_topic

NOT_PUBLIC = [status for status in Status if status != Status.PUBLISHED]
LISTS = ["/offers", "/offers?near=13.5,52.5", "/offers?topic=geld", "/organizations", "/map/points"]


@pytest.mark.parametrize("status", NOT_PUBLIC)
def test_hides_what_is_not_published(
    session: Session, region: Region, client: TestClient, status: Status
) -> None:
    make_topic(session, "geld")
    place = make_place(session, region, 13.5, 52.5, street="Entwurfsweg 9")
    offer = make_offer(
        session, region, place, name="Entwurf", organization="Entwerfer", topics=["geld"], status=status
    )
    for address in LISTS:
        body = client.get(address).text
        for secret in ("Entwurf", "Entwerfer", f"[{offer.id}]"):
            assert secret not in body, address
    counted = client.get("/offers/facets").json()
    assert (counted["total"], counted["points"], counted["topic"]) == (0, 0, {})
    assert client.get(f"/offers/{offer.id}").status_code == 404


def test_another_region_cannot_be_read_through_this_one(
    session: Session, region: Region, client: TestClient
) -> None:
    elsewhere = make_region(session, slug="anderswo", is_default=False)
    offer = make_offer(
        session, elsewhere, make_place(session, elsewhere, 13.5, 52.5), name="Anderswo", organization="Fremd"
    )
    for address in ("/offers", "/offers?near=13.5,52.5", "/organizations"):
        assert client.get(address).json()["total"] == 0
    assert client.get("/map/points").json()["offers"] == []
    assert client.get("/offers/facets").json()["total"] == 0
    assert client.get(f"/offers/{offer.id}").status_code == 404
    assert client.get(f"/offers/{offer.id}?region=anderswo").json()["name"] == "Anderswo"


def test_contacts_for_professionals_are_not_shown(
    session: Session, region: Region, client: TestClient
) -> None:
    offer = make_offer(
        session,
        region,
        contact={
            "label": "Fachkräfte",
            "phone": "030 999",
            "email": "intern@amt.example",
            "is_public": False,
        },
    )
    service.set_contact(session, act(region), offer, ContactIn(label="Büro", phone="030 111"))
    for address in ("/offers", f"/offers/{offer.id}"):
        body = client.get(address).text
        assert "030 111" in body
        for secret in ("030 999", "intern@", "Fachkräfte"):
            assert secret not in body
    shown = client.get(f"/offers/{offer.id}").json()
    assert (shown["phone"], [contact["label"] for contact in shown["contacts"]]) == ("030 111", ["Büro"])


def test_without_a_public_number_none_is_shown(session: Session, region: Region, client: TestClient) -> None:
    make_offer(session, region, contact={"phone": "030 999", "is_public": False})
    assert client.get("/offers").json()["results"][0]["phone"] is None


def test_what_belongs_to_the_house_alone_has_no_field(
    session: Session, region: Region, client: TestClient
) -> None:
    offer = make_offer(session, region, make_place(session, region, 13.5, 52.5), organization="Träger")
    shown = client.get(f"/offers/{offer.id}").json()
    assert not {"status", "region_id", "verify_within_days", "raw", "mapped"} & set(shown)
    assert set(shown["organization"]) == {"id", "name", "website"}
