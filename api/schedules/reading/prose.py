"""What statements mean together in prose: headings last, times are added, later remarks are for all lines."""

from typing import NamedTuple

from api.schedules.reading import closed, remarks
from api.schedules.reading.doubts import Doubt, NotUnderstoodError
from api.schedules.reading.phrases import (
    NO_TERMS,
    Besides,
    Bond,
    Day,
    Days,
    Heading,
    Line,
    More,
    Qualifier,
    Shut,
    Span,
    Statement,
    Terms,
    joined,
)
from api.schedules.reading.timetable import (
    closed_on,
    holidays_apart,
    meet,
    settled,
    share_dates,
    share_times,
    without,
)
from api.schedules.rules import Entry, OnHolidays


class Timetable(NamedTuple):
    """The lines of a text; without any, its terms are all that it says."""

    lines: tuple[Line, ...]
    terms: Terms


class _Desk:
    """What has been read so far, while the statements of a text pass one by one."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.has_terms: set[int] = set()  # places of the lines with terms of their own behind them
        self.heading: Heading | None = None
        self.headed: set[int] = set()  # places of the lines under a heading about school holidays
        self.overall = NO_TERMS  # what holds for every line
        self.is_overall_final = False  # no line may follow
        self.by_appointment: frozenset[Day] = frozenset()  # days without times
        self.shuts: list[Days] = []
        self.before: Statement | None = None

    def put(self, statement: Statement) -> None:
        match statement:
            case Heading():
                self._put_heading(statement)
            case Line():
                self._put_line(statement)
            case More():
                self._put_more(statement)
            case Shut():
                self._put_shut(statement)
            case Qualifier():
                self._put_qualifier(statement)
            case Besides():
                self.overall = joined(self.overall, Terms(notes=(statement.note,)))
                self.by_appointment |= statement.days
        self.before = statement

    def _put_heading(self, heading: Heading) -> None:
        if isinstance(self.before, Heading):
            both = joined(self.before.terms, heading.terms)
            heading = heading._replace(terms=both, is_label=False)
        elif self.heading and self.heading.is_label != heading.is_label:
            raise NotUnderstoodError(Doubt.SCOPE)
        is_validity = heading.terms.valid_from or heading.terms.valid_until
        if self.lines and is_validity and not heading.has_colon and heading.bond == Bond.COMMA:
            raise NotUnderstoodError(Doubt.SCOPE)
        self.heading = heading

    def _put_line(self, line: Line) -> None:
        if self.is_overall_final:
            raise NotUnderstoodError(Doubt.SCOPE)
        heading = self.heading
        if heading:
            if not isinstance(self.before, Heading) and line.bond <= _reach(heading):
                raise NotUnderstoodError(Doubt.SCOPE)
            if heading.is_label and line.is_bare and remarks.has_ages(heading.terms.notes):
                raise NotUnderstoodError(Doubt.CLOCK)  # „Kinder: Di 6-12“
            if heading.terms.on_school_holidays == OnHolidays.ONLY:
                self.headed.add(len(self.lines))
            line = line._replace(terms=joined(heading.terms, line.terms))
        if line.spans[0].starts is None:
            line = self._with_start(line)
        self.lines.append(settled(line))

    def _with_start(self, line: Line) -> Line:
        """Return „Fr bis 14 Uhr“ with the start of the lines before; it replaces them on its days."""
        starts = {each.spans[0].starts for each in self.lines}
        ends = line.spans[0].ends
        is_clear = (
            len(starts) == 1 and len(line.spans) == 1 and all(len(each.spans) == 1 for each in self.lines)
        )
        begin = starts.pop() if is_clear else None
        if begin is None or ends is None or ends <= begin:
            raise NotUnderstoodError(Doubt.CLOCK)
        for place, each in enumerate(self.lines):
            if share_dates(each, line):
                if each.terms != line.terms:
                    raise NotUnderstoodError(Doubt.CONTRADICTION)
                self.lines[place] = _closed(each, Days(line.days.days))
        return line._replace(spans=(Span(begin, ends),))

    def _put_more(self, more: More) -> None:
        last = self.lines[-1] if self.lines else None
        if last is None or self.is_overall_final or not isinstance(self.before, Line | More):
            raise NotUnderstoodError(Doubt.SCOPE)
        self.lines.append(last._replace(spans=more.spans, is_bare=more.is_bare))

    def _put_shut(self, shut: Shut) -> None:
        if shut.bond == Bond.ATTACHED and isinstance(self.before, Line) and not self._names_more(shut.days):
            self._narrow(closed.terms(shut.days))
            self.lines[-1] = settled(self.lines[-1])
            return
        if shut.bond == Bond.ATTACHED and isinstance(self.before, Qualifier | More) and len(self.lines) > 1:
            raise NotUnderstoodError(Doubt.SCOPE)
        self.shuts.append(shut.days)
        if shut.days != Days(days=shut.days.days):
            self.is_overall_final = True

    def _names_more(self, days: Days) -> bool:
        """Whether this stands for itself („Mo 9–12 Mi geschlossen“), not for an exception."""
        return days == Days(days=days.days) and not without_changes(self.lines[-1], days)

    def _put_qualifier(self, qualifier: Qualifier) -> None:
        is_unclear = bool(self.lines) and not qualifier.is_clear and qualifier.bond != Bond.ATTACHED
        if is_unclear or qualifier.bond == Bond.FALLBACK:
            raise NotUnderstoodError(Doubt.SCOPE)
        is_beside_bare = bool(self.lines) and self.lines[-1].is_bare and qualifier.bond >= Bond.COMMA
        if qualifier.is_remark and is_beside_bare:
            raise NotUnderstoodError(Doubt.WORDS)  # „Di 6-12 Jahre“
        if qualifier.bond == Bond.ATTACHED and self.lines and not self.is_overall_final:
            self._narrow(qualifier.terms)
            return
        if qualifier.is_remark and qualifier.bond == Bond.COMMA and len(self.lines) > 1:
            raise NotUnderstoodError(Doubt.SCOPE)
        self.overall = joined(self.overall, qualifier.terms)
        self.is_overall_final = True

    def _narrow(self, terms: Terms) -> None:
        """Give terms to the last line alone."""
        if isinstance(self.before, More) or self.is_overall_final:
            raise NotUnderstoodError(Doubt.SCOPE)
        self.has_terms.add(len(self.lines) - 1)
        self.lines[-1] = self.lines[-1]._replace(terms=joined(self.lines[-1].terms, terms))

    def check_last(self) -> None:
        """Refuse „Mo 9–12, Di 14–16 (nicht in den Ferien)“: nobody knows whether Monday is meant, too."""
        last = len(self.lines) - 1
        is_alone = last < 1 or self.lines[last].bond == Bond.BREAK or last - 1 in self.has_terms
        if last in self.has_terms and not is_alone:
            raise NotUnderstoodError(Doubt.SCOPE)


def without_changes(line: Line, days: Days) -> bool:
    """Whether a line has any of these days."""
    return without(line.days.days, days.days) != line.days.days


def timetable(statements: list[Statement]) -> Timetable:
    """Return what the statements of a text say together, read as prose."""
    desk = _Desk()
    for statement in statements:
        desk.put(statement)
    desk.check_last()
    lines = [line._replace(terms=joined(line.terms, desk.overall)) for line in desk.lines]
    for days in desk.shuts:
        lines = [_closed(line, days) for line in lines]
    lines = _with_holidays(lines)
    lines = _with_school_holidays(lines, desk.headed)
    _check_together(lines)
    if any(meet(day, other) for line in lines for day in line.days.days for other in desk.by_appointment):
        raise NotUnderstoodError(Doubt.CONTRADICTION)
    if desk.by_appointment and not lines:
        return Timetable((), joined(desk.overall, Terms(entry=Entry.APPOINTMENT)))
    return Timetable(tuple(lines), desk.overall)


def _reach(heading: Heading) -> int:
    """Return the bond at which a heading ends, so that a line behind it may or may not belong to it."""
    if heading.is_label and not heading.has_colon:
        return Bond.BREAK
    return Bond.STOP if heading.terms != NO_TERMS and not heading.is_label else -1


def _closed(line: Line, days: Days) -> Line:
    left = closed_on(line, days)
    if left is None:
        raise NotUnderstoodError(Doubt.CONTRADICTION)
    return left


def _with_holidays(lines: list[Line]) -> list[Line]:
    """Let lines with „feiertags“ replace the others on public holidays, and „werktags“ leave them out."""
    lines = [
        line._replace(terms=joined(line.terms, Terms(on_public_holidays=OnHolidays.CLOSED)))
        if line.days.are_workdays
        else line
        for line in lines
    ]
    festive = [line for line in lines if line.days.on_public_holidays]
    plain = [_beside(line, festive) for line in lines if not line.days.on_public_holidays]
    return [*plain, *(part for line in festive for part in holidays_apart(line))]


def _beside(line: Line, festive: list[Line]) -> Line:
    for other in festive:
        if line.terms.notes != other.terms.notes or not line.terms.months & other.terms.months:
            continue
        if not (line.terms.months <= other.terms.months and line.terms.weeks <= other.terms.weeks):
            raise NotUnderstoodError(Doubt.NOT_EXPRESSIBLE)
        line = line._replace(terms=joined(line.terms, Terms(on_public_holidays=OnHolidays.CLOSED)))
    return line


def _with_school_holidays(lines: list[Line], headed: set[int]) -> list[Line]:
    """Let lines under „in den Ferien:“ replace all others in school holidays."""
    if not headed:
        return lines
    closed = Terms(on_school_holidays=OnHolidays.CLOSED)
    return [
        line if line.terms.on_school_holidays else line._replace(terms=joined(line.terms, closed))
        for line in lines
    ]


def _check_together(lines: list[Line]) -> None:
    """Refuse lines that say different things about the same time."""
    for place, line in enumerate(lines):
        for other in lines[:place]:
            is_about_others = line.terms.notes and other.terms.notes and line.terms.notes != other.terms.notes
            if is_about_others or not share_dates(line, other):
                continue
            is_saturday = line.days.are_workdays != other.days.are_workdays
            if share_times(line, other) or is_saturday:
                raise NotUnderstoodError(Doubt.CONTRADICTION)
