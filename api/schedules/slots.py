"""The dates of one rule as plain minutes, before they become something to read."""

from collections.abc import Iterator
from datetime import date, time
from typing import NamedTuple

import numpy as np

from api.schedules.calendars import Numbers
from api.schedules.changes import Instead, changes
from api.schedules.dates import Dates, dates, last_year
from api.schedules.rules import Change, Rule
from api.schedules.wall_clock import EPOCH, MINUTES_A_DAY, instants, length, minute_of_day


class Slot(NamedTuple):
    """What api.schedules.timetable.Occurrence is, with instants in minutes since 1970, UTC."""

    starts: int
    ends: int | None
    rule: int
    on: date
    change: Change | None = None
    place: int | None = None
    certain: bool = True
    note: str = ""

    def covers(self, instant: float) -> bool:
        """Return whether it takes place at an instant; of an open end nobody knows."""
        return self.ends is not None and self.starts <= instant < self.ends


def last_year_of(rule: Rule) -> int:
    """Return the year after which nothing of a rule takes place."""
    return max([last_year(rule), *(instead.day.year for instead in changes(rule).instead)])


def slots(number: int, rule: Rule, state: str | None, zone: str, days: tuple[date, date]) -> Iterator[Slot]:
    """Yield in no order what a rule of a timetable lets begin on some days, both included."""
    found = regular(rule, state, *days)
    starts, ends = on_the_wall(found.numbers, rule.starts, rule.ends)
    begin, finish = instants(starts, zone), instants(ends, zone)
    for day, start, end, is_certain in zip(
        found.numbers.tolist(), begin.tolist(), finish.tolist(), found.is_certain.tolist(), strict=True
    ):
        finished = None if rule.ends is None else max(start, end)
        yield Slot(start, finished, number, date.fromordinal(day), certain=is_certain)
    for instead in changed(rule, *days):
        wall = on_the_wall(np.array([instead.day.toordinal()]), instead.starts, instead.ends)
        start, end = (int(instants(column, zone)[0]) for column in wall)
        finished = None if instead.ends is None else max(start, end)
        yield Slot(start, finished, number, instead.on, instead.change, instead.place, note=instead.note)


def regular(rule: Rule, state: str | None, first: date, last: date) -> Dates:
    """Return the days from first to last on which a rule takes place as it says."""
    found, gone = dates(rule, state, first, last), changes(rule).gone
    if not gone:
        return found
    kept = ~np.isin(found.numbers, list(gone))
    return Dates(found.numbers[kept], found.is_certain[kept])


def changed(rule: Rule, first: date, last: date) -> list[Instead]:
    """Return what a human has set on the days from first to last."""
    return [instead for instead in changes(rule).instead if first <= instead.day <= last]


def on_the_wall(numbers: Numbers, starts: time, ends: time | None) -> tuple[Numbers, Numbers]:
    """Return the minutes on the wall at which something starts and ends; an open end is the start."""
    begin = (numbers - EPOCH) * MINUTES_A_DAY + minute_of_day(starts)
    return begin, begin if ends is None else begin + length(starts, ends)
