"""Pausing, archiving, coming back; and four eyes, where a region wants them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from api.core import clock
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import drafts, eyes, service, states
from api.curation.deciding import Verdict, decide
from api.curation.models import Decision
from api.history.models import Origin, Revision
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.regions.models import Region
from tests.curation.sheets import AUTHOR, OTHER, by
from tests.factories import make_offer, make_region

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
YES = Verdict(accepted=True)


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: instant)


def test_a_pause_ends_by_itself_on_its_day_and_leaves_a_revision(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOON)
    offer = make_offer(session, region)
    states.pause(session, by(region), offer.id, date(2026, 5, 6))
    with pytest.raises(NotFoundError):
        offers.get(session, region, offer.id)
    # In Berlin the day begins at ten in the evening, UTC.
    at(monkeypatch, datetime(2026, 5, 5, 21, 59, tzinfo=UTC))
    assert states.end_pauses(session) == []
    at(monkeypatch, datetime(2026, 5, 5, 22, 1, tzinfo=UTC))
    session.refresh(region)
    version = region.data_version
    assert states.end_pauses(session) == [offer.id]
    assert states.end_pauses(session) == []
    assert offers.get(session, region, offer.id).id == offer.id
    last = session.exec(select(Revision).order_by(col(Revision.id).desc())).first()
    assert last is not None
    assert (last.actor, last.origin, last.changes["status"]["new"]) == (
        states.ACTOR,
        Origin.COMMAND,
        "published",
    )
    session.refresh(region)
    assert region.data_version >= version


def test_a_pause_without_a_day_lasts_until_somebody_ends_it(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    states.pause(session, by(region), offer.id, None)
    assert states.end_pauses(session) == []
    states.bring_back(session, by(region), offer.id)
    assert (offer.status, offer.paused_until) == (Status.PUBLISHED, None)


def test_an_archived_offer_is_gone_for_residents_and_comes_back(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    states.archive(session, by(region), offer.id)
    with pytest.raises(NotFoundError):
        offers.get(session, region, offer.id)
    with pytest.raises(ConflictError):
        states.pause(session, by(region), offer.id, None)
    states.bring_back(session, by(region), offer.id)
    assert offers.get(session, region, offer.id).id == offer.id


@pytest.mark.parametrize("days", [-1, 0, 800])
def test_nothing_pauses_until_a_day_that_is_not_to_come(session: Session, region: Region, days: int) -> None:
    offer = make_offer(session, region)
    until = clock.today(region.timezone) + timedelta(days=days)
    for ask in (
        lambda: states.pause(session, by(region), offer.id, until),
        lambda: service.ask_for_state(session, by(region), offer.id, Status.PAUSED, until),
    ):
        with pytest.raises(InvalidInputError, match="paused_until"):
            ask()


def test_offers_of_other_regions_are_not_found(session: Session, region: Region) -> None:
    offer = make_offer(session, make_region(session, is_default=False))
    for act in (states.archive, states.bring_back):
        with pytest.raises(NotFoundError):
            act(session, by(region), offer.id)


@pytest.fixture
def careful(session: Session) -> Region:
    """A region in which nobody publishes alone."""
    return make_region(session, four_eyes=True)


def test_with_four_eyes_nobody_accepts_what_they_proposed_themselves(
    session: Session, careful: Region
) -> None:
    draft = drafts.new_draft(session, by(careful))
    draft = drafts.save_draft(session, by(careful), draft.id, draft.version, {"name": "Café"})
    with pytest.raises(ConflictError, match="somebody else"):
        drafts.publish_at_once(session, by(careful), draft.id, draft.version)
    number = drafts.submit(session, by(careful), draft.id, draft.version)
    assert eyes.needs_other(session, careful.id, AUTHOR, AUTHOR)
    with pytest.raises(ConflictError, match="somebody else"):
        decide(session, by(careful), number, {"name": YES})
    assert session.exec(select(Offer)).all() == []
    assert decide(session, by(careful, OTHER), number, {}).decision == Decision.ACCEPTED
    assert session.exec(select(Offer)).one().name == "Café"


def test_with_four_eyes_one_may_decline_or_withdraw_alone(session: Session, careful: Region) -> None:
    offer = make_offer(session, careful, name="Alt")
    changes = {"name": {"old": "Alt", "new": "Neu"}}
    number = service.suggest_changes(session, by(careful), offer.id, changes)
    no = Verdict(accepted=False)
    assert decide(session, by(careful), number, {"name": no}).decision == Decision.DECLINED


def test_with_four_eyes_no_state_changes_at_once(session: Session, careful: Region) -> None:
    offer = make_offer(session, careful)
    for act in (states.archive, states.bring_back):
        with pytest.raises(ConflictError, match="somebody else"):
            act(session, by(careful), offer.id)
    with pytest.raises(ConflictError, match="somebody else"):
        states.pause(session, by(careful), offer.id, None)
    with pytest.raises(ConflictError, match="somebody else"):
        service.change_at_once(session, by(careful), offer.id, {})
    number = service.ask_for_state(session, by(careful), offer.id, Status.ARCHIVED)
    with pytest.raises(ConflictError, match="somebody else"):
        decide(session, by(careful), number, {"status": YES})
    decide(session, by(careful, OTHER), number, {"status": YES})
    assert offer.status == Status.ARCHIVED
