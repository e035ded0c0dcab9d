"""What a recurrence says: the part of RFC 5545 that people need, read by libraries and checked by us."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol

from dateutil.rrule import rrulestr
from icalendar.prop import vRecur

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RECUR: Final[Any] = vRecur  # whose methods say nothing of types
_ONE: Final = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST")
# How large the numbers of a part can be; of days, a minus counts from the end of the month.
_RANGES: Final = {"INTERVAL": 99, "COUNT": 9999, "BYMONTH": 12, "BYMONTHDAY": 31, "BYWEEKNO": 53}
_PARTS: Final = (*_ONE, "BYDAY", "BYMONTHDAY", "BYWEEKNO", "BYMONTH")
_ANY_DAY: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - the clock on the wall
_LETTERS: Final = re.compile(r"[A-Z0-9=;,+-]*")
_WEEKS_OF_A_MONTH: Final = 5
_WEEKS_OF_A_YEAR: Final = 53


class Frequency(StrEnum):
    """What an interval counts; days are not counted: „täglich“ is a week with seven days."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Problem(StrEnum):
    """Why a part of a recurrence cannot be used."""

    UNREADABLE = "unreadable"
    MISSING = "missing"
    TWICE = "twice"
    OUT_OF_RANGE = "out_of_range"
    NOT_SUPPORTED = "not_supported"  # RFC 5545 has it, timetables of people do not
    CONTRADICTION = "contradiction"  # this part cannot stand beside another


class RecurrenceError(ValueError):
    """A recurrence that cannot be used: which part of it ("BYDAY"; empty: as a whole), and why."""

    def __init__(self, part: str, problem: Problem, value: str = "") -> None:
        super().__init__(f"{part or 'the recurrence'}: {problem.value} {value!r}")
        self.part, self.problem, self.value = part, problem, value


class NthWeekday(NamedTuple):
    """A weekday (0: Monday), each one or the nth of a month or year; -1 is the last, 0 means each."""

    weekday: int
    nth: int = 0


class Recurrence(NamedTuple):
    """A value of RRULE in which all parts are known to fit together; empty parts do not narrow anything."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[NthWeekday, ...] = ()
    month_days: tuple[int, ...] = ()  # -1 is the last day of the month
    weeks: tuple[int, ...] = ()  # of the year (ISO 8601 where weeks start on Monday)
    months: tuple[int, ...] = ()
    week_starts: int = 0
    until: date | None = None  # the last day that can be one
    how_often: int | None = None


class _Weekday(Protocol):
    """A weekday as icalendar reads it."""

    weekday: str
    relative: int | None


@lru_cache(maxsize=4096)
def read(text: str) -> Recurrence:
    """Read the value of an RRULE (RFC 5545, 3.3.10).

    What a timetable of people never says is refused with RecurrenceError, and so is what readers of
    iCalendar understand differently: BYSETPOS, parts of a day, numbered weekdays of a week, weeks counted
    from the end of the year or without a weekday, an UNTIL with a time of day. Nothing is left out silently.
    """
    parts = _parts(text.upper())
    frequency = parts.pop("FREQ", None)
    if frequency is None:
        raise RecurrenceError("FREQ", Problem.MISSING)
    if frequency[0] not in Frequency.__members__:
        raise RecurrenceError("FREQ", Problem.NOT_SUPPORTED, str(frequency[0]))
    found = Recurrence(
        Frequency(frequency[0]),
        interval=int(parts.get("INTERVAL", [1])[0]),
        weekdays=tuple(sorted({_weekday(day) for day in parts.get("BYDAY", ())})),
        month_days=_numbers(parts, "BYMONTHDAY"),
        weeks=_numbers(parts, "BYWEEKNO"),
        months=_numbers(parts, "BYMONTH"),
        week_starts=_weekday(parts["WKST"][0]).weekday if "WKST" in parts else 0,
        until=parts.get("UNTIL", [None])[0],
        how_often=int(parts["COUNT"][0]) if "COUNT" in parts else None,
    )
    _check_together(found)
    return found


def _parts(text: str) -> dict[str, Sequence[Any]]:
    """Return the values of each part as icalendar reads them, if dateutil can read the part, too.

    Part by part, because of a whole icalendar skips and dateutil overwrites what it has no use for.
    """
    if not _LETTERS.fullmatch(text):
        raise RecurrenceError("", Problem.UNREADABLE, text)
    parts: dict[str, Sequence[Any]] = {}
    for part in text.split(";") if text else ():
        name, _, value = part.partition("=")
        if name in parts:
            raise RecurrenceError(name, Problem.TWICE, value)
        if name not in _PARTS:
            is_known = name in vRecur.types
            raise RecurrenceError(name, Problem.NOT_SUPPORTED if is_known else Problem.UNREADABLE, value)
        try:
            parts[name] = _RECUR.parse_type(name, value)
            _check_alone(name, parts[name], value)
            rrulestr(part if name == "FREQ" else f"FREQ=YEARLY;{part}", dtstart=_ANY_DAY)
        except RecurrenceError:
            raise
        except ValueError as error:
            raise RecurrenceError(name, Problem.UNREADABLE, value) from error
    return parts


def _check_alone(name: str, values: Sequence[Any], said: str) -> None:
    if name in _ONE and len(values) > 1:
        raise RecurrenceError(name, Problem.TWICE, said)
    if name == "UNTIL" and type(values[0]) is not date:
        raise RecurrenceError(name, Problem.NOT_SUPPORTED, said)
    largest = _RANGES.get(name)
    if largest is not None:
        for value in values:
            number = abs(value) if name == "BYMONTHDAY" else value
            if not 1 <= number <= largest:
                raise RecurrenceError(name, Problem.OUT_OF_RANGE, said)


def _check_together(found: Recurrence) -> None:
    """Refuse what RFC 5545 forbids to stand together, and weeks without a weekday.

    For BYWEEKNO alone the RFC takes the weekday of DTSTART, dateutil takes all seven days.
    """
    is_weekly, is_yearly = found.frequency == Frequency.WEEKLY, found.frequency == Frequency.YEARLY
    if found.until and found.how_often:
        raise RecurrenceError("COUNT", Problem.CONTRADICTION, str(found.how_often))
    if found.month_days and is_weekly:
        raise RecurrenceError("BYMONTHDAY", Problem.CONTRADICTION)
    if found.weeks and not is_yearly:
        raise RecurrenceError("BYWEEKNO", Problem.CONTRADICTION)
    if found.weeks and not found.weekdays:
        raise RecurrenceError("BYDAY", Problem.MISSING)
    largest = max((abs(day.nth) for day in found.weekdays), default=0)
    if largest and (is_weekly or found.weeks):
        raise RecurrenceError("BYDAY", Problem.CONTRADICTION)
    if largest > (_WEEKS_OF_A_YEAR if is_yearly and not found.months else _WEEKS_OF_A_MONTH):
        raise RecurrenceError("BYDAY", Problem.OUT_OF_RANGE)


def _numbers(parts: dict[str, Sequence[Any]], name: str) -> tuple[int, ...]:
    return tuple(sorted({int(value) for value in parts.get(name, ())}))


def _weekday(said: _Weekday) -> NthWeekday:
    return NthWeekday(WEEKDAYS.index(said.weekday), said.relative or 0)
