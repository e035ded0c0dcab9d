"""On 28 March 2027 the clock skips an hour, on 31 October it shows one twice (RFC 5545, 3.3.5)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.schedules.rules import Rule
from api.schedules.spans import spans
from api.schedules.timetable import State, Timetable
from api.schedules.wall_clock import instants, wall_minute
from tests.schedules.strategies import ZONE
from tests.schedules.test_timetable import BERLIN, at

SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)


def sunday(day: date, starts: time, ends: time) -> list[str]:
    """Start and end in UTC."""
    timetable = Timetable((Rule("FREQ=WEEKLY;BYDAY=SU", date(2026, 1, 4), starts, ends),), ZONE)
    (one,) = timetable.between(at(day), at(day + timedelta(1)))
    assert one.ends
    found = spans([timetable], day, day)
    assert (found.starts[0] * 60, found.ends[0] * 60) == (one.starts.timestamp(), one.ends.timestamp())
    return [f"{moment.astimezone(UTC):%H:%M}" for moment in (one.starts, one.ends)]


@pytest.mark.parametrize(
    ("day", "starts", "ends", "expected"),
    [
        (SPRING, time(1), time(4), ["00:00", "02:00"]),
        (SPRING, time(2, 30), time(4), ["01:30", "02:00"]),  # there is no 02:30: it is 03:30
        (SPRING, time(1), time(2, 30), ["00:00", "01:30"]),
        (SPRING, time(2, 30), time(3, 15), ["01:30", "01:30"]),  # over before it began
        (SPRING, time(9), time(12), ["07:00", "10:00"]),
        (AUTUMN, time(1), time(4), ["23:00", "03:00"]),
        (AUTUMN, time(2, 30), time(4), ["00:30", "03:00"]),  # the first of two
        (AUTUMN, time(1), time(2, 30), ["23:00", "00:30"]),
        (AUTUMN, time(9), time(12), ["08:00", "11:00"]),
    ],
)
def test_hours_are_those_on_the_wall(day: date, starts: time, ends: time, expected: list[str]) -> None:
    assert sunday(day, starts, ends) == expected


def test_a_time_that_does_not_exist_is_shown_as_it_is_then() -> None:
    timetable = Timetable((Rule("", SPRING, time(2, 30), time(4)),), ZONE)
    assert timetable.after(at(SPRING))[0].starts.isoformat() == "2027-03-28T03:30:00+02:00"


def test_the_second_of_two_equal_times_is_another_one() -> None:
    timetable = Timetable((Rule("", AUTUMN, time(2), time(2, 45)),), ZONE)
    first = datetime.combine(AUTUMN, time(2, 30), BERLIN)
    assert timetable.status(first).state == State.OPEN
    assert timetable.status(first.replace(fold=1)).state == State.CLOSED


@given(
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.times(),
    st.sampled_from([ZONE, "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_a_million_clocks_agree_with_one(day: date, starts: time, zone: str) -> None:
    minute = wall_minute(day.toordinal(), starts)
    expected = int(datetime.combine(day, starts, ZoneInfo(zone)).timestamp()) // 60
    assert instants(np.array([minute, minute]), zone).tolist() == [expected, expected]
