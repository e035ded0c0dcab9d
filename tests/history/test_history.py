"""Every creation, change and deletion is recorded, field by field."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from api.core import clock
from api.history import service as history
from api.history.models import Action, Origin, Revision
from api.offers import service as offers
from api.offers.models import Cost, Offer
from api.places import service as places
from api.regions.models import Region
from tests.factories import act, make_offer, make_place


def of(session: Session, entity: str, entity_id: int) -> list[Revision]:
    stmt = select(Revision).where(Revision.entity == entity, Revision.entity_id == entity_id)
    return list(session.exec(stmt.order_by(col(Revision.id))))


def test_a_creation_records_all_values(session: Session, region: Region) -> None:
    offer = make_offer(
        session, region, name="Kurs", verified_on=date(2026, 1, 2), topics=["geld"], cost="free"
    )
    (created,) = of(session, "offer", offer.id)
    assert created.action == Action.CREATE
    said = {field: value["new"] for field, value in created.changes.items()}
    assert (said["name"], said["verified_on"], said["topics"], said["cost"]) == (
        "Kurs",
        "2026-01-02",
        ["geld"],
        "free",
    )
    assert set(said) == set(Offer.model_fields) - {"id"}


def test_a_change_records_what_differs_and_who_and_when(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = make_offer(session, region, name="Kurs", cost=Cost.PAID)
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)
    who = act(region, actor="Frau Beispiel", origin=Origin.LINK)
    values = {"name": "Kurs", "cost": "free", "verified_on": date(2026, 2, 3), "languages": ["tr"]}
    assert offers.change(session, who, offer, values) == ["cost", "verified_on", "languages"]
    changed = of(session, "offer", offer.id)[-1]
    assert (changed.action, changed.actor, changed.origin, changed.at) == (
        Action.CHANGE,
        "Frau Beispiel",
        Origin.LINK,
        noon,
    )
    assert changed.changes == {
        "cost": {"old": "paid", "new": "free"},
        "verified_on": {"old": None, "new": "2026-02-03"},
        "languages": {"old": [], "new": ["tr"]},
    }


def test_a_change_of_nothing_leaves_no_trace(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Kurs")
    assert offers.change(session, act(region), offer, {"name": "Kurs"}) == []
    assert len(of(session, "offer", offer.id)) == 1


def test_a_deletion_records_all_values(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Kurs")
    history.delete(session, act(region), offer)
    deleted = of(session, "offer", offer.id)[-1]
    assert deleted.action == Action.DELETE
    assert deleted.changes["name"] == {"old": "Kurs"}
    assert set(deleted.changes) == set(Offer.model_fields) - {"id"}


def test_a_point_is_recorded_by_its_coordinates_alone(session: Session, region: Region) -> None:
    place = make_place(session, region, 13.123456789012345, 52.1)
    places.change(session, act(region), place, {"lat": 52.2})
    created, changed = of(session, "place", place.id)
    assert "geom" not in created.changes
    assert created.changes["lon"] == {"new": 13.123456789012345}
    assert changed.changes == {"lat": {"old": 52.1, "new": 52.2}}


def test_contacts_and_places_of_an_offer_are_recorded(session: Session, region: Region) -> None:
    make_offer(session, region, make_place(session, region, 13, 52), organization="A", contact={"phone": "1"})
    recorded = {revision.entity for revision in session.exec(select(Revision))}
    assert recorded == {"offer", "place", "offer_at_place", "contact", "organization"}


def test_revisions_stand_in_the_order_of_events(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="A1")
    for number in range(2, 6):
        offers.change(session, act(region), offer, {"name": f"A{number}"})
    names = [revision.changes["name"]["new"] for revision in of(session, "offer", offer.id)]
    assert names == ["A1", "A2", "A3", "A4", "A5"]
