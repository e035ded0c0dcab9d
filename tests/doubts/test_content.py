"""What offers say of themselves: missing, or at odds with itself."""

from typing import Any

import pytest
from sqlmodel import Session

from api.curation import service as curation
from api.curation import sheet
from api.doubts import service
from api.doubts.models import Kind
from api.regions.models import Region
from importers.checking.run import again
from tests.curation.sheets import by, contact
from tests.doubts.doubtful import found, kinds, looked, sound


def test_a_sound_entry_has_no_doubts(session: Session, here: Region) -> None:
    sound(
        session,
        here,
        min_age=6,
        max_age=12,
        languages=["de", "tr"],
        contacts={"new-1": contact(phone="030 9025-0")},
    )
    assert looked(session, here) == {}


def test_what_is_missing_is_asked_for(session: Session, here: Region) -> None:
    sound(session, here, summary="", topics=[], access="call_first")
    doubts = looked(session, here)
    assert {kind: line.path for kind, line in doubts.items()} == {
        Kind.SUMMARY_MISSING: "summary", Kind.TOPIC_MISSING: "topics", Kind.PHONE_MISSING: "access",
    }  # fmt: skip
    assert doubts[Kind.PHONE_MISSING].sentence.startswith("Man soll vorher anrufen")


def test_a_number_for_professionals_is_none_to_call_first(session: Session, here: Region) -> None:
    hidden = contact(phone="030 9025-0", is_public=False)
    sound(session, here, access="call_first", contacts={"new-1": hidden})
    assert list(looked(session, here)) == [Kind.PHONE_MISSING]


@pytest.mark.parametrize(
    ("fields", "proposed"),
    [
        ({"summary": "Turnen ab 6 Jahren.", "min_age": 4}, {"min_age": 6}),
        ({"summary": "Turnen, 6–12 Jahre.", "min_age": 6, "max_age": 10}, {"max_age": 12}),
        ({"name": "Turnen 6 bis 12 Jahre", "min_age": 4, "max_age": 10}, {"min_age": 6, "max_age": 12}),
        ({"summary": "Bis 27 Jahre.", "min_age": 30, "max_age": 40}, {}),
    ],
)
def test_another_age_in_the_text_is_a_doubt(
    session: Session, here: Region, fields: dict[str, Any], proposed: dict[str, int]
) -> None:
    sound(session, here, **fields)
    assert looked(session, here)[Kind.AGES_TEXT].proposed == proposed


@pytest.mark.parametrize(
    "fields",
    [
        {"summary": "Turnen ab 6 Jahren.", "min_age": 6},
        {"summary": "Turnen ab 6 Jahren."},
        {"summary": "Gruppen von 3–6 Jahren und 7–12 Jahren.", "min_age": 3, "max_age": 12},
        {"summary": "Seit 20 bis 30 Jahren im Viertel.", "min_age": 6, "max_age": 12},
    ],
)
def test_ages_that_fit_or_speak_of_something_else_are_none(
    session: Session, here: Region, fields: dict[str, Any]
) -> None:
    sound(session, here, **fields)
    assert looked(session, here) == {}


def test_ages_that_shut_a_group_out_are_a_doubt(session: Session, here: Region) -> None:
    sound(session, here, audiences=["kinder"], min_age=18)
    sound(session, here, audiences=["kinder"], min_age=10)
    line = looked(session, here)[Kind.AGES_AUDIENCE]
    assert "„Kinder“" in line.sentence
    assert len(kinds(session, here)) == 1


def test_a_language_of_the_text_is_proposed(session: Session, here: Region) -> None:
    sound(session, here, summary="Hilfe auf Türkisch und Arabisch.", languages=["de", "tr"])
    sound(session, here, summary="Hilfe auf Türkisch.", languages=[])
    line = looked(session, here)[Kind.LANGUAGES_TEXT]
    assert line.proposed == {"languages": ["de", "tr", "ar"]}
    assert "„Arabisch“" in line.sentence
    assert len(kinds(session, here)) == 1


def test_what_is_proposed_is_taken_over_by_curation_and_the_doubt_closes(
    session: Session, here: Region
) -> None:
    offer = sound(session, here, summary="Turnen ab 6 Jahren.", min_age=4)
    line = looked(session, here)[Kind.AGES_TEXT]
    changes = service.changes(line, sheet.of_offer(session, here.id, offer.id))
    assert changes == {"min_age": {"old": 4, "new": 6}}
    assert curation.change_at_once(session, by(here), offer.id, changes).conflicts == {}
    assert again(session, here, [offer.id]).closed == {Kind.AGES_TEXT: 1}
    assert found(session, here) == []
    assert service.changes(line, sheet.of_offer(session, here.id, offer.id)) == {}


def test_a_doubtful_number_of_a_professional_is_neither_said_nor_proposed(
    session: Session, here: Region
) -> None:
    wrong = {"new-1": contact(phone="+49 030 90257731", is_public=False)}
    sound(session, here, contacts=wrong)
    line = looked(session, here)[Kind.PHONE_EXTRA_ZERO]
    assert line.proposed == {}
    assert "9025" not in str(line)


def test_a_doubtful_number_of_the_public_is_proposed_at_its_path(session: Session, here: Region) -> None:
    offer = sound(session, here, contacts={"new-1": contact(phone="+49 030 90257731")})
    line = looked(session, here)[Kind.PHONE_EXTRA_ZERO]
    (number,) = sheet.of_offer(session, here.id, offer.id)["contacts"]
    assert line.proposed == {f"contacts/{number}/phone": "+49 30 90257731"}
