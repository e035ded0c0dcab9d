"""Undo of one change: everything comes back, and nobody's later words are lost."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from api.core.errors import ConflictError, NotFoundError
from api.history import service as history
from api.history.models import Origin, Revision
from api.history.undo import Kept, Reason, undo
from api.offers import service as offers
from api.offers.models import Contact, Offer
from api.places import service as places
from api.regions.models import Region
from tests.factories import act, box, make_division, make_offer, make_place, make_space
from tests.places.test_membership import keys


def latest(session: Session) -> Revision:
    revision = session.exec(select(Revision).order_by(col(Revision.id).desc())).first()
    assert revision is not None
    return revision


def test_a_change_is_taken_back_and_that_is_recorded_too(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt", verified_on=date(2026, 1, 1), cost="free")
    offers.change(session, act(region), offer, {"name": "Neu", "verified_on": None, "cost": "paid"})
    changed = latest(session)
    done = undo(session, changed.id, "Frau Beispiel")
    session.expire(offer)
    assert (offer.name, offer.verified_on, offer.cost.value) == ("Alt", date(2026, 1, 1), "free")
    assert (done.removed, done.restored, done.kept) == (0, 1, [])
    taken_back = latest(session)
    assert (taken_back.undoes_id, taken_back.origin, taken_back.actor) == (
        changed.id,
        Origin.UNDO,
        "Frau Beispiel",
    )


def test_a_field_that_was_changed_again_stays(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt", summary="alt")
    offers.change(session, act(region), offer, {"name": "Neu", "summary": "neu"})
    changed = latest(session)
    offers.change(session, act(region), offer, {"name": "Noch neuer"})
    done = undo(session, changed.id, "x")
    assert (offer.name, offer.summary) == ("Noch neuer", "alt")
    assert done.kept == [Kept("offer", offer.id, "Neu", Reason.EDITED, "name")]


def test_a_deleted_entry_comes_back_under_its_number(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Kurs", topics=["geld"], verified_on=date(2026, 1, 1))
    before = offer.model_dump()
    history.delete(session, act(region), offer)
    assert undo(session, latest(session).id, "x").restored == 1
    assert session.get_one(Offer, before["id"]).model_dump() == before
    assert make_offer(session, region).id > before["id"]


def test_a_deleted_place_comes_back_into_its_spaces(session: Session, region: Region) -> None:
    make_space(session, make_division(session, region), "1", box(13, 52, 14, 53))
    place = make_place(session, region, 13.5, 52.5)
    history.delete(session, act(region), place)
    undo(session, latest(session).id, "x")
    assert keys(session, place.id) == ["lor:1"]


def test_a_moved_place_goes_back_into_its_spaces(session: Session, region: Region) -> None:
    division = make_division(session, region)
    make_space(session, division, "1", box(13, 52, 14, 53))
    make_space(session, division, "2", box(14, 52, 15, 53))
    place = make_place(session, region, 13.5, 52.5)
    places.change(session, act(region), place, {"lon": 14.5})
    assert keys(session, place.id) == ["lor:2"]
    undo(session, latest(session).id, "x")
    assert keys(session, place.id) == ["lor:1"]


def test_a_creation_is_taken_back_by_removing(session: Session, region: Region) -> None:
    make_offer(session, region, contact={"phone": "1"})
    assert undo(session, latest(session).id, "x").removed == 1
    assert session.exec(select(Contact)).all() == []


def test_a_creation_that_somebody_has_worked_on_since_stays(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    created = latest(session)
    offers.change(session, act(region), offer, {"name": "Neu"})
    done = undo(session, created.id, "x")
    assert (done.removed, done.kept) == (0, [Kept("offer", offer.id, "Alt", Reason.EDITED)])
    assert offer.name == "Neu"


def test_what_others_depend_on_stays_and_nothing_is_half_done(session: Session, region: Region) -> None:
    place = make_place(session, region, 13.5, 52.5)
    created = latest(session)
    offer = make_offer(session, region, place)
    done = undo(session, created.id, "x")
    assert (done.removed, len(done.kept)) == (0, 1)
    assert [shown.id for shown in offers.get(session, region, offer.id).places] == [place.id]


def test_what_has_been_undone_cannot_be_undone_again(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    offers.change(session, act(region), offer, {"name": "Neu"})
    changed = latest(session)
    undo(session, changed.id, "x")
    with pytest.raises(ConflictError):
        undo(session, changed.id, "x")
    assert offer.name == "Alt"


def test_an_undo_can_be_undone_and_then_the_change_again(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    offers.change(session, act(region), offer, {"name": "Neu"})
    changed = latest(session)
    undo(session, changed.id, "x")
    undo(session, latest(session).id, "x")
    assert offer.name == "Neu"
    undo(session, changed.id, "x")
    assert offer.name == "Alt"


def test_an_unknown_change_is_not_found(session: Session, region: Region) -> None:
    with pytest.raises(NotFoundError):
        undo(session, 999_999, "x")
