"""Timetables as OSM opening_hours says them, and open hours as both sides can be compared."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import assume

from api.schedules.spans import spans
from api.schedules.timetable import Timetable
from api.schedules.wall_clock import MINUTES_A_DAY
from api.schedules.writing import osm as writing
from tests.schedules.strategies import SINCE

Interval = tuple[int, int]  # in minutes


def opening_hours(timetable: Timetable) -> str:
    """What we say of a timetable of which nothing gets lost."""
    value, lost = writing.opening_hours(timetable.rules, SINCE)
    assume(lost != (writing.Lost.NEVER,))  # 30 February
    assert value
    assert not lost
    return value


def open_hours(timetable: Timetable, first: date, last: date, *, on_the_wall: bool) -> list[Interval]:
    """Return when a timetable is open from first to last, in minutes since 1970."""
    found = spans([timetable], first - timedelta(1), last)
    columns = (found.wall_starts, found.wall_ends) if on_the_wall else (found.starts, found.ends)
    return merged(zip(*(column.tolist() for column in columns), strict=True))


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Join what touches or overlaps; what is empty is nothing."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif start < end:
            found.append((start, end))
    return found


def inside(intervals: Iterable[Interval], start: int, end: int) -> list[Interval]:
    """Cut intervals to a window without its first and last day, where they may begin before and end after."""
    first, last = start + MINUTES_A_DAY, end - MINUTES_A_DAY
    cut = ((max(begin, first), min(finish, last)) for begin, finish in intervals)
    return merged((begin, finish) for begin, finish in cut if begin < finish)
