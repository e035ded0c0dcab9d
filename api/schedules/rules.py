"""When something takes place, as it was agreed: one line of a timetable, free of any database."""

from datetime import date, time
from enum import StrEnum
from typing import NamedTuple


class OnHolidays(StrEnum):
    """What becomes of a rule on public holidays, or in school holidays."""

    OPEN = "open"  # holidays change nothing
    CLOSED = "closed"  # it is left out
    ONLY = "only"  # it takes place then alone


class Entry(StrEnum):
    """How somebody gets in during these hours."""

    WALK_IN = "walk_in"
    APPOINTMENT = "appointment"
    UNKNOWN = "unknown"


class Change(StrEnum):
    """How one date differs from what the rule says."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    EXTRA = "extra"


class Deviation(NamedTuple):
    """One date that differs; what is None stays as the rule has it."""

    change: Change
    on: date  # as the rule has it; of an extra date the date itself
    to: date | None = None  # moved to another day
    starts: time | None = None
    ends: time | None = None
    place: int | None = None  # id of another Place
    note: str = ""


class Closure(NamedTuple):
    """A time of the year without dates: first and last day, both closed."""

    first: date
    last: date
    every_year: bool = False  # month and day count, the year does not; may run over New Year
    note: str = ""


class Rule(NamedTuple):
    """One line of a timetable: a recurrence with wall-clock times, and what it does on holidays.

    A timetable is several of them: „Mo–Do 8–16 Uhr, Fr bis 14 Uhr“ are two. Times are those of the clock on
    the wall in the region's time zone (RFC 5545, 3.3.5, form 3).
    """

    recurrence: str  # value of an RRULE (RFC 5545, 3.3.10); empty: on first_date alone
    first_date: date  # DTSTART: from here intervals are counted
    starts: time
    ends: time | None  # not after starts: on the next day; None: nobody has said until when
    valid_from: date | None = None  # dates before are left out
    valid_until: date | None = None  # the last day on which it can take place
    on_public_holidays: OnHolidays = OnHolidays.OPEN
    on_school_holidays: OnHolidays = OnHolidays.OPEN
    entry: Entry = Entry.UNKNOWN
    closures: tuple[Closure, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    note: str = ""
