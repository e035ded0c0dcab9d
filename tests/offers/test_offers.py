"""One offer: entered, changed and shown."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import clock
from api.core.errors import NotFoundError
from api.offers import service
from api.offers.schemas import ContactIn, OfferIn
from api.regions.models import Region
from tests.factories import (
    act,
    box,
    make_audience,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_space,
    make_topic,
)


def test_an_offer_is_shown_with_everything_that_is_public(
    session: Session, region: Region, client: TestClient
) -> None:
    make_topic(session, "geld")
    make_audience(session, "eltern")
    make_space(session, make_division(session, region), "101", box(13.0, 52.0, 14.0, 53.0))
    place = make_place(session, region, 13.5, 52.5, name="Haus", street="Weg 1", wheelchair="yes")
    offer = make_offer(
        session,
        region,
        place,
        name="Schuldnerberatung",
        organization="Verein",
        contact={"label": "Büro", "phone": "030 1", "email": "info@verein.example"},
        topics=["geld", "gibtesnichtmehr"],
        audiences=["eltern"],
        languages=["de", "tr"],
        serves=["lor:101", "lor:weg"],
        website="https://verein.example",
        description="Wir helfen.",
    )
    shown = client.get(f"/offers/{offer.id}").json()
    assert shown["slug"] == "schuldnerberatung"
    assert [topic["slug"] for topic in shown["topics"]] == ["geld"]
    assert [audience["slug"] for audience in shown["audiences"]] == ["eltern"]
    assert [space["key"] for space in shown["serves"]] == ["lor:101"]
    assert shown["contacts"] == [{"label": "Büro", "phone": "030 1", "email": "info@verein.example"}]
    assert shown["organization"]["name"] == "Verein"
    assert shown["places"] == [
        {
            "id": place.id,
            "name": "Haus",
            "street": "Weg 1",
            "postcode": "10369",
            "town": "Berlin",
            "lon": 13.5,
            "lat": 52.5,
            "precision": None,
            "address_hidden": False,
            "wheelchair": "yes",
            "space_name": "Viertel 101",
            "space_slug": "viertel-101",
            "distance_metres": None,
            "matches": True,
            "hours_text": "",
            "note": "",
            "hours": None,
        }
    ]


def test_an_offer_without_a_provider_has_none(session: Session, region: Region, client: TestClient) -> None:
    offer = make_offer(session, region)
    assert client.get(f"/offers/{offer.id}").json()["organization"] is None


def test_equal_names_get_addresses_of_their_own(session: Session, region: Region) -> None:
    slugs = [make_offer(session, region, name=name).slug for name in ("Café", "Cafe", "Café", "Cafe 2")]
    assert slugs == ["cafe", "cafe-2", "cafe-3", "cafe-2-2"]
    assert make_offer(session, make_region(session, is_default=False), name="Café").slug == "cafe"
    assert service.get_by_slug(session, region, "cafe-3").name == "Café"
    with pytest.raises(NotFoundError):
        service.get_by_slug(session, region, "cafe-9")


def test_an_address_stays_when_the_name_changes(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Elterncafé")
    assert service.change(session, act(region), offer, {"name": "Frühstück", "summary": offer.summary}) == [
        "name"
    ]
    assert offer.slug == "elterncafe"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x"},
        {"name": "x" * 201},
        {"min_age": 10, "max_age": 9},
        {"min_age": -1},
        {"max_age": 121},
        {"resource_level": 1},
        {"cost": "cheap"},
        {"website": "javascript:alert(1)"},
        {"website": "https://a b"},
        {"verify_within_days": 0},
        {"status": "public"},
    ],
)
def test_refuses_what_cannot_be_an_offer(session: Session, region: Region, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OfferIn(**{"name": "Angebot", **changes})
    offer = make_offer(session, region)
    with pytest.raises(ValidationError):
        service.change(session, act(region), offer, changes)


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@c.de", "a@b.de>", "<a@b.de"])
def test_refuses_what_cannot_be_a_mail_address(email: str) -> None:
    with pytest.raises(ValidationError):
        ContactIn(email=email)


def test_attaching_twice_brings_the_place_up_to_date(session: Session, region: Region) -> None:
    place = make_place(session, region, 13.5, 52.5)
    offer = make_offer(session, region, place)
    again = service.attach(session, act(region), offer, place, "Mo 9–12", "Hinterhaus")
    (shown,) = service.get(session, region, offer.id).places
    assert (shown.hours_text, shown.note) == ("Mo 9–12", "Hinterhaus")
    service.detach(session, act(region), again)
    assert service.get(session, region, offer.id).places == []


def test_a_contact_is_known_by_its_label(session: Session, region: Region) -> None:
    offer = make_offer(session, region, contact={"label": "Büro", "phone": "1"})
    service.set_contact(session, act(region), offer, ContactIn(label="Büro", phone="2"))
    service.set_contact(session, act(region), offer, ContactIn(label="Leitung", phone="3"))
    shown = service.get(session, region, offer.id)
    assert [(contact.label, contact.phone) for contact in shown.contacts] == [("Büro", "2"), ("Leitung", "3")]
    assert shown.phone == "2"


def test_an_offer_is_due_the_day_after_its_last_check_runs_out(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = make_offer(session, region, verified_on=date(2026, 1, 1), verify_within_days=30)
    for hour, is_due in ((22, False), (23, True)):  # 23 UTC is midnight in Berlin
        at = datetime(2026, 1, 31, hour, 30, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        shown = service.get(session, region, offer.id)
        assert (shown.due_on, shown.is_due) == (date(2026, 1, 31), is_due)


def test_an_offer_that_was_never_checked_is_due(session: Session, region: Region) -> None:
    shown = service.get(session, region, make_offer(session, region).id)
    assert (shown.due_on, shown.is_due) == (None, True)
