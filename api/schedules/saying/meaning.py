"""What a rule means, in the form in which it can be said: completed, counted from a date, ready to join."""

from datetime import date, time, timedelta
from typing import Final, NamedTuple

from api.schedules.dates import dates
from api.schedules.patterns import pattern
from api.schedules.recurrence import Frequency, Recurrence
from api.schedules.rules import Closure, Entry, OnHolidays, Rule

# How far is looked for the date from which an interval is counted; the last is enough for leap days.
_AHEAD: Final = (timedelta(days=800), timedelta(days=10_000), timedelta(days=40_000))


class Terms(NamedTuple):
    """What narrows days and times."""

    since: date | None = None  # the first day, where it is to come or intervals are counted from it
    until: date | None = None  # the last day
    on_public_holidays: OnHolidays = OnHolidays.OPEN
    on_school_holidays: OnHolidays = OnHolidays.OPEN
    closures: tuple[Closure, ...] = ()
    entry: Entry = Entry.UNKNOWN


class Meaning(NamedTuple):
    """Days, times and terms of one line; equal meanings are equal sentences."""

    days: Recurrence | date  # a date: on this day alone
    times: tuple[tuple[time, time | None], ...]
    terms: Terms
    note: str = ""


def meanings(rule: Rule, today: date) -> list[Meaning]:
    """Return what a rule means; two where weeks that do not start on Monday part the days of an interval.

    A beginning that is over is not said, except of intervals, which need a date to count from. COUNT becomes
    the day on which it is full: how often something really takes place depends on holidays, too.
    """
    repeated, span = pattern(rule.recurrence, rule.first_date)
    first = max(filter(None, (span.first, rule.valid_from)))
    last = min(filter(None, (span.last, rule.valid_until)), default=None)
    terms = Terms(
        first if first > today else None,
        last,
        rule.on_public_holidays,
        rule.on_school_holidays,
        tuple(sorted({closure._replace(note="") for closure in rule.closures})),
        rule.entry,
    )
    times = ((rule.starts, rule.ends),)
    named = _named(rule, first, last) if last and last - first < _AHEAD[-1] else []
    if len(named) == 1:
        return [Meaning(named[0], times, terms._replace(since=None, until=None), rule.note)]
    if repeated.recurrence.interval == 1:
        return [Meaning(_simplest(repeated.recurrence), times, terms, rule.note)]
    return [
        Meaning(said, times, terms._replace(since=_anchor(rule, said, first)), rule.note)
        for said in _by_monday(repeated.recurrence)
    ]


def _simplest(said: Recurrence) -> Recurrence:
    """Return the same days as a weekly recurrence, if they are one."""
    if not said.weeks:
        said = said._replace(week_starts=0)
    is_weekly = not (said.month_days or said.weeks or any(day.nth for day in said.weekdays))
    return said._replace(frequency=Frequency.WEEKLY) if is_weekly else said


def _by_monday(said: Recurrence) -> list[Recurrence]:
    """Return a recurrence in parts whose weeks may be counted from Monday, as everybody does."""
    if said.frequency != Frequency.WEEKLY:
        return [said if said.weeks else said._replace(week_starts=0)]
    before = tuple(day for day in said.weekdays if day.weekday < said.week_starts)
    after = tuple(day for day in said.weekdays if day.weekday >= said.week_starts)
    return [said._replace(weekdays=days, week_starts=0) for days in (before, after) if days]


def _anchor(rule: Rule, said: Recurrence, first: date) -> date:
    """Return the first date of a rule on some of its weekdays; counting from there gives the others."""
    weekdays = {day.weekday for day in said.weekdays} or set(range(7))
    for ahead in _AHEAD:
        for day in _named(rule, first, min(first, date.max - 2 * ahead) + ahead):
            if day.weekday() in weekdays:
                return day
    return first


def _named(rule: Rule, first: date, last: date) -> list[date]:
    """Return the days from first to last that a rule names, whatever holidays there are."""
    free = rule._replace(on_public_holidays=OnHolidays.OPEN, on_school_holidays=OnHolidays.OPEN, closures=())
    return [date.fromordinal(number) for number in dates(free, None, first, last).numbers.tolist()]
