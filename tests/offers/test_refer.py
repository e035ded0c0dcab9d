"""How to refer to an offer: written as part of its sheet, with a past, and for few eyes."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlmodel import Session, col

from api.accounts import scope
from api.accounts.models import Role
from api.accounts.policy import Granted, Person
from api.core.errors import InvalidInputError
from api.curation import drafts, labels_referral, past, professionals, reach, sheet, viewing
from api.curation import service as curation
from api.curation.deciding import Verdict, decide
from api.curation.merging_sides import Choice
from api.curation.merging_undo import undo_merge
from api.curation.models import Decision, Proposal
from api.curation.sheet_checks import checked
from api.curation.sheet_difference import difference
from api.curation.sheet_fields import REFERRAL, empty
from api.curation.sight import EVERYTHING, MASK, Sight
from api.offers import referring
from api.offers.models import Offer
from api.offers.referring import Referral
from api.offers.referring_models import Capacity, Law, OfferReferral, Paper, Way
from api.regions.models import Region
from tests.curation.sheets import AUTHOR, OTHER, by, contact, entry, told
from tests.factories import make_offer
from tests.merging.world import compared, merged, rows_of
from web.words import LABELS

YES = Verdict(accepted=True)
WORD = {"waiting_weeks": 6, "capacity": "few", "said_on": "2026-03-02"}
ALL: dict[str, Any] = {
    "way": "call",
    "how": "Durchwahl 12, dienstags",
    **WORD,
    "requirements": "Kinder unter drei",
    "papers": ["tenancy", "identity"],
    "papers_note": "Kopien reichen",
    "laws": ["sgb8"],
    "laws_note": "§ 16 SGB VIII",
}


def on_sheet(**said: Any) -> dict[str, Any]:
    return {f"referral.{name}": value for name, value in said.items()}


def save(session: Session, region: Region, offer: Offer, **said: Any) -> None:
    """Somebody else saves: a step of its own in the history."""
    before = sheet.read(session, offer)
    after, errors = checked({**before, **on_sheet(**said)}, before)
    assert errors == []
    applied = curation.change_at_once(session, by(region, OTHER), offer.id, difference(before, after))
    assert applied.conflicts == {}


def known(session: Session, offer: Offer) -> dict[str, Any]:
    now = sheet.read(session, offer)
    return {name: now[path] for path, name in REFERRAL.items()}


def test_it_is_written_read_changed_and_taken_back_with_the_sheet(session: Session, region: Region) -> None:
    offer = entry(session, region, **on_sheet(**ALL))
    assert known(session, offer) == ALL
    assert referring.of_offers(session, [offer.id])[offer.id] == Referral.model_validate(ALL)
    save(session, region, offer, **referring.EMPTY)
    assert session.scalars(select(OfferReferral)).all() == []
    assert known(session, offer) == referring.EMPTY
    done = past.undo_step(
        session, by(region), offer.id, past.history(session, region, offer.id, EVERYTHING).results[0].id
    )
    session.expire_all()
    assert (done.restored, known(session, offer)) == (1, ALL)


def test_the_past_is_told_in_words_and_masked_for_others(session: Session, region: Region) -> None:
    offer = entry(session, region)
    save(session, region, offer, **ALL)
    steps = past.history(session, region, offer.id, EVERYTHING).results
    said = {one.label: (one.old, one.new) for step in steps for one in step.fields}
    assert said["Wartezeit"] == ("", "etwa 6 Wochen")
    assert said["Freie Plätze"] == ("nicht bekannt", "wenige Plätze frei")
    assert said["Wort des Anbieters vom"] == ("", "02.03.2026")
    assert said["Unterlagen"] == ("", "Mietvertrag; Ausweis oder Pass")
    hidden = past.history(session, region, offer.id, Sight(hidden_addresses=True, professionals=True)).results
    masked = [one for step in hidden for one in step.fields if one.label in labels_referral.FIELDS.values()]
    assert len(masked) == len(ALL)
    assert all((one.old, one.new) == (MASK, MASK) for one in masked)


def test_a_proposal_is_decided_word_by_word_but_the_providers_word_as_a_whole(
    session: Session, region: Region
) -> None:
    offer = entry(session, region)
    before = sheet.read(session, offer)
    changes = {
        path: {"old": before[path], "new": value} for path, value in on_sheet(**WORD, how="Anrufen").items()
    }
    number = curation.suggest_changes(session, by(region, "provider:1"), offer.id, changes)
    assert "Anrufen" in str(viewing.proposal(session, region, number, EVERYTHING, AUTHOR))
    assert "Anrufen" not in str(viewing.proposal(session, region, number, Sight(), AUTHOR))
    with pytest.raises(InvalidInputError, match="true only together"):
        decide(session, by(region), number, {"referral.waiting_weeks": YES})
    assert decide(session, by(region), number, {"referral.how": YES}).decision == Decision.OPEN
    outcome = decide(session, by(region), number, {f"referral.{name}": YES for name in WORD})
    assert (outcome.decision, outcome.conflicts) == (Decision.ACCEPTED, {})
    assert known(session, offer) == {**referring.EMPTY, **WORD, "how": "Anrufen"}


def test_of_two_words_at_once_neither_is_half_overwritten(session: Session, region: Region) -> None:
    offer = entry(session, region, **on_sheet(**WORD))
    before = sheet.read(session, offer)
    changes = {
        path: {"old": before[path], "new": value}
        for path, value in on_sheet(waiting_weeks=1, said_on="2026-04-01").items()
    }
    save(session, region, offer, capacity="none", said_on="2026-05-01")
    applied = curation.change_at_once(session, by(region), offer.id, changes)
    assert applied.conflicts.keys() == changes.keys()
    assert known(session, offer)["waiting_weeks"] == 6


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"waiting_weeks": 3}, "referral.said_on"),
        ({"capacity": "yes"}, "referral.said_on"),
        ({"waiting_weeks": -1, "said_on": "2026-01-01"}, "referral.waiting_weeks"),
        ({"waiting_weeks": 521, "said_on": "2026-01-01"}, "referral.waiting_weeks"),
        ({"said_on": "2999-01-01"}, "referral.said_on"),
        ({"papers": ["einhorn"]}, "referral.papers"),
        ({"laws": ["sgb99"]}, "referral.laws"),
        ({"way": "brieftaube"}, "referral.way"),
        ({"laws_note": "§" * 301}, "referral.laws_note"),
    ],
)
def test_what_cannot_be_is_named_with_the_way_out(said: dict[str, Any], wrong: str) -> None:
    found, errors = checked({"name": "Café", **on_sheet(**said)}, empty())
    assert [one.field for one in errors] == [wrong]
    assert errors[0].detail.startswith(("Bitte", "Von wann", "Das ist zu lang"))
    assert all(found[path] == value for path, value in on_sheet(**said).items() if path == wrong)


def test_the_newer_word_is_kept_when_two_become_one_and_comes_back(session: Session, region: Region) -> None:
    kept = entry(session, region, **on_sheet(**WORD, papers=["identity"]))
    other = entry(
        session, region, name="Café",
        **on_sheet(**{**WORD, "capacity": "none", "said_on": "2026-06-01"}, papers=["income"], how="Mail"),
    )  # fmt: skip
    before = rows_of(session, kept, other)
    usual = {row.path: row.usual for row in compared(session, region, kept, other).rows}
    assert usual["referral.capacity"] == usual["referral.said_on"] == Choice.OTHER
    assert usual["referral.papers"] == Choice.BOTH
    assert "referral.requirements" not in usual  # neither says anything
    with pytest.raises(InvalidInputError):
        merged(session, region, kept, other, {"referral.capacity": Choice.KEPT})
    done = merged(session, region, kept, other)
    now = known(session, session.get_one(Offer, done.offer_id))
    assert (now["waiting_weeks"], now["capacity"], now["said_on"], now["how"]) == (
        6, "none", "2026-06-01", "Mail",
    )  # fmt: skip
    assert sorted(now["papers"]) == ["identity", "income"]
    undo_merge(session, by(region), done.pair_id)
    after = rows_of(session, kept, other)
    assert after["offer_referral"] == before["offer_referral"]


def person(region: Region, role: Role, organization_id: int | None = None) -> Person:
    return Person(1, "Wer", region.id, (Granted(region.id, role, organization_id),))


def test_professionals_and_its_own_provider_see_it_and_no_other_provider(
    session: Session, region: Region
) -> None:
    private = contact(phone="030 GEHEIM", is_public=False)
    offer = entry(session, region, organization="Verein", contacts={"new-1": private}, **on_sheet(**ALL))
    other = entry(session, region, name="Treff", organization="Amt", **on_sheet(**ALL))
    about = scope.of_offer(session, offer.id)
    own = person(region, Role.PROVIDER, offer.organization_id)
    for role in set(Role) - {Role.PROVIDER}:
        assert reach.sight(person(region, role), about).referral
    assert reach.sight(own, about) == Sight(referral=True)
    stranger = person(region, Role.PROVIDER, other.organization_id)
    assert reach.sight(stranger, about) == Sight()
    found = professionals.read(session, person(region, Role.COACH), [other.id, offer.id])
    assert found[offer.id].referral == Referral.model_validate(ALL)
    assert [one.phone for one in found[offer.id].contacts] == ["030 GEHEIM"]
    for nobody in (stranger, own):
        assert professionals.read(session, nobody, [other.id, offer.id]) == {}


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.integers(0, 120), capacity=st.sampled_from(Capacity))
def test_what_is_old_for_people_is_old_for_the_filter(
    session: Session, region: Region, days: int, capacity: Capacity
) -> None:
    said_on = date(2026, 3, 2)
    today = said_on + timedelta(days=days)
    offer = entry(session, region, **on_sheet(capacity=capacity.value, said_on=said_on.isoformat()))
    said = referring.of_offers(session, [offer.id])[offer.id]
    assert said.is_old(today) == (days > 56)
    found = session.scalars(select(col(Offer.id)).where(referring.has_room(today), col(Offer.id) == offer.id))
    assert list(found) == ([offer.id] if capacity in ("yes", "few") and days <= 56 else [])


def test_every_code_has_words_for_staff_and_families() -> None:
    assert LABELS["paper"] == labels_referral.PAPERS
    for codes, words in (
        (Way, labels_referral.WAYS),
        (Capacity, labels_referral.CAPACITIES),
        (Paper, labels_referral.PAPERS),
        (Law, labels_referral.LAWS),
    ):
        assert set(words) == set(codes)


def test_drafts_begun_before_these_fields_go_on(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    ids = [drafts.open_draft(session, by(region), offer.id).id, drafts.new_draft(session, by(region)).id]
    for number in ids:
        draft = session.get_one(Proposal, number)
        draft.base = {path: value for path, value in (draft.base or {}).items() if path not in REFERRAL}
    session.flush()
    sql = Path(__file__).parents[2] / "alembic" / "sql" / "0019_how_to_refer.sql"
    session.execute(text(f"UPDATE {sql.read_text().partition('UPDATE ')[2]}".replace(":", r"\:")))
    session.expire_all()
    for number in ids:
        base = session.get_one(Proposal, number).base or {}
        assert {path: base[path] for path in REFERRAL} == {path: empty()[path] for path in REFERRAL}
        version = drafts.get_draft(session, by(region), number).version
        said = told(**on_sheet(**ALL))
        assert drafts.save_draft(session, by(region), number, version, said).errors == []
