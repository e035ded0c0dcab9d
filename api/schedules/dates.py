"""On which days a rule takes place, and why on some it does not."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from api.schedules.calendars import Flags, Holidays, Numbers, days, public_holidays, school_holidays
from api.schedules.patterns import Pattern, Span, matches, pattern
from api.schedules.rules import Closure, OnHolidays, Rule

# Years that can be asked for: what is of the last may end in the next, and be compared with the one after.
YEARS: Final = range(date.min.year + 1, date.max.year - 1)
_HUNDRED: Final = 100  # month and day as one number: 28 February is 228


class Why(StrEnum):
    """Why a rule does not take place on one of its days."""

    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAYS = "school_holidays"
    CLOSURE = "closure"
    CANCELLED = "cancelled"
    MOVED = "moved"  # to another day


class Dates(NamedTuple):
    """Days in order (date.toordinal()), and whether it is known that nothing keeps them; shared arrays."""

    numbers: Numbers
    is_certain: Flags


class _Sieve(NamedTuple):
    """What keeps a rule from taking place on days that it names; many rules have the same."""

    on_public_holidays: OnHolidays
    on_school_holidays: OnHolidays
    closures: tuple[Closure, ...]
    state: str | None


_NONE: Final = Dates(np.empty(0, dtype=np.int64), np.empty(0, dtype=bool))


def dates(rule: Rule, state: str | None, first: date, last: date) -> Dates:
    """Return the days from first to last on which a rule takes place, as if nobody had changed a date.

    Two policies are two sieves: who says ONLY twice means public holidays within school holidays. Where
    school holidays are not known yet, a day stays and is uncertain.
    """
    repeated, span = _named(rule)
    first, last = max(first, span.first), min(last, span.last or last)
    if first > last:
        return _NONE
    sieve = _Sieve(rule.on_public_holidays, rule.on_school_holidays, rule.closures, state)
    return _let_through(repeated, sieve, first, last)


def has(rule: Rule, day: date) -> bool:
    """Return whether a rule names a day, whatever holidays there are."""
    repeated, span = _named(rule)
    if day.year not in YEARS or not span.first <= day <= (span.last or day):
        return False
    return bool(matches(repeated, day.year)[day.timetuple().tm_yday - 1])


def last_year(rule: Rule) -> int:
    """Return the year after which a rule names no days."""
    return (_named(rule)[1].last or date.max).year


def left_out(rule: Rule, state: str | None, first: date, last: date) -> Iterator[tuple[date, Why, str]]:
    """Yield the days from first to last on which a rule does not take place, why, and what that is called.

    A day that a rule lacks because it is for holidays only is nobody's loss and is not told.
    """
    free = rule._replace(on_public_holidays=OnHolidays.OPEN, on_school_holidays=OnHolidays.OPEN, closures=())
    for number in dates(free, state, first, last).numbers.tolist():
        day = date.fromordinal(number)
        public = public_holidays(day.year, state).names.get(day)
        school = school_holidays(day.year, state).names.get(day)
        if public and rule.on_public_holidays == OnHolidays.CLOSED:
            yield day, Why.PUBLIC_HOLIDAY, public
        elif school and rule.on_school_holidays == OnHolidays.CLOSED:
            yield day, Why.SCHOOL_HOLIDAYS, school
        else:
            row = day.timetuple().tm_yday - 1
            notes = [closure.note for closure in rule.closures if _closed(closure, day.year)[row]]
            if notes:
                yield day, Why.CLOSURE, notes[0]


def _named(rule: Rule) -> tuple[Pattern, Span]:
    """Return the pattern of a rule, and from when to when it holds and is valid."""
    repeated, (first, last) = pattern(rule.recurrence, rule.first_date)
    if rule.valid_from is not None:
        first = max(first, rule.valid_from)
    if rule.valid_until is not None:
        last = min(last or rule.valid_until, rule.valid_until)
    return repeated, Span(first, last)


@lru_cache(maxsize=16384)
def _let_through(repeated: Pattern, sieve: _Sieve, first: date, last: date) -> Dates:
    """Return the days from first to last that a pattern names and a sieve lets through."""
    years = range(max(first.year, YEARS.start), min(last.year + 1, YEARS.stop))
    if not years:
        return _NONE
    numbers, is_certain = map(
        np.concatenate, zip(*(_of_year(repeated, sieve, year) for year in years), strict=True)
    )
    start, stop = numbers.searchsorted((first.toordinal(), last.toordinal() + 1))
    return Dates(numbers[start:stop], is_certain[start:stop])


@lru_cache(maxsize=32768)
def _of_year(repeated: Pattern, sieve: _Sieve, year: int) -> Dates:
    may, is_certain = _open_days(sieve, year)
    rows = np.flatnonzero(matches(repeated, year) & may)
    return Dates(days(year).number[rows], is_certain[rows])


@lru_cache(maxsize=4096)
def _open_days(sieve: _Sieve, year: int) -> tuple[Flags, Flags]:
    """Return which days of a year holidays and closures let through, and of which that is known."""
    may, is_certain = np.ones((2, len(days(year).number)), dtype=bool)
    for policy, holidays in (
        (sieve.on_public_holidays, public_holidays),
        (sieve.on_school_holidays, school_holidays),
    ):
        if policy != OnHolidays.OPEN:
            found: Holidays = holidays(year, sieve.state)
            keeps = found.flags if policy == OnHolidays.ONLY else ~found.flags
            may &= keeps | ~found.is_known
            is_certain &= found.is_known
    for closure in sieve.closures:
        may &= ~_closed(closure, year)
    return may, is_certain


def _closed(closure: Closure, year: int) -> Flags:
    found = days(year)
    if not closure.every_year:
        return (found.number >= closure.first.toordinal()) & (found.number <= closure.last.toordinal())
    # By month and day 29 February needs no year that has one: a closure from then on begins on 1 March.
    day = found.month * _HUNDRED + found.month_day
    first, last = (edge.month * _HUNDRED + edge.day for edge in (closure.first, closure.last))
    if first <= last:
        return (day >= first) & (day <= last)
    return (day >= first) | (day <= last)
