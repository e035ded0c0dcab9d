"""Recurrences name the dates that python-dateutil names, but for what it gets wrong."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schedules.recurrence import WEEKDAYS, read
from api.schedules.rules import Rule
from api.schedules.timetable import Timetable
from tests.schedules.strategies import SINCE, UNTIL, first_dates, recurrences

MANY = settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
SOME = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def ours(recurrence: str, first_date: date, since: date = SINCE, until: date = UNTIL) -> list[date]:
    rule = Rule(recurrence, first_date, time(9), time(12))
    table = Timetable((rule,), "UTC")
    window = [datetime.combine(day, time(), UTC) for day in (since, until + timedelta(1))]
    return [one.on for one in table.between(*window)]


def theirs(recurrence: str, first_date: date, since: date = SINCE, until: date = UNTIL) -> list[date]:
    start, after, before = (datetime.combine(day, time()) for day in (first_date, since, until))
    found = rrulestr(recurrence, dtstart=start).between(after, before, inc=True)
    return [moment.date() for moment in found]


def week_number(day: date, week_starts: int) -> int:
    """The 4th of January is always in the first week of a year (RFC 5545, 3.3.10; ISO 8601)."""

    def first_day(one: date) -> date:
        return one - timedelta((one.weekday() - week_starts) % 7)

    year = (first_day(day) + timedelta(3)).year
    return (first_day(day) - first_day(date(year, 1, 4))).days // 7 + 1


def agree(recurrence: str, first_date: date) -> None:
    found, expected = ours(recurrence, first_date), theirs(recurrence, first_date)
    said = read(recurrence)
    if said.weeks:
        # Whether the days before the first week of a year are of week 52 or 53, dateutil tells by the length
        # of that year, not of the one before: 1 January 2022 is of week 52 (ISO 8601), and of 53 there.
        disputed = {day for day in set(found) ^ set(expected) if (day.month, day.day) <= (1, 3)}
        for day in disputed:
            assert (week_number(day, said.week_starts) in said.weeks) == (day in found)
        found, expected = ([day for day in days if day not in disputed] for days in (found, expected))
    assert found == expected


@given(recurrences(), first_dates)
@SOME
def test_names_the_same_dates(recurrence: str, first_date: date) -> None:
    agree(recurrence, first_date)


@pytest.mark.proof
@given(recurrences(), first_dates)
@MANY
def test_names_the_same_dates_for_ten_thousand_rules(recurrence: str, first_date: date) -> None:
    agree(recurrence, first_date)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(0, 6))
@SOME
def test_weeks_are_those_of_the_calendar(day: date, week_starts: int) -> None:
    weekday, number = WEEKDAYS[day.weekday()], week_number(day, week_starts)
    recurrence = f"FREQ=YEARLY;BYWEEKNO={number};BYDAY={weekday};WKST={WEEKDAYS[week_starts]}"
    assert ours(recurrence, day, day, day) == [day]
    if week_starts == 0:
        assert number == day.isocalendar().week


def test_dateutil_takes_a_day_of_week_52_for_one_of_week_53() -> None:
    day = date(2022, 1, 1)
    assert day.isocalendar().week == 52
    for number, here, there in ((52, [day], []), (53, [], [day])):
        recurrence = f"FREQ=YEARLY;BYWEEKNO={number};BYDAY=SA"
        assert ours(recurrence, day, day, day) == here
        assert theirs(recurrence, day, day, day) == there


def test_days_with_and_without_number_add_up_where_dateutil_wants_both() -> None:
    recurrence = "FREQ=MONTHLY;BYDAY=MO,1MO,1TU"
    window = date(2026, 9, 1), date(2026, 9, 30)
    assert ours(recurrence, window[0], *window) == [date(2026, 9, day) for day in (1, 7, 14, 21, 28)]
    assert theirs(recurrence, window[0], *window) == [date(2026, 9, 7)]


def test_counts_from_the_first_date_that_fits() -> None:
    wednesday = date(2026, 9, 2)
    window = wednesday, date(2027, 9, 1)
    mondays = [date(2026, 9, 7), date(2026, 9, 14)]
    assert ours("FREQ=WEEKLY;BYDAY=MO;COUNT=2", wednesday, *window) == mondays
    assert theirs("FREQ=WEEKLY;BYDAY=MO;COUNT=2", wednesday, *window) == mondays


def test_takes_place_once_without_recurrence() -> None:
    assert ours("", date(2027, 3, 1)) == [date(2027, 3, 1)]


def test_every_fortnight_and_even_weeks_part_ways_in_january_2027() -> None:
    monday = date(2026, 12, 7)  # of week 50
    window = monday, date(2027, 1, 31)
    even = ";".join(["FREQ=YEARLY", f"BYWEEKNO={','.join(map(str, range(2, 53, 2)))}", "BYDAY=MO"])
    assert ours("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", monday, *window) == [
        date(2026, 12, 7),
        date(2026, 12, 21),
        date(2027, 1, 4),
        date(2027, 1, 18),
    ]
    assert ours(even, monday, *window) == [
        date(2026, 12, 7),
        date(2026, 12, 21),
        date(2027, 1, 11),
        date(2027, 1, 25),
    ]


def test_week_53_of_2026_reaches_into_2027() -> None:
    window = date(2026, 1, 1), date(2031, 12, 31)
    found = ours("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,SU", window[0], *window)
    assert found == [date(2026, 12, 28), date(2027, 1, 3)]


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=5MO", ["2027-03-29", "2027-05-31", "2027-08-30", "2027-11-29"]),
        ("FREQ=MONTHLY;BYDAY=-1SU;BYMONTH=2,3", ["2027-02-28", "2027-03-28"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=1,2,3", ["2027-01-31", "2027-03-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;BYMONTH=1,2,3", ["2027-01-31", "2027-02-28", "2027-03-31"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", []),
    ],
)
def test_knows_how_long_months_are(recurrence: str, expected: list[str]) -> None:
    assert [
        str(day) for day in ours(recurrence, date(2027, 1, 1), date(2027, 1, 1), date(2027, 12, 31))
    ] == expected


def test_knows_leap_days() -> None:
    window = date(2026, 1, 1), date(2033, 12, 31)
    leap_days = [date(2028, 2, 29), date(2032, 2, 29)]
    assert ours("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", window[0], *window) == leap_days
    assert ours("FREQ=YEARLY", date(2024, 2, 29), *window) == leap_days


def test_works_up_to_the_edges_of_the_calendar() -> None:
    friday = date(9997, 12, 26)
    assert ours("FREQ=WEEKLY;BYDAY=FR", date(2026, 1, 1), friday, date(9997, 12, 31)) == [friday]
    assert ours("FREQ=WEEKLY", date.max) == []
