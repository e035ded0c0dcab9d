"""Texts about hours become lines of a timetable, or stay texts; what a person changed stays."""

from datetime import date, time

import pytest
from sqlmodel import Session, select

from api.curation.models import Proposal
from api.history.undo import undo_batch
from api.offers.models import OfferAtPlace
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.models import Schedule
from api.schedules.schemas import ScheduleIn
from importers import hours
from importers.values import UnclearError
from tests.factories import act
from tests.importers.sample import bring_in, row

PLACE = {"street": "Weg 1", "postcode": "10369", "lon": "13,5", "lat": 52.5}


def recurrences(session: Session) -> list[str]:
    return list(session.exec(select(Schedule.recurrence)))


def test_a_text_that_is_understood_becomes_lines() -> None:
    lines = hours.understood("Mo–Do 8–16 Uhr, Fr bis 14 Uhr")
    assert [(line["recurrence"], line["starts"], line["ends"]) for line in lines] == [
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", "08:00:00", "16:00:00"),
        ("FREQ=WEEKLY;BYDAY=FR", "08:00:00", "14:00:00"),
    ]


@pytest.mark.parametrize("text", ["jeden 2. Mittwoch 9–11 Uhr", "siehe Aushang", "", "nach Vereinbarung"])
def test_a_text_that_is_not_understood_stays_a_text(text: str) -> None:
    assert hours.understood(text) == []


def test_the_report_names_texts_that_are_not_understood_and_keeps_them(
    session: Session, here: Region
) -> None:
    texts = ["jeden 2. Mittwoch 9–11 Uhr", "nach Vereinbarung", "Mo 9–12 Uhr"]
    report = bring_in(session, here, [row(str(n), hours=text, **PLACE) for n, text in enumerate(texts)])
    said = [line for line in report.rows if line.what == "unread"]
    assert [(line.key, line.reason) for line in said] == [
        ("0", "die zweite Woche im Monat oder jede zweite Woche?: „jeden 2. Mittwoch 9–11 Uhr“")
    ]
    assert "Zeiten, die wir nicht verstehen" in report.text()
    assert report.counts["new"] == len(texts)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("Mo–Fr 9–12 Uhr", "closed"),
        ("Mo–Fr 9–12 Uhr, auch an Feiertagen", "open"),
        ("Mo–Fr 9–12 Uhr, an Feiertagen geschlossen", "closed"),
        ("täglich 9–12 Uhr", "open"),
        ("Mo-Su 09:00-12:00; PH off", "closed"),
    ],
)
def test_who_says_nothing_of_holidays_is_closed_then(text: str, policy: str) -> None:
    assert {line["on_public_holidays"] for line in hours.understood(text)} == {policy}


def test_lines_of_a_file_are_checked_and_the_mistake_is_named() -> None:
    with pytest.raises(UnclearError, match="in Zeit 2 passt starts nicht"):
        hours.checked(
            [
                {"recurrence": "FREQ=WEEKLY;BYDAY=MO", "first_date": "2026-01-05", "starts": "09:00"},
                {"recurrence": "FREQ=WEEKLY;BYDAY=MO", "first_date": "2026-01-05", "starts": "25:00"},
            ]
        )
    with pytest.raises(UnclearError, match="Liste"):
        hours.checked("Mo 9-12")


def test_hours_come_in_with_their_text_and_follow_it(session: Session, here: Region) -> None:
    bring_in(session, here, [row("1", hours="Mo 9–12 Uhr", **PLACE)])
    assert recurrences(session) == ["FREQ=WEEKLY;BYDAY=MO"]
    bring_in(session, here, [row("1", hours="Di und Do 9–12 Uhr", **PLACE)])
    assert recurrences(session) == ["FREQ=WEEKLY;BYDAY=TU,TH"]
    bring_in(session, here, [row("1", hours="siehe Aushang", **PLACE)])
    assert recurrences(session) == []


def test_hours_that_a_person_has_set_stay_and_the_news_are_proposed(session: Session, here: Region) -> None:
    bring_in(session, here, [row("1", hours="Mo 9–12 Uhr", **PLACE)])
    at = session.exec(select(OfferAtPlace)).one()
    by_hand = ScheduleIn(recurrence="FREQ=WEEKLY;BYDAY=WE", first_date=date(2026, 1, 7), starts=time(10))
    schedules.write(session, act(here), at.offer_id, at.id, [by_hand])
    bring_in(session, here, [row("1", hours="Di 9–12 Uhr", **PLACE)])
    assert recurrences(session) == ["FREQ=WEEKLY;BYDAY=WE"]
    proposal = session.exec(select(Proposal)).one()
    assert "place_schedules" in proposal.changes


def test_an_import_of_hours_can_be_taken_back(session: Session, here: Region) -> None:
    report = bring_in(session, here, [row("1", hours="Mo 9–12 Uhr", **PLACE)])
    assert report.batch_id is not None
    undo_batch(session, report.batch_id, "test")
    assert recurrences(session) == []
    assert session.exec(select(OfferAtPlace)).all() == []
