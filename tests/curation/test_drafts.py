"""Drafts: saved as somebody types, nobody else's, and never ahead of what others have written."""

import pytest
from sqlmodel import Session, select

from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import closing, drafts, listing, previewing, public, service, sheet
from api.curation.models import Decision, Proposal
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.regions.models import Region
from tests.curation.sheets import OTHER, by, contact, entry, only, place
from tests.factories import make_offer, make_region


def test_what_is_typed_stays_right_or_wrong_and_is_public_nowhere(session: Session, region: Region) -> None:
    draft = drafts.new_draft(session, by(region))
    session.refresh(region)
    version = region.data_version
    draft = drafts.save_draft(
        session, by(region), draft.id, draft.version, {"name": "Café", "website": "nein"}
    )
    again = drafts.get_draft(session, by(region), draft.id)
    assert (again.sheet["name"], again.sheet["website"]) == ("Café", "nein")
    assert [error.field for error in again.errors] == ["website"]
    session.refresh(region)
    assert region.data_version == version
    assert session.exec(select(Offer)).all() == []


def test_nobody_else_finds_a_draft(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    draft = drafts.open_draft(session, by(region), offer.id)
    draft = drafts.save_draft(session, by(region), draft.id, draft.version, {"name": "Geheim"})
    elsewhere = make_region(session, is_default=False)
    for stranger in (by(region, OTHER), by(elsewhere)):
        with pytest.raises(NotFoundError):
            drafts.get_draft(session, stranger, draft.id)
        assert drafts.drafts_of(session, stranger) == []
    with pytest.raises(NotFoundError):
        closing.open_one(session, by(region), draft.id)
    everything = listing.Wanted(decisions=tuple(Decision))
    assert listing.proposals(session, region, everything).results == []
    assert [one.name for one in drafts.drafts_of(session, by(region))] == ["Geheim"]


def test_an_author_has_one_draft_of_an_offer(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    first = drafts.open_draft(session, by(region), offer.id)
    assert drafts.open_draft(session, by(region), offer.id).id == first.id
    assert drafts.open_draft(session, by(region, OTHER), offer.id).id != first.id
    assert drafts.new_draft(session, by(region)).id == drafts.new_draft(session, by(region)).id


def test_two_windows_do_not_write_over_each_other(session: Session, region: Region) -> None:
    draft = drafts.new_draft(session, by(region))
    drafts.save_draft(session, by(region), draft.id, draft.version, {"name": "Erstes Fenster"})
    with pytest.raises(ConflictError, match="another window"):
        drafts.save_draft(session, by(region), draft.id, draft.version, {"name": "Zweites Fenster"})
    assert drafts.get_draft(session, by(region), draft.id).sheet["name"] == "Erstes Fenster"


def test_what_others_write_meanwhile_is_taken_over_and_not_undone(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt", summary="alt")
    draft = drafts.open_draft(session, by(region), offer.id)
    draft = drafts.save_draft(session, by(region), draft.id, draft.version, {"name": "Neu"})
    offers.change(session, by(region, OTHER), offer, {"summary": "von anderen"})
    draft = drafts.open_draft(session, by(region), offer.id)
    assert (draft.sheet["summary"], draft.conflicts) == ("von anderen", {})
    outcome = drafts.publish_at_once(session, by(region), draft.id, draft.version)
    assert outcome.written == ["name"]
    assert (offer.name, offer.summary) == ("Neu", "von anderen")


@pytest.mark.parametrize(("mine", "name"), [(True, "Meins"), (False, "Anders")])
def test_a_newer_edit_is_shown_and_never_overwritten_unseen(
    session: Session, region: Region, mine: bool, name: str
) -> None:
    offer = make_offer(session, region, name="Alt")
    draft = drafts.open_draft(session, by(region), offer.id)
    draft = drafts.save_draft(
        session, by(region), draft.id, draft.version, {"name": "Meins", "summary": "meine"}
    )
    offers.change(session, by(region, OTHER), offer, {"name": "Anders"})
    outcome = drafts.publish_at_once(session, by(region), draft.id, draft.version)
    assert (outcome.conflicts, outcome.decision) == ({"name": "Anders"}, Decision.DRAFT)
    assert (offer.name, offer.summary) == ("Anders", "Hilfe für alle.")
    draft = drafts.get_draft(session, by(region), draft.id)
    with pytest.raises(ConflictError, match="name"):
        drafts.submit(session, by(region), draft.id, draft.version)
    draft = drafts.keep(session, by(region), draft.id, draft.version, "name", mine=mine)
    assert (draft.conflicts, draft.sheet["name"]) == ({}, name)
    drafts.publish_at_once(session, by(region), draft.id, draft.version)
    assert (offer.name, offer.summary) == (name, "meine")


def test_a_new_offer_is_published_with_all_its_parts(session: Session, region: Region) -> None:
    draft = drafts.new_draft(session, by(region))
    raw = {"name": "Elterncafé", "contacts": {"new-1": contact()}, "places": {"new-1": place()}}
    draft = drafts.save_draft(session, by(region), draft.id, draft.version, raw)
    outcome = drafts.publish_at_once(session, by(region), draft.id, draft.version)
    offer = session.get_one(Offer, outcome.offer_id)
    assert (offer.status, offer.slug, offer.verified_on is not None) == (Status.PUBLISHED, "elterncafe", True)
    assert only(sheet.read(session, offer)["places"])[1] == place()
    with pytest.raises(NotFoundError):
        drafts.get_draft(session, by(region), draft.id)


def test_what_is_wrong_is_neither_submitted_nor_published(session: Session, region: Region) -> None:
    draft = drafts.new_draft(session, by(region))
    draft = drafts.save_draft(session, by(region), draft.id, draft.version, {"topics": ["quatsch"]})
    for end in (drafts.submit, drafts.publish_at_once):
        with pytest.raises(InvalidInputError, match="name"):
            end(session, by(region), draft.id, draft.version)
    draft = drafts.save_draft(
        session, by(region), draft.id, draft.version, {"name": "Café", "topics": ["quatsch"]}
    )
    with pytest.raises(InvalidInputError, match="topics"):
        drafts.submit(session, by(region), draft.id, draft.version)


def test_a_submitted_draft_waits_for_others_and_its_author_may_withdraw_it(
    session: Session, region: Region
) -> None:
    offer = make_offer(session, region, name="Alt")
    draft = drafts.open_draft(session, by(region), offer.id)
    draft = drafts.save_draft(session, by(region), draft.id, draft.version, {"name": "Neu"})
    number = drafts.submit(session, by(region), draft.id, draft.version, "so heißt es jetzt")
    proposal = session.get_one(Proposal, number)
    assert (proposal.decision, proposal.reason, proposal.base) == (Decision.OPEN, "so heißt es jetzt", None)
    with pytest.raises(NotFoundError):
        service.withdraw(session, by(region, OTHER), number)
    service.withdraw(session, by(region), number)
    assert (proposal.decision, offer.name) == (Decision.OBSOLETE, "Alt")


def test_a_suggestion_becomes_a_draft_with_its_words_beside_it_and_is_done_with_it(
    session: Session, region: Region
) -> None:
    public.suggest(session, region, {"name": "Kiezladen", "address": "neben der Schule"})
    about = session.exec(select(Proposal)).one()
    draft = drafts.new_draft(session, by(region), about.id)
    assert (draft.sheet["name"], draft.remarks) == ("Kiezladen", {"address": "neben der Schule"})
    drafts.publish_at_once(session, by(region), draft.id, draft.version)
    session.refresh(about)
    assert (about.decision, about.decided_by) == (Decision.ACCEPTED, by(region).actor)


def test_a_preview_shows_it_as_it_will_be_and_leaves_nothing(session: Session, region: Region) -> None:
    offer = entry(session, region, name="Alt", places={"new-1": place()})
    key, values = only(sheet.read(session, offer)["places"])
    draft = drafts.open_draft(session, by(region), offer.id)
    raw = {"name": "Neu", "places": {key: {**values, "street": "Weg 7"}}}
    draft = drafts.save_draft(session, by(region), draft.id, draft.version, raw)
    with previewing.of_draft(session, by(region), draft.id) as slug:
        shown = offers.get_by_slug(session, region, slug)
        assert (shown.name, shown.places[0].street) == ("Neu", "Weg 7")
    shown = offers.get_by_slug(session, region, offer.slug)
    assert (shown.name, shown.places[0].street) == ("Alt", "Weg 1")
    assert drafts.get_draft(session, by(region), draft.id).sheet["name"] == "Neu"
