"""Timetables as OSM says them: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from enum import StrEnum
from itertools import product
from typing import Final, NamedTuple

from api.schedules.patterns import Span, pattern
from api.schedules.recurrence import Frequency, NthWeekday, Recurrence
from api.schedules.rules import Closure, Entry, OnHolidays, Rule

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_LENGTHS: Final = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}  # of months without a 31st; a leap day may come


class Lost(StrEnum):
    """What opening_hours does not say of a timetable."""

    # Days that cannot be said at all; without them there is no value, as it would name others.
    INTERVAL = "interval"
    DAYS_FROM_END_OF_MONTH = "days_from_end_of_month"
    WEEKDAYS_OF_MONTH_DAYS = "weekdays_of_month_days"
    WEEKDAYS_OF_YEAR = "weekdays_of_year"
    WEEKS_OF_MONTHS = "weeks_of_months"
    WEEK_START = "week_start"
    NEVER = "never"
    SINGLE_DATE = "single_date"
    ONLY_ON_HOLIDAYS = "only_on_holidays"
    TERMS_DIFFER = "terms_differ"
    # What a value is true without.
    VALIDITY = "validity"
    DEVIATIONS = "deviations"
    ENTRY = "entry"
    NOTE = "note"


_NEEDED: Final = frozenset(list(Lost)[: list(Lost).index(Lost.VALIDITY)])


class OpeningHours(NamedTuple):
    """A value of opening_hours, if there is one, and what it does not say."""

    value: str | None
    lost: tuple[Lost, ...]


def opening_hours(rules: Sequence[Rule], today: date) -> OpeningHours:
    """Return a timetable as OSM says it; a beginning before today needs not be said.

    Rules follow each other after a comma, which adds (a semicolon would replace the days that both name);
    what is closed comes last.
    """
    lost = set(_lost(rules, today))
    value = (
        None if lost & _NEEDED or not rules else "; ".join((", ".join(map(_rule, rules)), *_closed(rules[0])))
    )
    return OpeningHours(value, tuple(one for one in Lost if one in lost))


def _lost(rules: Sequence[Rule], today: date) -> Iterator[Lost]:
    if (
        len({(rule.on_public_holidays, rule.on_school_holidays, frozenset(rule.closures)) for rule in rules})
        > 1
    ):
        yield Lost.TERMS_DIFFER
    for rule in rules:
        said, span = pattern(rule.recurrence, rule.first_date)
        yield from _lost_days(said.recurrence)
        if not rule.recurrence:
            yield Lost.SINGLE_DATE
        if OnHolidays.ONLY in {rule.on_public_holidays, rule.on_school_holidays}:
            yield Lost.ONLY_ON_HOLIDAYS
        if _is_limited(rule, span, today):
            yield Lost.VALIDITY
        if rule.deviations:
            yield Lost.DEVIATIONS
        if rule.entry == Entry.APPOINTMENT:
            yield Lost.ENTRY
        if rule.note:
            yield Lost.NOTE


def _lost_days(said: Recurrence) -> Iterator[Lost]:
    is_numbered = any(day.nth for day in said.weekdays)
    if said.interval > 1:
        yield Lost.INTERVAL
    if min(said.month_days, default=1) < 0:
        yield Lost.DAYS_FROM_END_OF_MONTH
    if said.month_days and said.weekdays:
        yield Lost.WEEKDAYS_OF_MONTH_DAYS
    if said.frequency == Frequency.YEARLY and is_numbered and not said.months:
        yield Lost.WEEKDAYS_OF_YEAR
    if said.weeks and said.months:
        yield Lost.WEEKS_OF_MONTHS
    if said.weeks and said.week_starts:
        yield Lost.WEEK_START
    if said.month_days and not _days_of_months(said):
        yield Lost.NEVER


def _is_limited(rule: Rule, span: Span, today: date) -> bool:
    begins = max(span.first, rule.valid_from or span.first)
    return begins > today or span.last is not None or rule.valid_until is not None


def _closed(rule: Rule) -> Iterator[str]:
    for closure in rule.closures:
        yield f"{_days(closure)} off"
    if rule.on_public_holidays == OnHolidays.CLOSED:
        yield "PH off"
    if rule.on_school_holidays == OnHolidays.CLOSED:
        yield "SH off"


def _rule(rule: Rule) -> str:
    said = pattern(rule.recurrence, rule.first_date)[0].recurrence
    words = []
    if said.weeks:
        words.append("week " + ",".join(f"{week:02}" for week in said.weeks))
    if said.month_days:
        words.append(_days_of_months(said))
    elif said.months:
        # Without the colon "Jan,Feb Mo[1]" can be read as January or the first Monday of February.
        words.append(",".join(_MONTHS[month - 1] for month in said.months) + ":")
    if said.weekdays:
        words.append(",".join(map(_weekday, said.weekdays)))
    return " ".join([*words, _hours(rule.starts, rule.ends)])


def _days_of_months(said: Recurrence) -> str:
    days = product(said.months or range(1, 13), said.month_days)
    return ",".join(f"{_MONTHS[month - 1]} {day:02}" for month, day in days if day <= _LENGTHS.get(month, 31))


def _hours(starts: time, ends: time | None) -> str:
    """Return from when until when; midnight is the end of the day, and a whole day ends on the next."""
    if ends is None:
        return f"{starts:%H:%M}+"
    hour = ends.hour + (24 if ends in {starts, time()} else 0)
    return f"{starts:%H:%M}-{hour:02}:{ends:%M}"


def _weekday(day: NthWeekday) -> str:
    return _WEEKDAYS[day.weekday] + (f"[{day.nth}]" if day.nth else "")


def _days(closure: Closure) -> str:
    edges = []
    for day in (closure.first, closure.last):
        year = "" if closure.every_year else f"{day.year} "
        edges.append(f"{year}{_MONTHS[day.month - 1]} {day.day:02}")
    return "-".join(edges)
