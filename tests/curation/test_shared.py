"""A provider and a house belong to all who use them: who looks after some of them asks the others."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from api.accounts import scope
from api.accounts.models import Role
from api.accounts.policy import Action, Granted, Person
from api.core import clock
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import drafts, eyes, past, public, reach, service, shared, sheet
from api.curation.deciding import Verdict
from api.curation.models import Kind, Proposal
from api.curation.sheet_checks import checked
from api.curation.sheet_difference import difference
from api.history.models import Origin
from api.history.undo import Reason
from api.offers.models import Offer
from api.organizations.models import Organization
from api.regions.models import Region
from tests.curation.sheets import AUTHOR, OTHER, by, entry, only, place, point, told
from tests.factories import box, make_division, make_region, make_space

WEST, EAST = point(13.2, 52.5), point(13.7, 52.5)
Changes = dict[str, dict[str, Any]]


@pytest.fixture(autouse=True)
def tick(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A clock that tests move."""
    now = [datetime(2026, 5, 4, 12, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@pytest.fixture
def region(session: Session) -> Region:
    """Two districts."""
    region = make_region(session)
    division = make_division(session, region)
    make_space(session, division, "1", box(13, 52, 13.5, 53))
    make_space(session, division, "2", box(13.5, 52, 14, 53))
    return region


def within(*offers: Offer) -> ColumnElement[bool]:
    """What somebody looks after."""
    return col(Offer.id).in_([one.id for one in offers])


def changes(session: Session, offer: Offer, **new: Any) -> Changes:
    before = sheet.read(session, offer)
    after, errors = checked({**before, **new}, before)
    assert errors == []
    return difference(before, after)


def at_place(session: Session, offer: Offer, **new: Any) -> Changes:
    """Changes of the only place of an offer."""
    key, values = only(sheet.read(session, offer)["places"])
    return changes(session, offer, places={key: {**values, **new}})


def test_the_page_of_a_provider_is_of_all_its_offers(session: Session, region: Region) -> None:
    one, other = (entry(session, region, name=name, organization="Verein") for name in ("Café", "Treff"))
    mine = within(one)
    new = changes(session, one, organization_website="https://neu.example")
    assert shared.of_others(session, region.id, one.id, new, mine) == ["organization_website"]
    assert shared.of_others(session, region.id, one.id, new, within(one, other)) == []
    assert shared.of_others(session, region.id, one.id, changes(session, one, summary="neu"), mine) == []
    moved = changes(session, one, organization="Anderer e. V.", organization_website="https://a.example")
    assert shared.of_others(session, region.id, one.id, moved, mine) == []  # that one is new
    fresh = difference(told(), told(organization="Verein", organization_website="https://böse.example"))
    assert shared.of_others(session, region.id, None, fresh, mine) == ["organization_website"]
    with pytest.raises(InvalidInputError) as refused:
        shared.check(session, region.id, one.id, new, mine)
    assert [(one.field, "zuständig" in one.detail) for one in refused.value.errors] == [
        ("organization_website", True)
    ]


def test_a_house_is_of_all_who_are_in_it_but_moving_out_is_ones_own(session: Session, region: Region) -> None:
    one, other = (
        entry(session, region, name=name, places={"new-1": place(point=WEST)}) for name in ("Café", "Treff")
    )
    mine = within(one)
    key, _values = only(sheet.read(session, one)["places"])
    spelt = at_place(session, one, street="weg 1.")
    assert shared.of_others(session, region.id, one.id, spelt, mine) == [f"places/{key}/street"]
    assert shared.of_others(session, region.id, one.id, spelt, within(one, other)) == []
    for own in ({"street": "Allee 9"}, {"note": "Eingang im Hof"}, {"hours_text": "abends"}):
        assert shared.of_others(session, region.id, one.id, at_place(session, one, **own), mine) == []


def test_a_draft_and_a_decision_that_touch_others_are_told_apart(session: Session, region: Region) -> None:
    one, other = (entry(session, region, name=name, organization="Verein") for name in ("Café", "Treff"))
    act = by(region)
    draft = drafts.open_draft(session, act, one.id)
    new = {**draft.sheet, "organization_website": "https://neu.example"}
    draft = drafts.save_draft(session, act, draft.id, draft.version, new)
    assert drafts.is_of_others(session, act, draft.id, within(one))
    assert not drafts.is_of_others(session, act, draft.id, within(one, other))
    number = drafts.submit(session, act, draft.id, draft.version)
    yes = {"organization_website": Verdict(accepted=True)}
    with pytest.raises(InvalidInputError):
        shared.check_verdicts(session, number, yes, within(one))
    shared.check_verdicts(session, number, {"organization_website": Verdict(accepted=False)}, within(one))
    shared.check_verdicts(session, number, yes, within(one, other))
    assert session.get_one(Organization, one.organization_id).website is None


def test_a_house_that_others_have_come_to_does_not_go_back(
    session: Session, region: Region, tick: list[datetime]
) -> None:
    one = entry(session, region, places={"new-1": place(point=WEST)})
    tick[0] += timedelta(hours=1)
    moved = at_place(session, one, street="Neue Gasse 5", point=EAST) | changes(session, one, summary="neu")
    service.change_at_once(session, by(region), one.id, moved)
    step = past.history(session, region, one.id, reach.sight(admin(region), subject(session, one))).results[0]
    tick[0] += timedelta(hours=1)
    other = entry(session, region, name="Treff", places={"new-1": place(street="Neue Gasse 5", point=EAST)})
    undone = past.undo_step(session, by(region, OTHER), one.id, step.id)
    assert [kept.reason for kept in undone.kept] == [Reason.NEEDED]
    assert one.summary == ""
    for offer in (one, other):
        assert only(sheet.read(session, offer)["places"])[1]["street"] == "Neue Gasse 5"


def test_nothing_but_such_a_house_is_refused_and_a_shared_mistake_can_be_mended(
    session: Session, region: Region, tick: list[datetime]
) -> None:
    one, other = (
        entry(session, region, name=name, places={"new-1": place(point=WEST)}) for name in ("Café", "Treff")
    )
    tick[0] += timedelta(hours=1)
    service.change_at_once(session, by(region), one.id, at_place(session, one, street="weg 1."))
    sight = reach.sight(admin(region), subject(session, one))
    step = past.history(session, region, one.id, sight).results[0]
    with pytest.raises(ConflictError, match=past.SHARED):
        past.undo_step(session, by(region), one.id, step.id, within(one))
    past.undo_step(session, by(region), one.id, step.id, within(one, other))
    for offer in (one, other):
        assert only(sheet.read(session, offer)["places"])[1]["street"] == "Weg 1"


def test_a_draft_about_a_report_is_one_of_the_same_offer(session: Session, region: Region) -> None:
    here = entry(session, region, places={"new-1": place(point=WEST)})
    there = entry(session, region, name="Treff", places={"new-1": place(street="Allee 2", point=EAST)})
    public.report(session, region, there.id, public.About.HOURS, "Das stimmt nicht")
    public.suggest(session, region, {"name": "Neu", "note": "Bitte anrufen"})
    about, fresh = newest(session, 2)
    act = by(region)
    for wrong in (about, fresh):
        with pytest.raises(NotFoundError):
            drafts.open_draft(session, act, here.id, wrong)
    with pytest.raises(ConflictError):
        drafts.new_draft(session, act, about)
    assert drafts.open_draft(session, act, there.id, about).remarks
    assert drafts.new_draft(session, act, fresh).remarks == {"note": "Bitte anrufen"}
    west = Person(1, "", region.id, (Granted(region.id, Role.COORDINATOR, space_ids=spaces(session, here)),))
    with pytest.raises(NotFoundError):
        reach.proposal_for(session, west, Action.DECIDE, about)


def test_who_has_no_account_is_no_second_pair_of_eyes(session: Session, region: Region) -> None:
    region.four_eyes = True
    session.flush()
    public.suggest(session, region, {"name": "Neu", "summary": "Hilfe"})
    (number,) = newest(session, 1)
    assert eyes.needs_other(session, region.id, public.ACTOR, AUTHOR)
    with pytest.raises(ConflictError, match=eyes.ALONE):
        service.accept(session, by(region), session.get_one(Proposal, number))
    act = by(region)
    draft = drafts.new_draft(session, act, number)
    mine = drafts.submit(session, act, draft.id, draft.version)
    with pytest.raises(ConflictError, match=eyes.ALONE):
        service.accept(session, act, session.get_one(Proposal, mine))
    service.accept(session, by(region, OTHER), session.get_one(Proposal, mine))
    assert session.get_one(Proposal, number).decision == "accepted"
    provider = by(region, "provider:7", Origin.LINK)  # somebody known, who answers for it
    told_by, _ = service.propose(session, provider, Kind.CREATE, "", {"name": {"old": None, "new": "Treff"}})
    service.accept(session, act, told_by)


def test_a_draft_has_room_for_fifty_places_and_no_more(session: Session, region: Region) -> None:
    act = by(region)
    draft = drafts.new_draft(session, act)
    many = {f"new-{number}": place(street=f"Weg {number}") for number in range(drafts.PARTS_OF_ONE + 1)}
    with pytest.raises(InvalidInputError) as refused:
        drafts.save_draft(session, act, draft.id, draft.version, {"name": "Café", "places": many})
    assert [(one.field, "höchstens 50" in one.detail) for one in refused.value.errors] == [("places", True)]
    del many["new-0"]
    assert drafts.save_draft(session, act, draft.id, draft.version, {"name": "Café", "places": many}).changes


def admin(region: Region) -> Person:
    return Person(1, "", region.id, (Granted(region.id, Role.ADMIN),))


def subject(session: Session, offer: Offer) -> Any:
    return scope.of_offer(session, offer.id)


def spaces(session: Session, offer: Offer) -> frozenset[int]:
    found: frozenset[int] = scope.of_offer(session, offer.id).space_ids
    assert found
    return found


def newest(session: Session, most: int) -> list[int]:
    """Numbers of the last proposals, in their order."""
    stmt = select(Proposal.id).order_by(col(Proposal.id).desc()).limit(most)
    return sorted(session.scalars(stmt))
