"""Texts in other languages: proposed and decided like all else, outdated when the German ones change."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from api.core.errors import InvalidInputError
from api.curation import drafts, merging, past, service, sheet
from api.curation.deciding import Verdict, decide
from api.curation.merging_sides import side_by_side
from api.curation.sheet_fields import Changes
from api.curation.sight import EVERYTHING
from api.history.undo import undo
from api.offers import service as offers
from api.offers import translations
from api.offers.models import Offer
from api.regions.models import Region
from tests.curation.sheets import OTHER, by, entry
from tests.factories import make_region, make_topic

SUMMARY = "translations.en.summary"
ENGLISH = {"text": "Help for all.", "of": "Hilfe für alle."}


@pytest.fixture
def region(session: Session) -> Region:
    make_topic(session, "familie")
    return make_region(session, slug="stadt")


@pytest.fixture
def offer(session: Session, region: Region) -> Offer:
    return entry(session, region, summary=ENGLISH["of"], topics=["familie"])


def translated(path: str = SUMMARY, old: Any = None, new: Any = ENGLISH) -> Changes:
    return {path: {"old": old, "new": new}}


def shown(session: Session, region: Region, offer: Offer) -> dict[str, dict[str, tuple[str, bool]]]:
    """What everybody reads: language → field → text, and whether it is outdated."""
    found = offers.get(session, region, offer.id).translations
    return {
        code: {name: (one.text, one.is_outdated) for name, one in texts.items()}
        for code, texts in found.items()
    }


def test_a_translation_is_a_proposal_that_somebody_decides(
    session: Session, region: Region, offer: Offer
) -> None:
    two = translated() | translated("translations.ar.name", new={"text": "مقهى", "of": "Café"})
    number = service.suggest_changes(session, by(region), offer.id, two, "")
    assert shown(session, region, offer) == {}
    verdicts = {SUMMARY: Verdict(accepted=True), "translations.ar.name": Verdict(accepted=False)}
    decide(session, by(region, OTHER), number, verdicts)
    assert shown(session, region, offer) == {"en": {"summary": ("Help for all.", False)}}
    assert sheet.read(session, offer)[SUMMARY] == ENGLISH
    brief = offers.by_ids(session, region, [offer.id])[0].translations
    assert brief["en"]["summary"].text == "Help for all."


def test_it_is_outdated_as_soon_as_the_german_text_is_another_one(
    session: Session, region: Region, offer: Offer
) -> None:
    service.change_at_once(session, by(region), offer.id, translated())
    new = {"summary": {"old": ENGLISH["of"], "new": "Hilfe für Eltern."}}
    service.change_at_once(session, by(region), offer.id, new)
    assert shown(session, region, offer) == {"en": {"summary": ("Help for all.", True)}}
    # Somebody looks at it and says that it is right as it stands.
    again = {**ENGLISH, "of": "Hilfe für Eltern."}
    service.change_at_once(session, by(region), offer.id, translated(old=ENGLISH, new=again))
    assert shown(session, region, offer) == {"en": {"summary": ("Help for all.", False)}}
    # Two who translate the same text: the second is told.
    late = service.change_at_once(
        session, by(region, OTHER), offer.id, translated(old=ENGLISH, new={"text": "Help.", "of": ""})
    )
    assert late.conflicts == {SUMMARY: again}


def test_the_last_text_takes_its_row_along_and_undo_brings_it_back(
    session: Session, region: Region, offer: Offer
) -> None:
    service.change_at_once(session, by(region), offer.id, translated())
    service.change_at_once(session, by(region), offer.id, translated(old=ENGLISH, new=None))
    assert shown(session, region, offer) == {}
    assert session.scalar(text("SELECT count(*) FROM offer_translation")) == 0
    told = [
        (one.label, one.old, one.new)
        for step in past.history(session, region, offer.id, EVERYTHING).results
        for one in step.fields
        if "Englisch" in one.label
    ]
    assert set(told) == {
        ("Englisch: In einem Satz", "", "Help for all."),
        ("Englisch: In einem Satz", "Help for all.", ""),
    }
    gone = session.scalar(
        text("SELECT id FROM revision WHERE entity = 'offer_translation' AND action = 'delete'")
    )
    undo(session, gone, "account:1")
    assert shown(session, region, offer) == {"en": {"summary": ("Help for all.", False)}}


def test_a_draft_may_hold_what_is_too_long_but_publishes_nothing_of_it(
    session: Session, region: Region, offer: Offer
) -> None:
    act = by(region)
    draft = drafts.open_draft(session, act, offer.id)
    raw = {SUMMARY: {"text": "x" * 400, "of": ENGLISH["of"]}}
    draft = drafts.save_draft(session, act, draft.id, draft.version, raw)
    assert [one.field for one in draft.errors] == [SUMMARY]
    assert draft.sheet[SUMMARY]["text"] == "x" * 400
    with pytest.raises(InvalidInputError):
        drafts.publish_at_once(session, act, draft.id, draft.version)
    assert translations.of_offer(session, offer.id) == {}
    draft = drafts.save_draft(session, act, draft.id, draft.version, {SUMMARY: {"text": " ", "of": ""}})
    assert not draft.changes


def test_a_new_offer_comes_with_its_translations(session: Session, region: Region) -> None:
    made = entry(
        session, region, summary="Rat.", **{"translations.tr.summary": {"text": "Öneri", "of": "Rat."}}
    )
    assert shown(session, region, made) == {"tr": {"summary": ("Öneri", False)}}


def test_a_merge_keeps_what_only_the_other_says_in_a_language(
    session: Session, region: Region, offer: Offer
) -> None:
    other = entry(session, region, summary=ENGLISH["of"], **{SUMMARY: ENGLISH})
    found = side_by_side(session, region.id, offer.id, other.id)
    assert SUMMARY in {row.path for row in found.rows}
    merging.merge(session, by(region), offer.id, other.id, {}, seen=found.seen)
    assert shown(session, region, offer) == {"en": {"summary": ("Help for all.", False)}}
