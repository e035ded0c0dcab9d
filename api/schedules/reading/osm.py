"""What statements mean together in opening_hours of OpenStreetMap: after a semicolon days are said anew.

https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification, as far as timetables of people need it.
"""

from api.schedules.reading.doubts import Doubt, NotUnderstoodError
from api.schedules.reading.phrases import (
    NO_TERMS,
    Bond,
    Day,
    Days,
    Heading,
    Line,
    Shut,
    Statement,
    Terms,
    joined,
)
from api.schedules.reading.prose import Timetable
from api.schedules.reading.timetable import (
    closed_on,
    holidays_apart,
    meet,
    settled,
    share_dates,
    share_times,
    without,
)
from api.schedules.rules import OnHolidays


def timetable(statements: list[Statement]) -> Timetable:
    """Return what the statements of a text say together, read as opening_hours."""
    lines: list[Line] = []
    shut: list[Days] = []
    own = NO_TERMS
    for place, statement in enumerate(statements):
        match statement:
            case Heading(is_label=False, terms=Terms(on_school_holidays=None, entry=None)):
                own = joined(own, statement.terms)
            case Line():
                bond = statements[place - 1].bond if own != NO_TERMS else statement.bond  # with its season
                line = settled(statement._replace(bond=bond, terms=joined(own, statement.terms)))
                lines = _added(lines, line, shut)
                own = NO_TERMS
            case Shut():
                if statement.bond != Bond.STOP:
                    raise NotUnderstoodError(Doubt.SCOPE)
                lines = _less(lines, statement.days)
                shut.append(statement.days)
            case _:
                raise NotUnderstoodError(Doubt.WORDS)
    _check_nights(lines, shut)
    return Timetable(tuple(part for line in lines for part in holidays_apart(line)), NO_TERMS)


def _less(lines: list[Line], days: Days) -> list[Line]:
    """Return a timetable less days; of a night that is off, some readers keep the morning."""
    left = [closed_on(line, days) for line in lines]
    if any(_runs_over_midnight(line) and line != less for line, less in zip(lines, left, strict=True)):
        raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
    return [line for line in left if line]


def _added(lines: list[Line], line: Line, shut: list[Days]) -> list[Line]:
    """Return a timetable with one more line; what „off“ has closed, nothing opens again without a doubt."""
    if line.spans[0].starts is None or any(_reopens(line, days) for days in shut):
        raise NotUnderstoodError(Doubt.CONTRADICTION)
    if line.bond == Bond.STOP:
        return [*(left for each in lines for left in _replaced(each, line)), line]
    if any(
        share_dates(each, line) and (share_times(each, line) or line.bond != Bond.COMMA) for each in lines
    ):
        raise NotUnderstoodError(Doubt.CONTRADICTION)
    if line.days.on_public_holidays and lines:
        raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
    return [*lines, line]


def _reopens(line: Line, shut: Days) -> bool:
    if shut.on_public_holidays or shut.in_school_holidays or shut.closures:
        return True
    return any(meet(day, another) for day in line.days.days for another in shut.days)


def _replaced(line: Line, by: Line) -> list[Line]:
    """Return what is left of a line where a later one says its days anew."""
    if by.days.on_public_holidays:
        if (
            not (line.terms.months <= by.terms.months and line.terms.weeks <= by.terms.weeks)
            or by.terms.closures
        ):
            raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
        line = line._replace(terms=joined(line.terms, Terms(on_public_holidays=OnHolidays.CLOSED)))
        if line.days.on_public_holidays:
            raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
    if not share_dates(line, by):
        return [line]
    mine, theirs = line.terms, by.terms
    if line.days.dates or by.days.dates or line.days.on_public_holidays or _runs_over_midnight(line):
        raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
    if (theirs.closures and theirs.closures != mine.closures) or theirs.valid_from or theirs.valid_until:
        raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
    hit = frozenset(day for day in line.days.days if any(meet(day, other) for other in by.days.days))
    parts = [
        _with(line, line.days.days - hit, mine),
        _with(line, hit, mine._replace(months=mine.months - theirs.months)),
        _with(line, hit, mine._replace(months=mine.months & theirs.months, weeks=mine.weeks - theirs.weeks)),
        _with(
            line,
            without(hit, by.days.days),
            mine._replace(months=mine.months & theirs.months, weeks=mine.weeks & theirs.weeks),
        ),
    ]
    return [part for part in parts if part.days.days and part.terms.months and part.terms.weeks]


def _check_nights(lines: list[Line], shut: list[Days]) -> None:
    """Refuse nights that end on a day with a rule of its own: readers of opening_hours differ there."""
    for place, line in enumerate(lines):
        mornings = {(day.weekday + 1) % 7 for day in line.days.days}
        others = [*shut, *(other.days for other in (*lines[:place], *lines[place + 1 :]))]
        if _runs_over_midnight(line) and any(day.weekday in mornings for days in others for day in days.days):
            raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)


def _with(line: Line, days: frozenset[Day], terms: Terms) -> Line:
    return line._replace(days=line.days._replace(days=days), terms=terms)


def _runs_over_midnight(line: Line) -> bool:
    return any(span.ends is not None and 0 < span.ends <= (span.starts or 0) for span in line.spans)
