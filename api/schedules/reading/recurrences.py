"""From lines of a timetable to rules: the recurrence of RFC 5545, the first date, the times on the wall."""

from collections.abc import Iterator
from datetime import date, time
from typing import Final

from api.schedules.reading.doubts import Doubt, NotUnderstoodError
from api.schedules.reading.phrases import EVERY_MONTH, EVERY_WEEK, Day, Line
from api.schedules.rules import Entry, OnHolidays, Rule

# Texts do not say since when; this Monday opens a year with every day that a year can have.
ANCHOR: Final = date(2024, 1, 1)
_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HOUR: Final = 60
_HOURS: Final = 24


def rules(lines: tuple[Line, ...]) -> tuple[Rule, ...]:
    """Return the rules that say what the lines say."""
    return tuple(dict.fromkeys(rule for line in lines for rule in _of_line(line)))


def _of_line(line: Line) -> Iterator[Rule]:
    terms = line.terms
    for recurrence, first in _recurrences(line):
        for starts, ends in line.spans:
            if starts is None:
                raise NotUnderstoodError(Doubt.CLOCK)
            yield Rule(
                recurrence,
                first,
                _clock(starts),
                None if ends is None else _clock(ends),
                terms.valid_from,
                terms.valid_until,
                terms.on_public_holidays or OnHolidays.OPEN,
                terms.on_school_holidays or OnHolidays.OPEN,
                terms.entry or Entry.UNKNOWN,
                terms.closures,
                note="; ".join(terms.notes),
            )


def _clock(minutes: int) -> time:
    return time(minutes // _HOUR % _HOURS, minutes % _HOUR)


def _recurrences(line: Line) -> Iterator[tuple[str, date]]:
    """Yield each recurrence of a line with its first date."""
    days, terms = line.days, line.terms
    if days.dates:
        if days.days or days.month_days or terms.is_fortnightly or not _is_all_year(line):
            raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
        yield from (("", each) for each in days.dates)
        return
    if days.month_days and (days.days or terms.is_fortnightly or terms.weeks != EVERY_WEEK):
        raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
    months = "" if terms.months == EVERY_MONTH else f";BYMONTH={_numbers(terms.months)}"
    if days.month_days:
        yield f"FREQ=MONTHLY;BYMONTHDAY={_numbers(days.month_days)}{months}", ANCHOR
    each_week = [day for day in days.days if not day.nth]
    numbered = [day for day in days.days if day.nth]
    if terms.is_fortnightly:
        yield _fortnightly(line, months)
    elif each_week and terms.weeks != EVERY_WEEK:
        yield f"FREQ=YEARLY;BYWEEKNO={_numbers(terms.weeks)};BYDAY={_codes(each_week)}{months}", ANCHOR
    elif each_week:
        yield f"FREQ=WEEKLY;BYDAY={_codes(each_week)}{months}", ANCHOR
    if numbered:
        if terms.weeks != EVERY_WEEK or terms.is_fortnightly:
            raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
        yield f"FREQ=MONTHLY;BYDAY={_codes(numbered)}{months}", ANCHOR


def _is_all_year(line: Line) -> bool:
    return line.terms.months == EVERY_MONTH and line.terms.weeks == EVERY_WEEK


def _fortnightly(line: Line, months: str) -> tuple[str, date]:
    """Return „alle 14 Tage“ counted from its first date; without one nobody knows which weeks."""
    first = line.terms.valid_from
    if first is None or {Day(first.weekday())} != line.days.days or line.terms.weeks != EVERY_WEEK:
        raise NotUnderstoodError(Doubt.NO_ANCHOR)
    return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={_CODES[first.weekday()]}{months}", first


def _codes(days: list[Day]) -> str:
    return ",".join(f"{day.nth or ''}{_CODES[day.weekday]}" for day in sorted(days))


def _numbers(numbers: frozenset[int]) -> str:
    return ",".join(map(str, sorted(numbers)))
