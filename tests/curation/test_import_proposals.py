"""What lists propose: decided like anything else, known to the next import, and not asked again."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from api.curation import service, sheet
from api.curation.deciding import Verdict, decide
from api.curation.models import Decision, Proposal
from api.offers import service as offers
from api.places import service as places
from api.places.models import Place
from api.regions.models import Region
from api.sources.models import SourceRecord
from tests.curation.sheets import by, only
from tests.factories import make_offer
from tests.importers.sample import (
    FULL,
    HERE,
    bring_in,
    make_lichtenberg,
    mapping,
    only_offer,
    open_proposals,
    row,
)

YES, NO = Verdict(accepted=True), Verdict(accepted=False)
PROPOSES = mapping(source={"trust": "propose"})


@pytest.fixture
def here(session: Session) -> Region:
    return make_lichtenberg(session)


def test_an_accepted_new_row_is_an_offer_that_the_next_import_knows(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL], PROPOSES)
    outcome = decide(session, by(here), open_proposals(session)[0].id, {})
    offer = only_offer(session)
    read = sheet.read(session, offer)
    assert (outcome.offer_id, offer.name, read["organization"]) == (offer.id, "Café", "Verein e.V.")
    assert (only(read["contacts"])[1]["phone"], only(read["places"])[1]["street"]) == ("030 12345", "Weg 1")
    assert str(offer.verified_on) == "2026-03-01"
    assert bring_in(session, here, [FULL], PROPOSES).batch_id is None
    report = bring_in(session, here, [FULL | {"description": "Neu."}])
    assert (report.counts["changed"], only_offer(session).description) == (1, "Neu.")


def test_what_was_declined_of_a_new_row_stays_away(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL], PROPOSES)
    decide(session, by(here), open_proposals(session)[0].id, {"description": NO, "contacts/new-1": NO})
    for told in (PROPOSES, mapping()):
        bring_in(session, here, [FULL], told)
    offer = only_offer(session)
    assert (offer.description, sheet.read(session, offer)["contacts"]) == ("", {})
    assert open_proposals(session) == []


def test_a_declined_new_row_is_not_asked_again(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL], PROPOSES)
    outcome = decide(session, by(here), open_proposals(session)[0].id, {"name": NO})
    assert outcome.decision == Decision.DECLINED
    assert bring_in(session, here, [FULL], PROPOSES).batch_id is None
    assert session.exec(select(SourceRecord)).all() == []


def test_of_a_change_only_what_was_not_declined_is_asked_again(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    offers.change(session, by(here), only_offer(session), {"description": "Von Hand.", "name": "Hand"})
    news: dict[str, Any] = {"description": "Neu.", "name": "Café Neu"}
    bring_in(session, here, [FULL | news])
    decide(session, by(here), open_proposals(session)[0].id, {"name": YES, "description": NO})
    bring_in(session, here, [FULL | news])
    assert open_proposals(session) == []
    offers.change(session, by(here), only_offer(session), {"name": "Wieder Hand"})
    bring_in(session, here, [FULL | news | {"name": "Café Ganz Neu"}])
    assert [list(one.changes) for one in open_proposals(session)] == [["name"]]


def test_a_moved_row_moves_the_offer_and_its_contact_is_the_one_it_wrote(
    session: Session, here: Region
) -> None:
    bring_in(session, here, [FULL])
    bring_in(session, here, [FULL | {"street": "Weg 5", "lon": "13,51", "phone": "030 99"}], PROPOSES)
    proposal = open_proposals(session)[0]
    offer = only_offer(session)
    there, who = (only(sheet.read(session, offer)[kind])[0] for kind in ("places", "contacts"))
    paths = [f"places/{there}/street", f"places/{there}/point", f"contacts/{who}/phone"]
    outcome = decide(session, by(here), proposal.id, dict.fromkeys(paths, YES))
    assert (sorted(outcome.written), outcome.decision) == (sorted(paths), Decision.ACCEPTED)
    place = session.exec(select(Place)).one()
    assert (place.street, place.lon, place.lat) == ("Weg 5", 13.51, 52.5)


def test_an_address_that_somebody_has_moved_since_is_a_conflict(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    bring_in(session, here, [FULL | {"street": "Weg 5"}], PROPOSES)
    places.change(session, by(here), session.exec(select(Place)).one(), {"street": "Weg 3"})
    there = only(sheet.read(session, only_offer(session))["places"])[0]
    outcome = decide(session, by(here), open_proposals(session)[0].id, {f"places/{there}/street": YES})
    assert outcome.conflicts == {f"places/{there}/street": "Weg 3"}


def test_hours_of_a_list_take_away_no_single_date_that_people_have_set(
    session: Session, here: Region
) -> None:
    told = FULL | {"hours": "Mo 10-12 Uhr"}
    bring_in(session, here, [told])
    offer = only_offer(session)
    there, part = only(sheet.read(session, offer)["places"])
    assert part["schedules"], "the text is understood"
    deviation = {"change": "cancelled", "on": "2026-12-21", "to": None, "starts": None, "ends": None,
                 "place": None, "place_name": None, "note": "Ferien"}  # fmt: skip
    by_hand = [{**part["schedules"][0], "deviations": [deviation], "note": "Hof"}]
    changes = {f"places/{there}/schedules": {"old": part["schedules"], "new": by_hand}}
    service.change_at_once(session, by(here), offer.id, changes)
    bring_in(session, here, [told | {"hours": "Mo 10-12 Uhr, Mi 10-12 Uhr"}])
    (proposal,) = open_proposals(session)
    paths = [f"places/{there}/{name.removeprefix('place_')}" for name in proposal.changes]
    outcome = decide(session, by(here), proposal.id, dict.fromkeys(paths, YES))
    assert outcome.decision == Decision.ACCEPTED
    lines = only(sheet.read(session, offer)["places"])[1]["schedules"]
    assert [one["on"] for said in lines for one in said["deviations"]] == ["2026-12-21"]


def test_a_doubtful_row_is_said_to_be_an_offer_that_is_there(session: Session, here: Region) -> None:
    there = make_offer(session, here, name="Ganz woanders")
    bring_in(session, here, [row("1", **HERE)], PROPOSES)
    proposal = open_proposals(session)[0]
    service.link(session, by(here), proposal.id, there.id)
    session.refresh(proposal)
    assert (proposal.decision, proposal.offer_id) == (Decision.ACCEPTED, there.id)
    record = session.exec(select(SourceRecord)).one()
    assert (record.offer_id, "linked" in record.mapped) == (there.id, True)
    assert bring_in(session, here, [row("1", **HERE)], PROPOSES).batch_id is None
    assert len(session.exec(select(Proposal).where(col(Proposal.decision) == Decision.OPEN)).all()) == 0
