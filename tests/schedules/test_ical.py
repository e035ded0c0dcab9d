"""What a feed says besides its dates: names, doubts, changes of clocks, ends; no text breaks out of it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.schedules.rules import Change, Closure, Deviation, OnHolidays, Rule
from api.schedules.writing import ical
from api.schedules.writing.events import Clock, Entry, Spot, Window

NW = Clock("Europe/Berlin", "NW")
WINDOW = Window.around(date(2026, 11, 20))
MONDAYS = Rule("FREQ=WEEKLY;BYDAY=MO", date(2026, 1, 5), time(9), time(12))


def written(*rules: Rule, clock: Clock = NW, window: Window = WINDOW, **said: Any) -> bytes:
    entries = [
        Entry(f"{number}", "example.org", rule, **{"name": "Sprechstunde", **said})
        for number, rule in enumerate(rules)
    ]
    return ical.write("Termine", entries, {}, clock, window)


def components(said: bytes, name: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(said).walk(name))


def events(*rules: Rule, **said: Any) -> list[Any]:
    return components(written(*rules, **said), "VEVENT")


def test_the_window_is_from_the_last_month_to_the_end_of_this_one_in_two_years() -> None:
    assert (WINDOW.first, WINDOW.last) == (date(2026, 10, 1), date(2028, 11, 30))
    assert WINDOW.stamp == datetime(2026, 11, 1, tzinfo=UTC)
    assert Window.around(date(2026, 1, 31)).first == date(2025, 12, 1)
    assert Window.around(date(2026, 2, 3)).last == date(2028, 2, 29)


def test_a_calendar_says_what_it_is_and_how_often_to_ask() -> None:
    read = icalendar.Calendar.from_ical(written(MONDAYS))
    said = {name: read[name].to_ical() for name in ("VERSION", "METHOD", "NAME", "X-WR-CALNAME")}
    assert said == {"VERSION": b"2.0", "METHOD": b"PUBLISH", "NAME": b"Termine", "X-WR-CALNAME": b"Termine"}
    assert read["PRODID"]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\nX-PUBLISHED-TTL:PT12H\r\n" in written(MONDAYS)


def test_the_time_zone_changes_its_clocks_as_the_rfc_tells_it() -> None:
    (zone,) = components(written(MONDAYS), "VTIMEZONE")
    begins = {part.name: part["DTSTART"].dt for part in zone.subcomponents}
    assert begins == {"DAYLIGHT": datetime(2025, 3, 30, 2), "STANDARD": datetime(2025, 10, 26, 3)}  # noqa: DTZ001
    assert all(part["RRULE"]["BYDAY"] == ["-1SU"] for part in zone.subcomponents)


def test_what_nothing_keeps_has_no_end() -> None:
    (event,) = events(MONDAYS)
    assert "UNTIL" not in event["RRULE"]
    assert "EXDATE" not in event


@pytest.mark.parametrize(
    "kept",
    [
        {"on_public_holidays": OnHolidays.CLOSED},
        {"on_school_holidays": OnHolidays.CLOSED},
        {"closures": (Closure(date(2026, 12, 20), date(2027, 1, 6), every_year=True),)},
    ],
)
def test_nothing_is_claimed_beyond_the_window(kept: dict[str, Any]) -> None:
    (event,) = events(MONDAYS._replace(**kept))
    (until,) = event["RRULE"]["UNTIL"]
    assert until.utcoffset() == timedelta()
    assert until.date() <= WINDOW.last
    assert event["EXDATE"].dts


def test_dates_in_holidays_alone_are_a_list() -> None:
    (event,) = events(MONDAYS._replace(on_school_holidays=OnHolidays.ONLY))
    assert "RRULE" not in event
    assert event.start.date() == date(2026, 10, 19)
    assert len(event["RDATE"].dts) > 20


def test_weeks_by_their_number_are_a_list() -> None:
    weeks = ",".join(map(str, range(2, 53, 2)))
    (event,) = events(MONDAYS._replace(recurrence=f"FREQ=YEARLY;BYWEEKNO={weeks};BYDAY=MO"))
    assert "RRULE" not in event
    assert date(2027, 1, 11) in {one.dt.date() for one in event["RDATE"].dts}


def test_a_start_is_a_date_of_its_rule_and_keeps_the_rhythm() -> None:
    (event,) = events(
        MONDAYS._replace(recurrence="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", first_date=date(2026, 1, 7))
    )
    assert event.start.date() == date(2026, 10, 12)
    assert (event.start.date() - date(2026, 1, 5)).days % 14 == 0


def test_what_depends_on_unknown_holidays_is_tentative_and_says_so() -> None:
    window = Window.around(date(2029, 1, 10))
    rule = MONDAYS._replace(on_school_holidays=OnHolidays.CLOSED)
    sure, unsure = events(rule, window=window)
    assert "STATUS" not in sure
    assert unsure["STATUS"] == "TENTATIVE"
    assert unsure["DESCRIPTION"].startswith("Ferien noch nicht bekannt\n")
    (last,) = sure["RRULE"]["UNTIL"]
    assert last.date() < unsure.start.date()
    assert unsure["UID"] != sure["UID"]


def test_an_open_end_has_no_end() -> None:
    (event,) = events(MONDAYS._replace(ends=None))
    assert not {"DTEND", "DURATION"} & set(event)
    assert "ab 9 Uhr" in event["DESCRIPTION"]


def test_a_night_that_loses_an_hour_is_shorter_than_the_others() -> None:
    nights = Rule("FREQ=WEEKLY;BYDAY=SA", date(2026, 1, 3), time(22), time(6))
    series, *odd = events(nights)
    assert (series.end - series.start).seconds == 8 * 3600
    assert [one["RECURRENCE-ID"].dt.date() for one in odd] == [
        date(2026, 10, 24),
        date(2027, 3, 27),
        date(2027, 10, 30),
        date(2028, 3, 25),
        date(2028, 10, 28),
    ]
    assert {one.end.time() for one in odd} == {time(6)}


def test_if_clocks_change_on_the_first_date_the_others_keep_their_length() -> None:
    nights = Rule("FREQ=WEEKLY;BYDAY=SA", date(2027, 3, 27), time(22), time(6))
    series, first, *_ = events(nights)
    assert "DTEND" not in series
    assert series["DURATION"].dt.total_seconds() == 8 * 3600
    assert first["RECURRENCE-ID"].dt == series.start


def test_an_end_that_the_clock_skips_on_the_first_date_makes_no_other_date_longer() -> None:
    series, *_ = events(Rule("FREQ=WEEKLY;BYDAY=SA", date(2027, 3, 27), time(2, 15), time(2)))
    assert "DTEND" not in series
    assert series["DURATION"].dt == timedelta(hours=23, minutes=45)


def test_an_extra_date_is_an_event_of_its_own() -> None:
    extra = Deviation(
        Change.EXTRA, date(2026, 12, 30), starts=time(14), ends=time(16), note="Jahresabschluss"
    )
    series, more = events(MONDAYS._replace(deviations=(extra,)))
    assert "RECURRENCE-ID" not in more
    assert more["UID"] != series["UID"]
    assert more["DESCRIPTION"] == "zusätzlicher Termin\nJahresabschluss"
    assert (more.start.hour, more.end.hour) == (14, 16)


def test_what_is_over_says_nothing() -> None:
    assert events(MONDAYS._replace(valid_until=date(2026, 9, 30))) == []
    assert events(Rule("", date(2026, 11, 27), time(9), None))[0].start.date() == date(2026, 11, 27)


EVIL = [
    "Ende\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:falsch",
    "a;b,c:d\\e\"f'",
    "\nBEGIN:VEVENT",
    "\x00\x07\x0b\x1b\x85",
    "zwei\u2028Zeilen\u2029",
    "عربي \u202e rechts",
    "😀👨‍👩‍👧" * 40,
    "ä" * 300,
    "\\",
    ";",
    "^n^'",
]


def check_whole(name: str) -> None:
    said = written(
        MONDAYS, name=name, topics=[name, name], spot=Spot(name), url="https://example.org/angebot/a"
    )
    lines = said.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(sign in said for sign in (b"\x00", b"\x07", b"\x0b", b"\x1b"))
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    unfolded = said.replace(b"\r\n ", b"").split(b"\r\n")
    assert unfolded.count(b"BEGIN:VEVENT") == unfolded.count(b"END:VEVENT") == 1
    (event,) = components(said, "VEVENT")
    assert len(event["CATEGORIES"].cats) == 2
    assert event["SUMMARY"] == event["LOCATION"]


@pytest.mark.parametrize("name", EVIL)
def test_no_text_breaks_out_of_its_line(name: str) -> None:
    check_whole(name)


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_whatever_is_said_stays_in_its_line(name: str) -> None:
    check_whole(name)


def test_texts_come_back_as_they_were() -> None:
    name = "Rat & Tat; „Hilfe“, mit C:\\Pfad\nzweite Zeile"
    (event,) = events(MONDAYS, name=name)
    assert str(event["SUMMARY"]) == name
