"""What was proposed about an offer that becomes part of another one."""

from typing import Any

import pytest
from sqlmodel import Session, select

from api.curation import deciding, drafts, public, service, sheet
from api.curation.deciding import Verdict
from api.curation.merging_undo import undo_merge
from api.curation.models import Decision, Proposal
from api.offers.models import Offer, Status
from api.regions.models import Region
from tests.curation.sheets import by
from tests.merging.world import compared, merged, two


@pytest.fixture
def both(session: Session, region: Region) -> tuple[Offer, Offer]:
    return two(session, region)


def suggested(session: Session, region: Region, offer: Offer, changes: dict[str, Any]) -> Proposal:
    number = service.suggest_changes(session, by(region), offer.id, changes)
    return session.get_one(Proposal, number)


def number_of(session: Session, region: Region, offer: Offer, street: str) -> str:
    places: dict[str, Any] = sheet.of_offer(session, region.id, offer.id)["places"]
    return next(key for key, place in places.items() if place["street"] == street)


def test_they_are_about_the_kept_one_and_its_parts(
    session: Session, region: Region, both: tuple[Offer, Offer]
) -> None:
    twin = number_of(session, region, both[1], "Sonnenstr. 1")
    moon = number_of(session, region, both[1], "Mondweg 5")
    changes = {
        f"places/{twin}/note": {"old": "", "new": "Klingeln."},
        f"places/{moon}/note": {"old": "", "new": "Hof."},
    }
    proposal = suggested(session, region, both[1], changes)
    merged(session, region, *both)
    here = number_of(session, region, both[0], "Sonnenstraße 1")
    assert proposal.offer_id == both[0].id
    assert set(proposal.changes) == {f"places/{here}/note", f"places/{moon}/note"}
    verdicts = {path: Verdict(accepted=True) for path in proposal.changes}
    outcome = deciding.decide(session, by(region, "account:2"), proposal.id, verdicts)
    assert outcome.conflicts == {}
    told = sheet.of_offer(session, region.id, both[0].id)["places"]
    assert (told[here]["note"], told[moon]["note"]) == ("Klingeln.", "Hof.")


def test_what_fits_the_other_one_only_is_a_conflict_and_not_written(
    session: Session, region: Region, both: tuple[Offer, Offer]
) -> None:
    proposal = suggested(session, region, both[1], {"name": {"old": "Elterncafé", "new": "Café"}})
    merged(session, region, *both)
    outcome = deciding.decide(session, by(region), proposal.id, {"name": Verdict(accepted=True)})
    assert outcome.conflicts == {"name": "Elterncafé Sonne"}


def test_reports_of_residents_go_along(session: Session, region: Region, both: tuple[Offer, Offer]) -> None:
    public.report(session, region, both[1].id, public.About.HOURS, "Montags zu.")
    merged(session, region, *both)
    report = session.exec(select(Proposal)).one()
    assert (report.offer_id, report.decision) == (both[0].id, Decision.OPEN)


def test_a_proposal_to_archive_the_other_one_is_done_with(
    session: Session, region: Region, both: tuple[Offer, Offer]
) -> None:
    numbers = [
        service.ask_for_state(session, by(region), both[1].id, status)
        for status in (Status.ARCHIVED, Status.PAUSED)
    ]
    done = merged(session, region, *both)
    found = [session.get_one(Proposal, number) for number in numbers]
    assert [one.decision for one in found] == [Decision.OBSOLETE] * 2
    undo_merge(session, by(region), done.pair_id)
    assert [one.decision for one in found] == [Decision.OPEN] * 2
    assert {one.offer_id for one in found} == {both[1].id}


def test_a_working_copy_goes_along_unless_its_author_has_one_already(
    session: Session, region: Region, both: tuple[Offer, Offer]
) -> None:
    mine = drafts.open_draft(session, by(region), both[1].id)
    drafts.save_draft(session, by(region), mine.id, mine.version, {"access_note": "Hinten."})
    theirs = [drafts.open_draft(session, by(region, "account:2"), offer.id).id for offer in both]
    merged(session, region, *both)
    assert session.get_one(Proposal, mine.id).offer_id == both[0].id
    again = drafts.get_draft(session, by(region), mine.id)
    assert (again.sheet["access_note"], again.conflicts) == ("Hinten.", {})
    assert set(again.changes) == {"access_note"}
    assert [session.get_one(Proposal, number).offer_id for number in theirs] == [one.id for one in both]


def test_they_come_back_unless_somebody_has_decided_them(
    session: Session, region: Region, both: tuple[Offer, Offer]
) -> None:
    twin = number_of(session, region, both[1], "Sonnenstr. 1")
    change = {f"places/{twin}/note": {"old": "", "new": "Klingeln."}}
    waiting, decided = (suggested(session, region, both[1], change) for _ in range(2))
    assert compared(session, region, *both).twins
    done = merged(session, region, *both)
    verdicts = {path: Verdict(accepted=False) for path in decided.changes}
    deciding.decide(session, by(region), decided.id, verdicts)
    undo_merge(session, by(region), done.pair_id)
    assert (waiting.offer_id, waiting.changes) == (both[1].id, change)
    assert (decided.offer_id, decided.decision) == (both[0].id, Decision.DECLINED)
