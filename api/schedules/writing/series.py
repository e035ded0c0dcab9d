"""The dates of a rule as iCalendar can say them: a recurrence with the days it lacks, or a plain list."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from api.schedules.calendars import Numbers
from api.schedules.changes import changes
from api.schedules.dates import dates
from api.schedules.patterns import pattern
from api.schedules.recurrence import Frequency, Recurrence
from api.schedules.rules import Change, OnHolidays, Rule
from api.schedules.slots import regular

_LAST_CERTAIN: Final = date.max.toordinal()


class Series(NamedTuple):
    """Days in order (date.toordinal()), also those from which a date was moved; the first is a DTSTART."""

    days: Numbers
    recurrence: Recurrence | None  # completed; None: only the days themselves
    left_out: Numbers  # days that the recurrence names and that are none
    is_endless: bool  # it goes on after the last day, as nothing can keep it
    is_certain: bool  # False: all of it depends on school holidays that are not known yet

    @property
    def is_single(self) -> bool:
        """Return whether this is one date that does not recur."""
        return len(self.days) == 1 and not self.is_endless


def series(rule: Rule, state: str | None, first: date, last: date) -> Iterator[Series]:
    """Yield what recurs from first to last: what is certain, and what depends on unknown school holidays.

    Nothing is claimed after last, unless nothing that changes from year to year can keep a date.
    """
    is_endless = _is_endless(rule)
    if is_endless:
        last = max([last, *map(date.fromordinal, changes(rule).gone)])
    found = regular(rule, state, first, last)
    unknown_from = min(found.numbers[~found.is_certain].tolist(), default=_LAST_CERTAIN)
    moved = [
        one.on.toordinal()
        for one in changes(rule).instead
        if one.change == Change.MOVED and first <= one.on <= last
    ]
    days = np.union1d(found.numbers, np.array(moved, dtype=np.int64))
    for part, is_certain in ((days[days < unknown_from], True), (days[days >= unknown_from], False)):
        if len(part):
            yield _series(rule, part, is_certain, last if is_endless else None)


def _series(rule: Rule, days: Numbers, is_certain: bool, last: date | None) -> Series:
    """Return days as a recurrence, or as a list where that is shorter or readers take the recurrence wrongly.

    last is given of what is endless.
    """
    until = last or date.fromordinal(int(days[-1]))
    free = rule._replace(on_public_holidays=OnHolidays.OPEN, on_school_holidays=OnHolidays.OPEN, closures=())
    named = dates(free, None, date.fromordinal(int(days[0])), until).numbers
    left_out = np.setdiff1d(named, days)
    said = pattern(rule.recurrence, rule.first_date)[0].recurrence
    is_listed = last is None and (len(days) == 1 or len(left_out) > len(days) or not _is_understood(said))
    if is_listed:
        return Series(days, None, left_out[:0], False, is_certain)
    return Series(days, said, left_out, last is not None, is_certain)


def _is_endless(rule: Rule) -> bool:
    """Return whether a rule goes on for ever, and no holiday or closure keeps any of its dates."""
    said, span = pattern(rule.recurrence, rule.first_date)
    is_kept = rule.closures or {rule.on_public_holidays, rule.on_school_holidays} != {OnHolidays.OPEN}
    return not is_kept and not span.last and not rule.valid_until and _is_understood(said.recurrence)


def _is_understood(said: Recurrence) -> bool:
    """Return whether readers name the same days: a rhythm of weeks, one of months, or a day of the year.

    Of weeks by their number and of weekdays in some months only, libraries make different days (dateutil
    around New Year, ical.js with MONTHLY and BYMONTH), and phones do not know them at all.
    """
    if said.frequency == Frequency.YEARLY:
        return len(said.months) == len(said.month_days) == 1 and not said.weekdays
    return not said.months and not (said.weekdays and said.month_days)
