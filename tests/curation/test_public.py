"""What anybody may say: kept as a proposal, never published, never more than people can read."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from api.core import clock
from api.core.errors import ConflictError, TooManyError
from api.curation import public, service
from api.curation.models import Decision, Kind, Proposal
from api.history.models import Origin
from api.regions.models import Region
from tests.factories import act, make_offer, make_region


def kept(session: Session) -> list[Proposal]:
    return list(session.exec(select(Proposal).order_by(col(Proposal.id))))


def test_a_note_is_a_proposal_that_nobody_can_accept_unread(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    public.report(session, region, offer.id, public.About.HOURS, "Montag zu")
    (note,) = kept(session)
    assert (note.kind, note.origin, note.actor) == (Kind.CHANGE, Origin.FORM, "public")
    assert note.changes == {"report": {"old": None, "new": {"about": "hours", "text": "Montag zu"}}}
    assert note.decision == Decision.OPEN
    with pytest.raises(ConflictError, match="by hand"):
        service.accept(session, act(region), note)


def test_two_notes_on_one_offer_are_both_kept_and_equal_ones_once(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    for text in ("zu", "offen", "zu"):
        public.report(session, region, offer.id, public.About.HOURS, text)
    assert len(kept(session)) == 2
    # What was answered in spring may be true again in autumn.
    service.answer(session, act(region), kept(session)[0].id, done=True)
    public.report(session, region, offer.id, public.About.HOURS, "zu")
    assert sorted(one.decision for one in kept(session)) == ["accepted", "open", "open"]


def test_a_suggestion_keeps_what_was_said(session: Session, region: Region) -> None:
    public.suggest(session, region, {"name": "Kiezladen", "topics": ["familie"]})
    (said,) = kept(session)
    assert (said.kind, said.offer_id) == (Kind.CREATE, None)
    assert said.changes["name"] == {"old": None, "new": "Kiezladen"}


def test_answers_leave_room_for_whoever_writes(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST_IN_AN_HOUR", 4)
    one, other = (make_offer(session, region) for _ in range(2))
    for about in (public.About.FULL, public.About.DETAILS):
        public.report(session, region, one.id, about, "")
    with pytest.raises(TooManyError):
        public.report(session, region, other.id, public.About.FULL, "")
    public.report(session, region, other.id, public.About.HOURS, "zu")
    public.suggest(session, region, {"name": "Kiezladen"})
    assert len(kept(session)) == 4


def test_nobody_fills_the_database_and_other_regions_are_not_troubled(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(public.MOST_IN_AN_HOUR):
        public.suggest(session, region, {"name": f"Angebot {number}"})
    with pytest.raises(TooManyError):
        public.suggest(session, region, {"name": "noch eins"})
    public.suggest(session, make_region(session, is_default=False), {"name": "anderswo"})
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    public.suggest(session, region, {"name": "noch eins"})
    monkeypatch.setattr(public, "MOST_OPEN", public.MOST_IN_AN_HOUR + 1)
    with pytest.raises(TooManyError):
        public.suggest(session, region, {"name": "und noch eins"})
