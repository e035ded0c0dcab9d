"""The grammar of statements: what a text says before, between and after its separators."""

from typing import Final

from api.schedules.reading import closed, manners, periods, remarks
from api.schedules.reading.clocks import fits, times
from api.schedules.reading.cursor import Cursor, attempt
from api.schedules.reading.days import days
from api.schedules.reading.doubts import Doubt
from api.schedules.reading.lexicon import OPEN
from api.schedules.reading.phrases import (
    NO_TERMS,
    WHOLE_WEEK,
    Besides,
    Bond,
    Days,
    Heading,
    Line,
    More,
    Qualifier,
    Span,
    Terms,
    joined,
)
from api.schedules.reading.tokens import Kind
from api.schedules.rules import Entry, OnHolidays

_ALSO: Final = frozenset({"auch", "ausserdem", "zusätzlich"})  # times of several lines are added anyway


def line(cursor: Cursor, bond: Bond) -> Line | None:
    """Read days with their times, and what stands between them."""
    return _around_the_clock(cursor, bond) or _line(cursor, bond)


@attempt
def _around_the_clock(cursor: Cursor, bond: Bond) -> Line | None:
    """Read „rund um die Uhr“, or „24/7“ of opening_hours."""
    if cursor.words({"rund"}, {"um"}, {"die"}, {"uhr"}):
        cursor.skip(OPEN)
        return Line(bond, Days(WHOLE_WEEK), (Span(0, 0),))
    numbers = [cursor.take(Kind.NUMBER), cursor.sign("/"), cursor.take(Kind.NUMBER)]
    said = "".join(part if isinstance(part, str) else part.text for part in numbers if part)
    return Line(bond, Days(WHOLE_WEEK), (Span(0, 0),)) if said == "24/7" else None


@attempt
def _line(cursor: Cursor, bond: Bond) -> Line | None:
    cursor.skip(remarks.NEUTRAL | _ALSO)
    on = days(cursor)
    if on is None or not _can_have_times(on):
        return None
    terms = _between(cursor)
    found = times(cursor)
    if found is None:
        return None
    if not fits(found.spans, on.parts):
        raise cursor.doubt(Doubt.CLOCK)
    return Line(bond, on, found.spans, terms, found.is_bare)


def _can_have_times(on: Days) -> bool:
    has_days = on.days or on.dates or on.month_days or on.on_public_holidays
    return bool(has_days) and not on.closures and not on.in_school_holidays


@attempt
def line_backwards(cursor: Cursor, bond: Bond) -> Line | None:
    """Read „9–12 Uhr montags bis freitags“."""
    found = times(cursor)
    if found is None or found.is_bare or found.spans[0].starts is None:
        return None
    is_in_brackets = cursor.sign("(") is not None
    cursor.sign(",")
    on = days(cursor)
    if on is None or not _can_have_times(on) or not fits(found.spans, on.parts):
        return None
    return None if is_in_brackets and not cursor.sign(")") else Line(bond, on, found.spans)


def _between(cursor: Cursor) -> Terms:
    """Take what may stand between days and times: „(ungerade KW)“, „außer mittwochs“, a colon, a new line."""
    terms = NO_TERMS
    for _ in range(2):
        is_in_brackets = cursor.sign("(") is not None
        found = manners.weeks(cursor) or manners.school_time(cursor) or _without(cursor) or season(cursor)
        if found is None and is_in_brackets:
            raise cursor.doubt(Doubt.WORDS)
        if is_in_brackets and not cursor.sign(")"):
            raise cursor.doubt(Doubt.WORDS)
        terms = joined(terms, found or NO_TERMS)
    cursor.sign(":,.|-")
    cursor.take(Kind.BREAK)
    cursor.skip(OPEN | _ALSO | {"jeweils", "immer"})
    return terms


@attempt
def _without(cursor: Cursor) -> Terms | None:
    on = closed.excepted(cursor)
    return closed.terms(on) if on else None


@attempt
def more(cursor: Cursor, bond: Bond) -> More | None:
    """Read times without days: they belong to the days of the line before."""
    found = times(cursor)
    if found is None or found.spans[0].starts is None:
        return None
    return More(bond, found.spans, found.is_bare)


@attempt
def heading(cursor: Cursor, bond: Bond, *, at_start: bool) -> Heading | None:
    """Read „April bis Oktober:“, „in den Ferien:“, „gerade KW:“, „Büro:“; a line must follow."""
    found = _heading_of_terms(cursor, bond)
    if found:
        return found
    notes = remarks.label(cursor, at_start=at_start)
    if notes is not None:
        return Heading(bond, Terms(notes=notes), is_label=True, has_colon=True)
    return _heading_after_neutral(cursor, bond) or (_name(cursor, bond) if bond <= Bond.BREAK else None)


