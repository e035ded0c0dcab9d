"""Days as columns, a year at a time, with the holidays of a federal state: what rules are laid upon."""

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

import holidays
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_WEEK: Final = 7
# From the first school holidays that PyPI `holidays` has; Germany as it is now begins there, too.
_FIRST_YEAR: Final = 1991
# ISO 3166-2 without its "DE-". The library also knows Augsburg, which is no state.
STATES: Final = frozenset(name for name in holidays.list_supported_countries()["DE"] if len(name) == 2)  # noqa: PLR2004


class Days(NamedTuple):
    """The days of a calendar year, column by column. Weekday 0 is Monday; below 0 counts from the end."""

    number: Numbers  # date.toordinal()
    weekday: Numbers
    month: Numbers
    month_day: Numbers
    month_day_from_end: Numbers
    nth_in_month: Numbers  # 2: the second of its weekday
    nth_in_month_from_end: Numbers
    nth_in_year: Numbers
    nth_in_year_from_end: Numbers


class Holidays(NamedTuple):
    """Of each day of a calendar year whether it is a holiday and whether that is known; names."""

    flags: Flags
    is_known: Flags
    names: dict[date, str]


@lru_cache(maxsize=128)
def days(year: int) -> Days:
    """Return the days of a year of the Gregorian calendar."""
    first = date(year, 1, 1).toordinal()
    number = np.arange(first, date(year, 12, 31).toordinal() + 1)
    moment = np.datetime64(f"{year:04}-01-01") + (number - first)
    month_start = moment.astype("datetime64[M]")
    month_day = (moment - month_start.astype("datetime64[D]")).astype(np.int64) + 1
    lengths = ((month_start + 1).astype("datetime64[D]") - month_start.astype("datetime64[D]")).astype(
        np.int64
    )
    year_day = number - first
    return Days(
        number=number,
        weekday=(number - 1) % _WEEK,
        month=month_start.astype(np.int64) % 12 + 1,
        month_day=month_day,
        month_day_from_end=month_day - lengths - 1,
        nth_in_month=(month_day - 1) // _WEEK + 1,
        nth_in_month_from_end=-((lengths - month_day) // _WEEK) - 1,
        nth_in_year=year_day // _WEEK + 1,
        nth_in_year_from_end=-((len(number) - 1 - year_day) // _WEEK) - 1,
    )


@lru_cache(maxsize=128)
def weeks(year: int, week_starts: int = 0) -> Numbers:
    """Return of each day of a year the number of its week, which around New Year can be one of its neighbour.

    Number 1 is the first with at least four days in its year (RFC 5545; ISO 8601 if weeks start on Monday).
    """
    found = days(year)
    # A week is of the year in which its fourth day lies, and its number is told from there.
    fourth = found.number - (found.weekday - week_starts) % _WEEK + 3
    first, after = int(found.number[0]), int(found.number[-1]) + 1
    before = first - len(days(year - 1).number)
    starts = np.select([fourth < first, fourth < after], [before, first], after)
    number: Numbers = (fourth - starts) // _WEEK + 1
    return number


@lru_cache(maxsize=512)
def public_holidays(year: int, state: str | None) -> Holidays:
    """Return the public holidays of a federal state ("NW", ISO 3166-2); if unknown, those of all states.

    Days of parts of a state are not among them: Mariä Himmelfahrt in Catholic communities of Bavaria,
    Fronleichnam in some of Saxony and Thuringia, the Friedensfest of Augsburg. Source: PyPI `holidays`.
    Raises ValueError for a state that is none.
    """
    found = _named(year, state, "public")
    return _holidays(year, found, np.ones(len(days(year).number), dtype=bool))


@lru_cache(maxsize=512)
def school_holidays(year: int, state: str | None) -> Holidays:
    """Return the school holidays of a federal state, and until which day anybody has said when they are.

    Days that schools choose themselves ("bewegliche Ferientage") are in no central list and not among them.
    Raises ValueError for a state that is none.
    """
    number = days(year).number
    known_until = school_holidays_known_until(state)
    if state is None or known_until is None:
        return Holidays(np.zeros(len(number), dtype=bool), np.zeros(len(number), dtype=bool), {})
    is_known = (number >= date(_FIRST_YEAR, 1, 1).toordinal()) & (number <= known_until.toordinal())
    return _holidays(year, _named(year, state, "school"), is_known)


@lru_cache(maxsize=32)
def school_holidays_known_until(state: str | None) -> date | None:
    """Return the last day of the last school holidays that are known; None if the state is unknown.

    States publish whole school years. The last one ends with its summer holidays in the middle of a calendar
    year, so a year that has some holidays need not have all.
    """
    last = None
    if state is not None:
        year = _FIRST_YEAR
        while found := _named(year, state, "school"):
            last = max(found)
            year += 1
    return last


def _named(year: int, state: str | None, kind: str) -> holidays.HolidayBase:
    if state is not None and state not in STATES:
        raise ValueError(f"{state!r} is none of Germany's states: {', '.join(sorted(STATES))}")
    return holidays.country_holidays(
        "DE", subdiv=state, years=year, expand=False, categories=(kind,), language="de"
    )


def _holidays(year: int, found: holidays.HolidayBase, is_known: Flags) -> Holidays:
    flags = np.zeros(len(is_known), dtype=bool)
    first = date(year, 1, 1).toordinal()
    for day in found:
        flags[day.toordinal() - first] = True
    return Holidays(flags, is_known, {day: found.get(day, "") for day in found})
