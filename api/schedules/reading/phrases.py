"""What the grammar finds: days, spans of time, terms, and the statements of a text made of them."""

from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple, TypeVar

from api.schedules.reading.doubts import Doubt, NotUnderstoodError
from api.schedules.rules import Closure, Entry, OnHolidays

Value = TypeVar("Value")
EVERY_MONTH: Final = frozenset(range(1, 13))
EVERY_WEEK: Final = frozenset(range(1, 54))


class Day(NamedTuple):
    """A weekday (0: Monday); nth of the month, -1 the last, 0: each."""

    weekday: int
    nth: int = 0


WHOLE_WEEK: Final = frozenset(Day(weekday) for weekday in range(7))


class Days(NamedTuple):
    """On which days: what a text names in one go, before the times or before „geschlossen“."""

    days: frozenset[Day] = frozenset()
    dates: tuple[date, ...] = ()
    month_days: frozenset[int] = frozenset()
    on_public_holidays: bool = False
    in_school_holidays: bool = False
    closures: tuple[Closure, ...] = ()  # dates without a weekday: only to be left out
    parts: frozenset[str] = frozenset()  # of the day: „vormittags“
    are_workdays: bool = False  # „werktags“: with Saturday by law, not in everybody's mouth


class Span(NamedTuple):
    """From when to when, in minutes since midnight; None: not said."""

    starts: int | None
    ends: int | None


class Terms(NamedTuple):
    """What narrows or explains days and times; what nobody has said is None or everything."""

    months: frozenset[int] = EVERY_MONTH
    weeks: frozenset[int] = EVERY_WEEK
    without: frozenset[Day] = frozenset()
    on_public_holidays: OnHolidays | None = None
    on_school_holidays: OnHolidays | None = None
    entry: Entry | None = None
    closures: tuple[Closure, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    is_fortnightly: bool = False
    notes: tuple[str, ...] = ()


NO_TERMS: Final = Terms()


class Bond(IntEnum):
    """How closely a statement follows the one before."""

    STOP = 0  # ; or full stop
    BREAK = 1  # a new line
    COMMA = 2
    ATTACHED = 3  # nothing between, or in brackets
    FALLBACK = 4  # || of opening_hours


class Line(NamedTuple):
    """Days with their times."""

    bond: Bond
    days: Days
    spans: tuple[Span, ...]
    terms: Terms = NO_TERMS
    is_bare: bool = False  # its last number stands alone, without Uhr or minutes


class More(NamedTuple):
    """Further times on the days of the line before."""

    bond: Bond
    spans: tuple[Span, ...]
    is_bare: bool = False


class Heading(NamedTuple):
    """Terms that stand before lines; is_label: a name such as „Büro:“."""

    bond: Bond
    terms: Terms
    is_label: bool = False
    has_colon: bool = False


class Shut(NamedTuple):
    """Days on which nothing takes place: „mittwochs geschlossen“, „außer in den Ferien“."""

    bond: Bond
    days: Days


class Qualifier(NamedTuple):
    """Terms that stand after lines."""

    bond: Bond
    terms: Terms
    is_remark: bool = False  # words kept as they are, which may be about anything
    is_clear: bool = True  # False: „nach Vereinbarung“ may be these times, or others beside them


class Besides(NamedTuple):
    """Something beside the times: „und nach Vereinbarung“, or on days of its own: „Mi nach Vereinbarung“."""

    bond: Bond
    note: str
    days: frozenset[Day] = frozenset()


Statement = Line | More | Heading | Shut | Qualifier | Besides


def joined(one: Terms, other: Terms) -> Terms:
    """Return what both say; raise NotUnderstoodError where they contradict each other."""
    both = Terms(
        months=one.months & other.months,
        weeks=one.weeks & other.weeks,
        without=one.without | other.without,
        on_public_holidays=_agreed(one.on_public_holidays, other.on_public_holidays),
        on_school_holidays=_agreed(one.on_school_holidays, other.on_school_holidays),
        entry=_agreed(one.entry, other.entry),
        closures=tuple(dict.fromkeys((*one.closures, *other.closures))),
        valid_from=_agreed(one.valid_from, other.valid_from),
        valid_until=_agreed(one.valid_until, other.valid_until),
        is_fortnightly=one.is_fortnightly or other.is_fortnightly,
        notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
    )
    if not both.months or not both.weeks:
        raise NotUnderstoodError(Doubt.CONTRADICTION)
    return both


def _agreed(one: Value | None, other: Value | None) -> Value | None:
    if one is not None and other is not None and one != other:
        raise NotUnderstoodError(Doubt.CONTRADICTION)
    return other if one is None else one
