"""The days that a recurrence names, as flags over a calendar year: equal rules are worked out once."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from api.schedules.calendars import Days, Flags, Numbers, days, weeks
from api.schedules.recurrence import Frequency, NthWeekday, Recurrence, read

_WEEK: Final = 7
_MONTHS: Final = 12
# The Gregorian calendar repeats itself after so many years; what has not happened by then does not.
_ALL_KINDS_OF_YEARS: Final = 400
_ONCE: Final = Recurrence(Frequency.YEARLY, how_often=1)


class Pattern(NamedTuple):
    """A recurrence without beginning and end; the phase is that of the interval."""

    recurrence: Recurrence
    phase: int = 0


class Span(NamedTuple):
    """The days on which a pattern holds, both included; last None: for ever."""

    first: date
    last: date | None


def pattern(recurrence: str, first_date: date) -> tuple[Pattern, Span]:
    """Return the pattern of a recurrence and from when to when it holds.

    Where the recurrence leaves it open, the pattern is of first_date's weekday, day of the month, or month
    (RFC 5545, 3.3.10). COUNT counts from first_date, also dates that are left out later. A first_date that
    the recurrence does not name is none of its dates and is not counted, as in dateutil; the RFC leaves this
    undefined. An empty recurrence is first_date alone.
    """
    said = _said(recurrence)
    found = _timeless(recurrence) or _begun(recurrence, first_date)
    last = said.until if said.how_often is None else _last(found, first_date, said.how_often)
    return found, Span(first_date, last)


def _said(recurrence: str) -> Recurrence:
    return read(recurrence) if recurrence else _ONCE


@lru_cache(maxsize=4096)
def _timeless(recurrence: str) -> Pattern | None:
    """Return the pattern of a recurrence that is the same whenever it begins, as that of most rules is."""
    said = _said(recurrence)._replace(until=None, how_often=None)
    is_complete = said.weekdays or said.month_days or said.weeks
    return Pattern(said) if is_complete and said.interval == 1 else None


@lru_cache(maxsize=16384)
def _begun(recurrence: str, first_date: date) -> Pattern:
    """Return the pattern of a recurrence that takes its day, or the phase of its interval, from a date."""
    said = _said(recurrence)._replace(until=None, how_often=None)
    return Pattern(_completed(said, first_date), _phase(said, first_date))


def _completed(said: Recurrence, first_date: date) -> Recurrence:
    if said.weekdays or said.month_days or said.weeks:
        return said
    if said.frequency == Frequency.WEEKLY:
        return said._replace(weekdays=(NthWeekday(first_date.weekday()),))
    if said.frequency == Frequency.YEARLY and not said.months:
        said = said._replace(months=(first_date.month,))
    return said._replace(month_days=(first_date.day,))


def _phase(said: Recurrence, first_date: date) -> int:
    if said.interval == 1:
        return 0
    row = first_date.timetuple().tm_yday - 1
    return int(_periods(said, first_date.year)[row]) % said.interval


@lru_cache(maxsize=16384)
def _last(found: Pattern, first_date: date, count: int) -> date | None:
    """Return the date with which a count is full; None if that takes longer than anybody can plan."""
    left = count
    for year in range(first_date.year, min(first_date.year + _ALL_KINDS_OF_YEARS, date.max.year)):
        numbers = days(year).number[_work_out(found, year)]
        numbers = numbers[numbers >= first_date.toordinal()]
        if len(numbers) >= left:
            return date.fromordinal(int(numbers[left - 1]))
        left -= len(numbers)
    return None


@lru_cache(maxsize=65536)
def matches(wanted: Pattern, year: int) -> Flags:
    """Return for each day of a year whether a pattern names it; the array is shared and not to be changed."""
    return _work_out(wanted, year)


def _work_out(wanted: Pattern, year: int) -> Flags:
    said, found = wanted.recurrence, days(year)
    flags = np.ones(len(found.number), dtype=bool)
    if said.interval > 1:
        flags &= _periods(said, year) % said.interval == wanted.phase
    if said.months:
        flags &= _among(found.month, said.months)
    if said.month_days:
        flags &= _among(found.month_day, said.month_days) | _among(found.month_day_from_end, said.month_days)
    if said.weeks:
        flags &= _among(weeks(year, said.week_starts), said.weeks)
    if said.weekdays:
        flags &= _on_weekdays(said, found)
    flags.flags.writeable = False
    return flags


def _periods(said: Recurrence, year: int) -> Numbers:
    """Return of each day of a year the number of its week, month or year, counted without a gap."""
    found = days(year)
    if said.frequency == Frequency.WEEKLY:
        return (found.number - 1 - said.week_starts) // _WEEK
    if said.frequency == Frequency.MONTHLY:
        return year * _MONTHS + found.month
    return np.full(len(found.number), year)


def _on_weekdays(said: Recurrence, found: Days) -> Flags:
    """Return on which days it is one of the weekdays: each of them, or the nth of its month or year."""
    flags = _among(found.weekday, [day.weekday for day in said.weekdays if not day.nth])
    in_year = said.frequency == Frequency.YEARLY and not said.months
    nth = found.nth_in_year if in_year else found.nth_in_month
    from_end = found.nth_in_year_from_end if in_year else found.nth_in_month_from_end
    for day in said.weekdays:
        if day.nth:
            flags = flags | (found.weekday == day.weekday) & ((nth if day.nth > 0 else from_end) == day.nth)
    return flags


def _among(column: Numbers, wanted: Sequence[int]) -> Flags:
    """Return where a column holds one of the wanted numbers, of which there are few."""
    flags = np.zeros(len(column), dtype=bool)
    for number in wanted:
        flags |= column == number
    return flags
