"""Timetables as OSM opening_hours says them, and open hours as both sides can be compared."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product

from api.schedules.recurrence import NthWeekday, read
from api.schedules.rules import Closure, OnHolidays, Rule
from api.schedules.spans import spans
from api.schedules.timetable import Timetable
from api.schedules.wall_clock import MINUTES_A_DAY

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]

Interval = tuple[int, int]  # in minutes


def opening_hours(timetable: Timetable) -> str:
    """Rules follow each other after a comma, which adds; what is closed comes last, after a semicolon."""
    first = timetable.rules[0]
    closed = [f"{_days(closure)} off" for closure in first.closures]
    if first.on_public_holidays == OnHolidays.CLOSED:
        closed.append("PH off")
    if first.on_school_holidays == OnHolidays.CLOSED:
        closed.append("SH off")
    return "; ".join([", ".join(map(_rule, timetable.rules)), *closed])


def _rule(rule: Rule) -> str:
    said = read(rule.recurrence)
    months = [MONTHS[month - 1] for month in said.months]
    words = []
    if said.weeks:
        words.append("week " + ",".join(f"{week:02}" for week in said.weeks))
    if said.month_days:
        days = product(months or MONTHS, said.month_days)
        words.append(",".join(f"{month} {day:02}" for month, day in days if _exists(month, day)))
    elif months:
        # Without the colon "Jan,Feb Mo[1]" can be read as January or the first Monday of February.
        words.append(",".join(months) + ":")
    if said.weekdays:
        words.append(",".join(map(_weekday, said.weekdays)))
    assert rule.ends is not None
    return " ".join([*words, f"{rule.starts:%H:%M}-{rule.ends:%H:%M}"])


def _exists(month: str, day: int) -> bool:
    return day <= {"Feb": 29, "Apr": 30, "Jun": 30, "Sep": 30, "Nov": 30}.get(month, 31)


def _weekday(day: NthWeekday) -> str:
    return WEEKDAYS[day.weekday] + (f"[{day.nth}]" if day.nth else "")


def _days(closure: Closure) -> str:
    edges = []
    for day in (closure.first, closure.last):
        year = "" if closure.every_year else f"{day.year} "
        edges.append(f"{year}{MONTHS[day.month - 1]} {day.day:02}")
    return "-".join(edges)


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
