"""What people have changed or decided stays as it is: a later import asks, and settles what it asked."""

from sqlmodel import Session, select

from api.curation import service as curation
from api.curation.models import Decision, Kind, Proposal
from api.offers import service as offers
from api.offers.models import Offer
from api.places import service as places
from api.places.models import Place
from api.regions.models import Region
from tests.factories import act
from tests.importers.sample import (
    FULL,
    HERE,
    bring_in,
    mapping,
    only_offer,
    open_proposals,
    row,
    said,
)


def test_never_writes_over_what_a_person_has_changed(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    offers.change(session, act(here), only_offer(session), {"description": "Von Hand."})
    report = bring_in(session, here, [FULL | {"name": "Café Neu"}])
    assert only_offer(session).description == "Von Hand."
    assert only_offer(session).name == "Café Neu"
    assert (report.counts["changed"], report.counts["kept"]) == (1, 1)
    assert said(report, "kept") == [(1, "description", "Ein Mensch hat dieses Feld geändert")]
    assert open_proposals(session) == []


def test_proposes_what_the_source_says_anew_about_a_field_a_person_has_changed(
    session: Session, here: Region
) -> None:
    bring_in(session, here, [FULL])
    offers.change(session, act(here), only_offer(session), {"description": "Von Hand."})
    news = [FULL | {"description": "Neu."}]
    report = bring_in(session, here, news)
    assert (report.counts["proposed"], report.counts["kept"]) == (1, 1)
    proposal = open_proposals(session)[0]
    assert proposal.changes == {"description": {"old": "Von Hand.", "new": "Neu."}}
    again = bring_in(session, here, news)
    assert (again.batch_id, again.counts["unchanged"]) == (None, 1)
    curation.decline(session, act(here), proposal)
    assert bring_in(session, here, news).batch_id is None
    assert only_offer(session).description == "Von Hand."


def test_what_a_person_accepted_belongs_to_the_source_again(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    offers.change(session, act(here), only_offer(session), {"description": "Von Hand."})
    bring_in(session, here, [FULL | {"description": "Neu."}])
    curation.accept(session, act(here), open_proposals(session)[0])
    bring_in(session, here, [FULL | {"description": "Neu."}])
    bring_in(session, here, [FULL | {"description": "Noch neuer."}])
    assert only_offer(session).description == "Noch neuer."


def test_a_proposal_that_its_source_has_taken_back_is_settled(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    offers.change(session, act(here), only_offer(session), {"description": "Von Hand."})
    bring_in(session, here, [FULL | {"description": "Neu."}])
    bring_in(session, here, [FULL])
    assert session.exec(select(Proposal)).one().decision == Decision.OBSOLETE


def test_keeps_the_whole_address_when_a_person_has_moved_the_point(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    places.change(session, act(here), session.exec(select(Place)).one(), {"lon": 13.52})
    bring_in(session, here, [FULL | {"street": "Weg 2"}])
    place = session.exec(select(Place)).one()
    assert (place.street, place.lon) == ("Weg 1", 13.52)
    assert open_proposals(session)[0].changes == {"street": {"old": "Weg 1", "new": "Weg 2"}}
    assert bring_in(session, here, [FULL | {"street": "Weg 2"}]).batch_id is None


def test_only_the_offer_that_moves_leaves_the_shared_house(session: Session, here: Region) -> None:
    bring_in(session, here, [row("1", **HERE), row("2", **HERE)])
    assert len(session.exec(select(Place)).all()) == 1
    there = HERE | {"street": "Weg 9", "lon": 13.51}
    bring_in(session, here, [row("1", **there), row("2", **HERE)])
    assert sorted(place.street or "" for place in session.exec(select(Place))) == ["Weg 1", "Weg 9"]
    # Both moved: they meet again in one house, and the empty one is cleared away.
    bring_in(session, here, [row("1", **there), row("2", **there)])
    assert session.exec(select(Place.street)).all() == ["Weg 9"]
    assert bring_in(session, here, [row("1", **there), row("2", **there)]).batch_id is None


def test_proposes_to_withdraw_what_is_gone_and_deletes_nothing(session: Session, here: Region) -> None:
    bring_in(session, here, [row("1"), row("2")])
    report = bring_in(session, here, [row("1")])
    assert (report.counts["gone"], report.counts["unchanged"]) == (1, 1)
    assert len(session.exec(select(Offer)).all()) == 2
    proposal = open_proposals(session)[0]
    assert (proposal.kind, proposal.source_key) == (Kind.WITHDRAW, "2")
    again = bring_in(session, here, [row("1")])
    assert (again.counts["gone"], again.batch_id) == (1, None)
    assert len(open_proposals(session)) == 1


def test_a_row_that_comes_back_settles_its_withdrawal(session: Session, here: Region) -> None:
    bring_in(session, here, [row("1"), row("2")])
    bring_in(session, here, [row("1")])
    report = bring_in(session, here, [row("1"), row("2")])
    assert report.counts["unchanged"] == 2
    assert session.exec(select(Proposal)).one().decision == Decision.OBSOLETE


def test_a_broken_row_is_not_gone_and_without_keys_nobody_knows(session: Session, here: Region) -> None:
    bring_in(session, here, [row("1"), row("2")])
    assert bring_in(session, here, [row("1"), row("2", name="")]).counts["gone"] == 0
    report = bring_in(session, here, [row("1"), row("")])
    assert report.counts["gone"] == 0
    assert "wurde nicht geprüft" in said(report, "note")[0][2]


def test_a_source_that_is_not_trusted_only_proposes(session: Session, here: Region) -> None:
    told = mapping(source={"trust": "propose"})
    report = bring_in(session, here, [FULL], told)
    assert report.counts["proposed"] == 1
    assert session.exec(select(Offer)).all() == []
    assert open_proposals(session)[0].kind == Kind.CREATE
    assert bring_in(session, here, [FULL], told).batch_id is None


def test_changes_from_a_source_no_longer_trusted_are_proposed(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    told = mapping(source={"trust": "propose"})
    report = bring_in(session, here, [FULL | {"description": "Neu."}], told)
    assert report.counts["proposed"] == 1
    assert only_offer(session).description == "Alt."
    assert open_proposals(session)[0].changes == {"description": {"old": "Alt.", "new": "Neu."}}
