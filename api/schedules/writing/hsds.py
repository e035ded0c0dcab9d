"""Rules as `schedule` objects of Open Referral's HSDS 3.1: RFC 5545 in fields, without single dates."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from api.schedules.patterns import pattern
from api.schedules.recurrence import WEEKDAYS, Frequency, NthWeekday, Recurrence
from api.schedules.rules import Entry, OnHolidays, Rule
from api.schedules.saying import say_rule

_HALF_YEAR: Final = timedelta(days=183)
_NOON: Final = time(12)
_ATTENDING: Final = {Entry.WALK_IN: "walk-in", Entry.APPOINTMENT: "by appointment"}


class Lost(StrEnum):
    """What the fields of a schedule do not say; its description does, and deviations are nowhere."""

    YEARLY = "yearly"  # HSDS knows weekly and monthly recurrences; there is no freq
    MONTHS = "months"  # there is no freq
    PUBLIC_HOLIDAYS = "public_holidays"
    SCHOOL_HOLIDAYS = "school_holidays"
    CLOSURES = "closures"
    DEVIATIONS = "deviations"
    CLOCK_CHANGES = "clock_changes"  # its time zone is a number, which holds for half of the year
    NEXT_DAY = "next_day"  # it closes on the day after it opens


class Schedule(NamedTuple):
    """A schedule object without empty fields, and what it does not say."""

    schedule: dict[str, Any]
    lost: tuple[Lost, ...]


def schedule(identity: UUID, rule: Rule, zone: str, today: date) -> Schedule:
    """Return a rule as HSDS has it, with the offset from UTC that holds today, in hours.

    Without freq the days cannot be said: who reads it has to show the description.
    """
    said = _said(rule)
    offset = _offset(zone, today)
    opens = f"{rule.starts:%H:%M}{_as_text(offset)}"
    fields: dict[str, Any] = {
        "id": str(identity),
        "valid_from": _text(rule.valid_from),
        "valid_to": _text(rule.valid_until),
        "dtstart": rule.first_date.isoformat(),
        "timezone": offset / timedelta(hours=1),
        **_recurrence(said),
        "description": say_rule(rule, "en", today),
        "opens_at": opens,
        "closes_at": None if rule.ends is None else f"{rule.ends:%H:%M}{_as_text(offset)}",
        "attending_type": _ATTENDING.get(rule.entry),
        "notes": rule.note or None,
    }
    lost = {
        Lost.YEARLY: not said.months and _frequency(said) is None,
        Lost.MONTHS: bool(said.months),
        Lost.PUBLIC_HOLIDAYS: rule.on_public_holidays != OnHolidays.OPEN,
        Lost.SCHOOL_HOLIDAYS: rule.on_school_holidays != OnHolidays.OPEN,
        Lost.CLOSURES: bool(rule.closures),
        Lost.DEVIATIONS: bool(rule.deviations),
        Lost.CLOCK_CHANGES: offset != _offset(zone, today + _HALF_YEAR),
        Lost.NEXT_DAY: rule.ends is not None and rule.ends <= rule.starts,
    }
    return Schedule(
        {name: value for name, value in fields.items() if value is not None},
        tuple(one for one, is_lost in lost.items() if is_lost),
    )


def _said(rule: Rule) -> Recurrence:
    """Return the recurrence with its end, and with the days that it takes from the first date."""
    if not rule.recurrence:
        weekday = NthWeekday(rule.first_date.weekday())
        return Recurrence(Frequency.WEEKLY, weekdays=(weekday,), until=rule.first_date)
    repeated, span = pattern(rule.recurrence, rule.first_date)
    return repeated.recurrence._replace(until=span.last)


def _frequency(said: Recurrence) -> Frequency | None:
    """Return the frequency as HSDS knows it: weeks of the year are those of a weekly recurrence there.

    None where the other fields would name days that are none.
    """
    if said.months:
        return None
    if said.frequency != Frequency.YEARLY:
        return said.frequency
    return Frequency.WEEKLY if said.weeks and said.interval == 1 else None


def _recurrence(said: Recurrence) -> dict[str, Any]:
    frequency = _frequency(said)
    if frequency is None:
        return {}
    return {
        "freq": frequency.value,
        "interval": said.interval,
        "byday": ",".join(f"{day.nth or ''}{WEEKDAYS[day.weekday]}" for day in said.weekdays) or None,
        "bymonthday": ",".join(map(str, said.month_days)) or None,
        "byweekno": ",".join(map(str, said.weeks)) or None,
        "until": _text(said.until),
        "wkst": WEEKDAYS[said.week_starts] if said.week_starts else None,
    }


def _offset(zone: str, day: date) -> timedelta:
    return datetime.combine(day, _NOON, ZoneInfo(zone)).utcoffset() or timedelta()


def _as_text(offset: timedelta) -> str:
    """Return an offset from UTC as times carry it (ISO 8601): "+01:00"."""
    minutes = offset // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
