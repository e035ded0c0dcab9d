"""Lines of a timetable compared: where they overlap, and what is left when days are taken out."""

from collections.abc import Iterable
from typing import Final

from api.schedules.reading import closed
from api.schedules.reading.doubts import Doubt, NotUnderstoodError
from api.schedules.reading.phrases import WHOLE_WEEK, Day, Days, Line, Span, Terms, joined
from api.schedules.rules import OnHolidays

_NTHS: Final = frozenset(range(1, 6))
_DAY: Final = 24 * 60


def settled(line: Line) -> Line:
    """Return a line with the days that its own terms leave out taken away."""
    days = without(line.days.days, line.terms.without)
    return line._replace(days=line.days._replace(days=days), terms=line.terms._replace(without=frozenset()))


def without(days: frozenset[Day], removed: Iterable[Day]) -> frozenset[Day]:
    """Return days less others; a Monday less the first of the month is the second to the fifth."""
    left = days
    for day in removed:
        left = frozenset(rest for each in left for rest in _less(each, day))
    return left


def _less(day: Day, removed: Day) -> Iterable[Day]:
    if not meet(day, removed):
        return (day,)
    if removed.nth in (0, day.nth):
        return ()
    if day.nth == 0 and removed.nth > 0:
        return (Day(day.weekday, nth) for nth in _NTHS - {removed.nth})
    # The last Monday of a month is its fourth or its fifth.
    raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)


def meet(one: Day, other: Day) -> bool:
    """Whether two days can fall on the same date."""
    if one.weekday != other.weekday:
        return False
    nths = {one.nth, other.nth}
    return 0 in nths or len(nths) == 1 or min(nths) < 0 < max(nths)


def share_dates(one: Line, other: Line) -> bool:
    """Whether two lines can name the same date."""
    if one.days.dates or other.days.dates:
        return not _are_other_dates(one.days, other.days)
    if not _hold_together(one.terms, other.terms):
        return False
    mine, theirs = one.days.month_days, other.days.month_days
    if mine and theirs:
        return bool(mine & theirs)
    if mine or theirs:  # any 15th may be a Monday
        return True
    return any(meet(day, another) for day in one.days.days for another in other.days.days)


def _hold_together(one: Terms, other: Terms) -> bool:
    """Whether there are times of the year at which the terms of both lines hold."""
    apart = {OnHolidays.ONLY, OnHolidays.CLOSED}
    return (
        bool(one.months & other.months and one.weeks & other.weeks)
        and not apart <= {one.on_school_holidays, other.on_school_holidays}
        and not apart <= {one.on_public_holidays, other.on_public_holidays}
        and not _ends_before(one, other)
        and not _ends_before(other, one)
    )


def _ends_before(one: Terms, other: Terms) -> bool:
    return bool(one.valid_until and other.valid_from and one.valid_until < other.valid_from)


def _are_other_dates(one: Days, other: Days) -> bool:
    return bool(one.dates and other.dates) and not set(one.dates) & set(other.dates)


def share_times(one: Line, other: Line) -> bool:
    """Whether spans of two lines overlap; without an end one lasts until midnight."""
    return any(_overlap(span, another) for span in one.spans for another in other.spans)


def _overlap(one: Span, other: Span) -> bool:
    first, last = _on_the_clock(one)
    begins, ends = _on_the_clock(other)
    return first < ends and begins < last


def _on_the_clock(span: Span) -> tuple[int, int]:
    starts = span.starts or 0
    ends = _DAY if span.ends is None else span.ends
    return starts, ends if ends > starts else ends + _DAY


def holidays_apart(line: Line) -> tuple[Line, ...]:
    """Return „sonn- und feiertags“ as two lines: the Sundays, and the holidays on all other days."""
    if not line.days.on_public_holidays:
        return (line,)
    plain = line.days._replace(on_public_holidays=False)
    if any(day.nth for day in plain.days) or line.terms.on_public_holidays is not None:
        raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
    other_days = WHOLE_WEEK - plain.days
    alone = line._replace(
        days=plain._replace(days=other_days), terms=line.terms._replace(on_public_holidays=OnHolidays.ONLY)
    )
    always = line._replace(days=plain, terms=line.terms._replace(on_public_holidays=OnHolidays.OPEN))
    return tuple(each for each in (always, alone) if each.days.days)


def closed_on(line: Line, days: Days) -> Line | None:
    """Return a line less the days of a „geschlossen“; None if nothing is left of it."""
    if days.month_days:
        raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
    left = settled(line._replace(terms=joined(line.terms, closed.terms(days))))
    return left if left.days.days or left.days.dates or left.days.month_days else None
