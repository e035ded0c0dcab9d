"""Hours that have ended: of an offer, of one of its places, of a line."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from api.curation import sheet, states
from api.doubts import service
from api.doubts.models import Kind
from api.regions.models import Region
from tests.curation.sheets import by, line, place
from tests.doubts.doubtful import NOW, at, found, looked, sound

PAST: dict[str, Any] = {"valid_until": "2026-05-31"}


def test_hours_that_go_on_are_no_doubt(session: Session, here: Region) -> None:
    summer = line(valid_from="2026-05-01", valid_until="2026-09-30")
    sound(session, here, schedules=[line(), line("", first_date="2026-01-05"), summer])
    sound(session, here, schedules=[line(closures=[{"first": "2026-07-01", "last": "2026-08-31"}])])
    sound(session, here, schedules=[line("", first_date="2026-06-10", starts="11:00", ends="13:00")])
    assert looked(session, here) == {}


@pytest.mark.parametrize(
    "ended",
    [
        line(**PAST),
        line("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260601"),
        line("FREQ=WEEKLY;BYDAY=MO;COUNT=3"),
        line("", first_date="2026-06-01"),
        line(closures=[{"first": "2026-01-01", "last": "2026-12-31", "every_year": True}]),
    ],
)
def test_an_offer_whose_dates_are_over_is_asked_about(
    session: Session, here: Region, ended: dict[str, Any]
) -> None:
    sound(session, here, schedules=[ended])
    only = looked(session, here)[Kind.DATES_OVER]
    assert only.path == "schedules"


def test_an_offer_without_hours_is_not_asked_about_its_dates(session: Session, here: Region) -> None:
    sound(session, here, hours_text="Mo 10–12 Uhr")
    assert looked(session, here) == {}


def test_one_place_of_two_is_named_by_its_path(session: Session, here: Region) -> None:
    places = {
        "new-1": place(schedules=[line(**PAST)]),
        "new-2": place(street="Weg 2", schedules=[line()]),
    }
    offer = sound(session, here, places=places)
    ended = looked(session, here)[Kind.HOURS_OVER]
    parts = sheet.of_offer(session, here.id, offer.id)["places"]
    (number,) = (number for number, one in parts.items() if one["street"] == "Weg 1")
    assert ended.path == f"places/{number}/schedules"


def test_two_places_without_dates_are_one_doubt_about_the_offer(session: Session, here: Region) -> None:
    ended = [line(**PAST)]
    places = {"new-1": place(schedules=ended), "new-2": place(street="Weg 2", schedules=ended)}
    sound(session, here, places=places)
    doubts = looked(session, here)
    assert [(one.kind, one.path) for one in doubts.values()] == [(Kind.DATES_OVER, "")]


def test_a_line_that_ended_and_that_nothing_follows_is_asked_about(session: Session, here: Region) -> None:
    sound(session, here, schedules=[line(), line("FREQ=WEEKLY;BYDAY=TU", **PAST)])
    only = looked(session, here)[Kind.LINE_OVER]
    assert "31.05.2026" in only.sentence


def test_a_line_that_another_one_follows_is_not(session: Session, here: Region) -> None:
    following = line("FREQ=WEEKLY;BYDAY=TU", valid_from="2026-06-01")
    sound(session, here, schedules=[following, line("FREQ=WEEKLY;BYDAY=TU", **PAST)])
    assert looked(session, here) == {}


def test_a_rule_that_is_over_and_lives_by_single_dates_is_asked_about(session: Session, here: Region) -> None:
    extra = {"change": "extra", "on": "2026-07-01"}
    sound(session, here, schedules=[line(**PAST, deviations=[extra])])
    sound(session, here, schedules=[line(**PAST), line("", first_date="2026-07-02")], name="Zweites")
    look = looked(session, here)
    assert list(look) == [Kind.ONLY_SINGLES]
    assert len(found(session, here)) == 2


def test_what_is_paused_may_rest(session: Session, here: Region) -> None:
    offer = sound(session, here, schedules=[line(**PAST)])
    states.pause(session, by(here), offer.id, None)
    assert looked(session, here) == {}


def test_time_alone_brings_a_doubt_and_it_is_dismissed_for_good(
    session: Session, here: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound(session, here, schedules=[line(valid_until="2026-06-30")])
    assert looked(session, here) == {}
    at(monkeypatch, NOW + timedelta(days=30))
    only = looked(session, here)[Kind.DATES_OVER]
    service.dismiss(session, by(here), only.id, only.seen)
    at(monkeypatch, NOW + timedelta(days=60))
    assert looked(session, here) == {}
