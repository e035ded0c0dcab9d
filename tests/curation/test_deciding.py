"""Deciding field by field: what was accepted is written, what was declined remembered, nobody overwritten."""

import pytest
from sqlmodel import Session, select

from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import previewing, public, service, sheet, viewing
from api.curation.deciding import Verdict, decide
from api.curation.models import Decision, Kind, Proposal
from api.curation.sheet_fields import Changes
from api.curation.sight import EVERYTHING, Sight
from api.history.models import Origin, Revision
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.regions.models import Region
from tests.curation.sheets import AUTHOR, OTHER, by, contact, entry, only, place
from tests.factories import make_offer, make_region

YES, NO = Verdict(accepted=True), Verdict(accepted=False, note="stimmt nicht")


def suggested(session: Session, region: Region, offer: Offer, **new: object) -> int:
    """A provider proposes other values by its link."""
    before = sheet.read(session, offer)
    changes = {path: {"old": before[path], "new": value} for path, value in new.items()}
    act = by(region, "provider:1", Origin.LINK)
    return service.suggest_changes(session, act, offer.id, changes, "bitte ändern")


def test_each_path_is_decided_by_itself(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    number = suggested(session, region, offer, name="Neu", summary="neu")
    outcome = decide(session, by(region), number, {"name": YES})
    assert (outcome.written, outcome.decision) == (["name"], Decision.OPEN)
    outcome = decide(session, by(region), number, {"summary": NO}, "danke")
    assert (offer.name, offer.summary, outcome.decision) == ("Neu", "Hilfe für alle.", Decision.ACCEPTED)
    kept = session.get_one(Proposal, number)
    assert {path: one["decision"] for path, one in kept.decisions.items()} == {
        "name": "accepted",
        "summary": "declined",
    }
    assert (kept.decisions["summary"]["note"], kept.decision_note) == ("stimmt nicht", "danke")
    with pytest.raises(ConflictError, match="decided already"):
        decide(session, by(region), number, {"name": YES})


def test_the_history_says_who_decided_and_where_it_came_from(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    decide(session, by(region), suggested(session, region, offer, name="Neu"), {"name": YES})
    last = session.exec(select(Revision).order_by(Revision.id.desc())).first()  # type: ignore[attr-defined]
    assert last is not None
    assert (last.actor, last.origin) == (AUTHOR, Origin.LINK)


def test_all_declined_is_declined(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    outcome = decide(session, by(region), suggested(session, region, offer, name="Neu"), {"name": NO})
    assert (outcome.decision, offer.name) == (Decision.DECLINED, "Alt")


def test_who_was_faster_is_shown_and_replaced_only_when_seen(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt", summary="alt")
    number = suggested(session, region, offer, name="Neu", summary="neu")
    offers.change(session, by(region, OTHER), offer, {"name": "Dazwischen"})
    outcome = decide(session, by(region), number, {"name": YES, "summary": YES})
    assert (outcome.conflicts, outcome.decision) == ({"name": "Dazwischen"}, Decision.OPEN)
    assert (offer.name, offer.summary) == ("Dazwischen", "neu")
    view = viewing.proposal(session, region, number, EVERYTHING, AUTHOR)
    told = {one.path: (one.is_conflict, one.now, one.decision) for one in view.fields}
    assert told["name"] == (True, "Dazwischen", "conflict")
    offers.change(session, by(region, OTHER), offer, {"name": "Noch einmal"})
    seen = Verdict(accepted=True, seen="Dazwischen")
    assert decide(session, by(region), number, {"name": seen}).conflicts == {"name": "Noch einmal"}
    seen = Verdict(accepted=True, seen="Noch einmal")
    assert decide(session, by(region), number, {"name": seen}).decision == Decision.ACCEPTED
    assert offer.name == "Neu"


def test_what_stands_there_already_needs_no_writing(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    number = suggested(session, region, offer, name="Neu")
    offers.change(session, by(region), offer, {"name": "Neu"})
    outcome = decide(session, by(region), number, {"name": YES})
    assert (outcome.written, outcome.conflicts, outcome.decision) == ([], {}, Decision.ACCEPTED)


def test_half_of_an_address_is_not_written_beside_a_newer_half(session: Session, region: Region) -> None:
    offer = entry(session, region, places={"new-1": place()})
    key, _ = only(sheet.read(session, offer)["places"])
    changes = {
        f"places/{key}/street": {"old": "Weg 1", "new": "Weg 2"},
        f"places/{key}/postcode": {"old": "10369", "new": "10365"},
        f"places/{key}/note": {"old": "", "new": "Hof"},
    }
    number = service.suggest_changes(session, by(region, OTHER), offer.id, changes)
    moved = {f"places/{key}/street": {"old": "Weg 1", "new": "Weg 3"}}
    service.change_at_once(session, by(region), offer.id, moved)
    outcome = decide(session, by(region), number, dict.fromkeys(changes, YES))
    assert outcome.conflicts == {f"places/{key}/street": "Weg 3", f"places/{key}/postcode": "10369"}
    assert outcome.written == [f"places/{key}/note"]


def test_an_address_that_is_to_be_hidden_is_not_accepted_without_hiding_it(
    session: Session, region: Region
) -> None:
    offer = entry(session, region, places={"new-1": place(street="Weg 1")})
    (key,) = sheet.read(session, offer)["places"]
    street, hidden = f"places/{key}/street", f"places/{key}/address_hidden"
    changes: Changes = {street: {"old": "Weg 1", "new": "Schutzgasse 7"}, hidden: {"old": False, "new": True}}
    act = by(region, "provider:1", Origin.LINK)
    number = service.suggest_changes(session, act, offer.id, changes, "bitte verbergen")
    for verdicts in ({street: YES}, {street: YES, hidden: NO}):
        with pytest.raises(InvalidInputError) as refused:
            decide(session, by(region), number, verdicts)
        assert [one.field for one in refused.value.errors] == [hidden]
    assert decide(session, by(region), number, {street: YES, hidden: YES}).conflicts == {}


def test_only_what_is_proposed_here_can_be_decided(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    number = suggested(session, region, offer, name="Neu")
    with pytest.raises(InvalidInputError, match="cost"):
        decide(session, by(region), number, {"cost": YES})
    with pytest.raises(NotFoundError):
        decide(session, by(make_region(session, is_default=False)), number, {"name": YES})


def test_a_report_is_answered_with_an_edit_or_without(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt")
    for text in ("heißt jetzt Neu", "Unsinn"):
        public.report(session, region, offer.id, public.About.OTHER, text)
    first, second = session.exec(select(Proposal).order_by(Proposal.id)).all()  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="answered"):
        decide(session, by(region), first.id, {})
    changes = {"name": {"old": "Alt", "new": "Neu"}}
    assert service.answer(session, by(region), first.id, done=True, note="Danke!", changes=changes) == [
        "name"
    ]
    assert service.answer(session, by(region), second.id, done=False, note="stimmt so") == []
    assert (offer.name, first.decision, second.decision) == ("Neu", Decision.ACCEPTED, Decision.DECLINED)
    assert (first.decision_note, second.decision_note) == ("Danke!", "stimmt so")


def test_words_that_are_no_field_are_never_accepted_unread(session: Session, region: Region) -> None:
    public.suggest(session, region, {"name": "Kiezladen", "contact": "fragt nach mir"})
    said = session.exec(select(Proposal)).one()
    with pytest.raises(ConflictError, match="contact"):
        decide(session, by(region), said.id, {})
    assert decide(session, by(region), said.id, {"name": NO}).decision == Decision.DECLINED


def test_pausing_archiving_and_coming_back_can_be_proposed(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    for status, path in (
        (Status.PAUSED, "paused_until"),
        (Status.ARCHIVED, "status"),
        (Status.PUBLISHED, "status"),
    ):
        number = service.ask_for_state(session, by(region, OTHER), offer.id, status)
        assert decide(session, by(region), number, {path: YES}).written == [path]
        assert offer.status == status
    assert [one.kind for one in session.exec(select(Proposal).order_by(Proposal.id))] == [  # type: ignore[arg-type]
        Kind.PAUSE,
        Kind.WITHDRAW,
        Kind.CHANGE,
    ]


def test_a_hidden_address_and_a_private_contact_are_masked_for_who_may_not_see_them(
    session: Session, region: Region
) -> None:
    offer = entry(
        session,
        region,
        places={"new-1": place(street="Geheimer Weg 1", address_hidden=True)},
        contacts={"new-1": contact(phone="030 GEHEIM", is_public=False)},
    )
    read = sheet.read(session, offer)
    there, who = only(read["places"])[0], only(read["contacts"])[0]
    changes = {
        f"places/{there}/street": {"old": "Geheimer Weg 1", "new": "Geheimer Weg 2"},
        f"contacts/{who}": {"old": read["contacts"][who], "new": None},
    }
    number = service.suggest_changes(session, by(region), offer.id, changes)
    assert "Geheimer" in str(viewing.proposal(session, region, number, EVERYTHING, AUTHOR))
    for sight, secret in ((Sight(professionals=True), "Geheimer"), (Sight(hidden_addresses=True), "GEHEIM")):
        assert secret not in str(viewing.proposal(session, region, number, sight, AUTHOR))


def test_a_proposal_is_previewed_in_parts(session: Session, region: Region) -> None:
    offer = make_offer(session, region, name="Alt", summary="alt")
    number = suggested(session, region, offer, name="Neu", summary="neu")
    with previewing.of_proposal(session, by(region), number, ["name"]) as slug:
        shown = offers.get_by_slug(session, region, slug)
        assert (shown.name, shown.summary) == ("Neu", "alt")
    assert offers.get_by_slug(session, region, offer.slug).name == "Alt"