@attempt
def _heading_after_neutral(cursor: Cursor, bond: Bond) -> Heading | None:
    cursor.skip(remarks.NEUTRAL)
    return _heading_of_terms(cursor, bond)


@attempt
def _name(cursor: Cursor, bond: Bond) -> Heading | None:
    """Read what takes place, directly before the days: „Chorprobe montags 19 Uhr“."""
    said = remarks.name(cursor)
    follows = cursor.position
    is_followed = said is not None and line(cursor, bond) is not None
    cursor.position = follows
    return Heading(bond, Terms(notes=(said,)), is_label=True) if said and is_followed else None


@attempt
def _heading_of_terms(cursor: Cursor, bond: Bond) -> Heading | None:
    terms = _heading_terms(cursor)
    if terms is None:
        return None
    has_colon = cursor.sign(":") is not None
    cursor.take(Kind.BREAK)
    follows = cursor.position
    is_followed = line(cursor, bond) is not None
    cursor.position = follows
    return Heading(bond, terms, has_colon=has_colon) if is_followed else None


def _heading_terms(cursor: Cursor) -> Terms | None:
    walk_in = manners.visit(cursor)
    if walk_in:
        return Terms(entry=walk_in.entry) if walk_in.is_clear else None
    return (
        manners.weeks(cursor)
        or manners.school_time(cursor)
        or periods.validity(cursor)
        or periods.months(cursor)
        or season(cursor)
        or _in_school_holidays(cursor)
    )


@attempt
def season(cursor: Cursor) -> Terms | None:
    """Read a period in which something takes place."""
    if cursor.peek().kind == Kind.DATE and cursor.peek(1).text in {"und", ","}:
        return None
    found = periods.period(cursor)
    return periods.season(cursor, found) if found else None


@attempt
def _in_school_holidays(cursor: Cursor) -> Terms | None:
    on = days(cursor)
    return Terms(on_school_holidays=OnHolidays.ONLY) if on == Days(in_school_holidays=True) else None


@attempt
def besides(cursor: Cursor, bond: Bond) -> Besides | None:
    """Read „und nach Vereinbarung“, or days without times: „Mi nur nach Vereinbarung“."""
    further = manners.besides(cursor)
    if further:
        return Besides(bond, further)
    start = cursor.position
    on = days(cursor)
    if on is None or on != Days(on.days):
        return None
    cursor.sign(":-,")
    visit = manners.visit(cursor)
    is_by_appointment = visit is not None and visit.entry == Entry.APPOINTMENT
    return Besides(bond, cursor.since(start), on.days) if is_by_appointment else None


@attempt
def qualifier(cursor: Cursor, bond: Bond) -> Qualifier | None:
    """Read what holds for lines that stand before."""
    visit = manners.visit(cursor)
    if visit:
        return Qualifier(bond, Terms(entry=visit.entry), is_clear=visit.is_clear)
    terms = (
        _holidays(cursor) or manners.school_time(cursor) or manners.weeks(cursor) or periods.validity(cursor)
    )
    if terms is None and bond == Bond.ATTACHED:
        terms = periods.months(cursor) or season(cursor)
    return Qualifier(bond, terms) if terms else None


@attempt
def _holidays(cursor: Cursor) -> Terms | None:
    """Read „auch an Feiertagen“, „nur in den Schulferien“, „an Feiertagen geöffnet“."""
    said = cursor.word({"auch", "nur"})
    on = days(cursor)
    if on is None or on != Days(
        on_public_holidays=on.on_public_holidays, in_school_holidays=on.in_school_holidays
    ):
        return None
    cursor.skip(_ALSO)
    is_open = cursor.word(OPEN) is not None
    if said is None and not is_open:
        return None
    said = said or "auch"
    if said == "nur" and on.on_public_holidays and on.in_school_holidays:
        raise cursor.doubt(Doubt.NOT_EXPRESSIBLE)
    policy = OnHolidays.OPEN if said == "auch" else OnHolidays.ONLY
    return Terms(
        on_public_holidays=policy if on.on_public_holidays else None,
        on_school_holidays=policy if on.in_school_holidays else None,
    )


def remark(cursor: Cursor, bond: Bond, *, is_in_brackets: bool = False) -> Qualifier | None:
    """Read words that are not about times: a clause beside a line, or all the rest of the text."""
    found = remarks.clause(cursor) if bond == Bond.ATTACHED or is_in_brackets else remarks.rest(cursor)
    return Qualifier(bond, Terms(notes=(found,)), is_remark=True) if found else None
