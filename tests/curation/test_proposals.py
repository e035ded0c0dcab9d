"""Proposals: made once, decided once, never against a newer word."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.core.errors import ConflictError
from api.curation import service
from api.curation.models import Decision, Kind, Proposal
from api.history.models import Origin, Revision
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.regions.models import Region
from tests.factories import act, make_offer, make_region
from tests.locks import wait_for_lock


def proposed(session: Session, region: Region, offer: Offer | None, **changes: Any) -> Proposal:
    """Propose new values for fields of an offer."""
    present = {} if offer is None else offer.model_dump(mode="json")
    said = {field: {"old": present.get(field), "new": new} for field, new in changes.items()}
    kind = Kind.CREATE if offer is None else Kind.CHANGE
    made, _is_new = service.propose(
        session,
        act(region, origin=Origin.LINK),
        kind,
        "steht so auf der Seite",
        said,
        offer_id=offer.id if offer else None,
    )
    return made


def test_the_same_proposal_is_made_once(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    first = proposed(session, region, offer, name="Neu")
    assert proposed(session, region, offer, name="Neu").id == first.id
    assert proposed(session, region, offer, name="Anders").id != first.id
    assert proposed(session, region, make_offer(session, region), name="Neu").id != first.id


def test_what_was_declined_is_not_proposed_again(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    first = proposed(session, region, offer, name="Neu")
    service.decline(session, act(region), first)
    assert proposed(session, region, offer, name="Neu").id == first.id


def test_what_events_have_overtaken_can_be_proposed_again(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    first = proposed(session, region, offer, name="Neu")
    service.settle(session, act(region), first, "steht wieder in der Liste")
    assert first.decision == Decision.OBSOLETE
    assert proposed(session, region, offer, name="Neu").id != first.id


def test_accepting_does_what_was_proposed(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt", cost="paid")
    proposal = proposed(session, region, offer, name="Neu", cost="free", verified_on="2026-05-01")
    service.accept(session, act(region, actor="Frau Beispiel"), proposal, "stimmt")
    session.expire(offer)
    assert (offer.name, offer.cost.value, offer.verified_on) == ("Neu", "free", date(2026, 5, 1))
    assert (proposal.decision, proposal.decided_by, proposal.decision_note) == (
        Decision.ACCEPTED,
        "Frau Beispiel",
        "stimmt",
    )
    assert proposal.decided_at is not None
    last = session.exec(select(Revision).order_by(col(Revision.id).desc())).first()
    assert last is not None
    assert set(last.changes) == {"name", "cost", "verified_on"}


def test_accepting_a_withdrawal_archives_the_offer(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    proposal, _new = service.propose(
        session, act(region), Kind.WITHDRAW, "gibt es nicht", {}, offer_id=offer.id
    )
    service.accept(session, act(region), proposal)
    assert offer.status == Status.ARCHIVED


def test_a_proposal_does_not_win_over_a_newer_word(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt", summary="alt")
    proposal = proposed(session, region, offer, name="Neu", summary="neu")
    offers.change(session, act(region), offer, {"name": "Von Hand"})
    with pytest.raises(ConflictError, match="name"):
        service.accept(session, act(region), proposal)
    assert (offer.name, offer.summary, proposal.decision) == ("Von Hand", "alt", Decision.OPEN)


def test_a_change_elsewhere_in_the_offer_does_not_matter(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    proposal = proposed(session, region, offer, name="Neu")
    offers.change(session, act(region), offer, {"summary": "Von Hand"})
    service.accept(session, act(region), proposal)
    assert (offer.name, offer.summary) == ("Neu", "Von Hand")


def test_declining_changes_nothing(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    proposal = proposed(session, region, offer, name="Neu")
    service.decline(session, act(region), proposal, "stimmt nicht")
    assert (offer.name, proposal.decision) == ("Alt", Decision.DECLINED)


@pytest.mark.parametrize("first", [service.accept, service.decline])
@pytest.mark.parametrize("second", [service.accept, service.decline])
def test_nothing_is_decided_twice(session: Session, region: Region, first: Any, second: Any) -> None:
    offer = make_offer(session, region, name="Alt")
    proposal = proposed(session, region, offer, name="Neu")
    first(session, act(region), proposal)
    name, decision = offer.name, proposal.decision
    with pytest.raises(ConflictError, match="decided already"):
        second(session, act(region), proposal)
    assert (offer.name, proposal.decision) == (name, decision)


def test_accepting_a_new_offer_publishes_it(session: Session, region: Region) -> None:
    proposal = proposed(session, region, None, name="Ganz neu")
    service.accept(session, act(region), proposal)
    offer = session.exec(select(Offer)).one()
    assert (offer.name, offer.status, proposal.offer_id) == ("Ganz neu", Status.PUBLISHED, offer.id)


def only(session: Session) -> tuple[Act, Proposal]:
    return act(session.exec(select(Region)).one()), session.exec(select(Proposal)).one()


@pytest.mark.parametrize("decide", [service.accept, service.decline])
def test_of_two_who_decide_at_once_the_second_is_told(database: Engine, decide: Any) -> None:
    with Session(database) as session, session.begin():
        region = make_region(session)
        proposed(session, region, make_offer(session, region, name="Alt"), name="Neu")
    outcomes = []

    def second() -> None:
        with Session(database) as session:
            try:
                decide(session, *only(session))
                session.commit()
            except ConflictError as error:
                outcomes.append(error.detail)

    with Session(database) as first:
        decide(first, *only(first))
        thread = threading.Thread(target=second)
        thread.start()
        wait_for_lock(database)
        first.commit()
    thread.join(timeout=20)
    assert outcomes == ["This proposal has been decided already."]
