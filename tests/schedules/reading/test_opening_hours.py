"""Our reading of opening_hours against opening-hours-py, a parser that nobody here wrote."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

from api.schedules.reading import read
from api.schedules.rules import Rule

# 2026 has 53 weeks, 2028 is a leap year.
FIRST = datetime(2026, 1, 1)  # noqa: DTZ001 - the clock on the wall
LAST = datetime(2029, 1, 1)  # noqa: DTZ001
WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

weekday = st.sampled_from(WEEKDAYS)
weekdays = st.one_of(
    weekday,
    st.tuples(weekday, weekday).map("-".join),
    st.lists(weekday, min_size=2, max_size=4, unique=True).map(",".join),
    st.tuples(weekday, st.sampled_from(["[1]", "[2,4]", "[1-3]", "[-1]", "[5]"])).map("".join),
)
month = st.sampled_from(MONTHS)
seasons = st.one_of(
    st.just(""),
    st.tuples(month, month).map("-".join),
    st.lists(month, min_size=2, max_size=3, unique=True).map(",".join),
    st.sampled_from(
        ["Jan 25-Nov 10", "Nov 10-Jan 25", "Apr 01-Sep 30", "week 1-53/2", "week 2-52/2", "week 10-20"]
    ),
)
spans = st.sampled_from(
    ["08:00-12:00", "14:00-18:00", "09:00-17:00", "08:00-12:00,13:00-16:30", "20:00-02:00", "7:30-9:00"]
)
lines = st.tuples(seasons, weekdays, spans).map(lambda parts: " ".join(part for part in parts if part))
offs = st.one_of(st.just(""), weekdays.map(lambda days: f"; {days} off"))
more = st.lists(st.tuples(st.sampled_from(["; ", "; ", ", "]), lines).map("".join), max_size=3).map("".join)
expressions = st.tuples(lines, more, offs).map("".join)
Intervals = list[tuple[datetime, datetime]]


def in_closure(rule: Rule, day: date) -> bool:
    return any(
        (closure.first.month, closure.first.day)
        <= (day.month, day.day)
        <= (closure.last.month, closure.last.day)
        if closure.first.year == closure.last.year
        else (day.month, day.day) >= (closure.first.month, closure.first.day)
        or (day.month, day.day) <= (closure.last.month, closure.last.day)
        for closure in rule.closures
    )


def ours(rules: Iterable[Rule]) -> Intervals:
    found: Intervals = []
    for rule in rules:
        start = datetime.combine(rule.first_date, rule.starts)
        for begins in rrulestr(rule.recurrence, dtstart=start).between(FIRST - timedelta(days=2), LAST):
            assert rule.ends is not None
            ends = datetime.combine(begins.date(), rule.ends)
            if not in_closure(rule, begins.date()):
                found.append((begins, ends if ends > begins else ends + timedelta(days=1)))
    return merged(found)


def theirs(expression: str) -> Intervals:
    return merged(
        (begins.replace(tzinfo=None), ends.replace(tzinfo=None))
        for begins, ends, state, _ in OpeningHours(expression).intervals(FIRST, LAST)
        if state == State.OPEN
    )


def merged(intervals: Iterable[tuple[datetime, datetime]]) -> Intervals:
    found: Intervals = []
    for begins, ends in sorted(intervals):
        first, last = max(begins, FIRST), min(ends, LAST)
        if last <= first:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def compare(expression: str) -> None:
    reading = read(expression)
    if reading.is_understood:
        assert ours(reading.rules) == theirs(expression), reading.rules


@given(expressions)
@settings(max_examples=150, deadline=None)
def test_what_is_understood_of_opening_hours_is_what_it_says(expression: str) -> None:
    compare(expression)


@pytest.mark.proof
@given(expressions)
@settings(max_examples=10_000, deadline=None)
def test_ten_thousand_expressions_of_opening_hours_are_what_they_say(expression: str) -> None:
    compare(expression)


def test_a_good_part_of_random_expressions_is_understood() -> None:
    answers: list[bool] = []

    @given(expressions)
    @settings(max_examples=300, deadline=None, database=None, derandomize=True)
    def collect(expression: str) -> None:
        answers.append(read(expression).is_understood)

    collect()
    assert sum(answers) > len(answers) / 3
