"""The grammar of dates and periods: „1.4. bis 31.10.“, „April–Oktober“, „12. Oktober 2026“, „Dec 24-26“."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final, NamedTuple

from api.schedules.reading.clocks import conjunction
from api.schedules.reading.cursor import Cursor, attempt
from api.schedules.reading.doubts import Doubt
from api.schedules.reading.lexicon import ARTICLES, FIXED_DAYS, FROM, MONTHS, OCLOCK
from api.schedules.reading.phrases import EVERY_MONTH, Terms
from api.schedules.reading.tokens import Kind
from api.schedules.rules import Closure

LEAP_YEAR: Final = 2024  # stands for any year: it has every day that a year can have
FEBRUARY: Final = 2
_CENTURY: Final = 2000
_DIGITS_OF_YEAR: Final = 4
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


class Point(NamedTuple):
    """A day of a year, or a whole month where day is None; year None: not said."""

    month: int
    day: int | None = None
    year: int | None = None


class Period(NamedTuple):
    """From one point to another, both included."""

    first: Point
    last: Point


@attempt
def day(cursor: Cursor) -> date | None:
    """Read one date with its year: „12.10.2026“, „12. Oktober 2026“, „2026 Oct 12“."""
    found = _point(cursor)
    return _date(cursor, found) if found and found.day and found.year else None


@attempt
def period(cursor: Cursor) -> Period | None:
    """Read from when to when, or a single month or date."""
    cursor.skip({*FROM, "im", "in", "am", "vom", "zwischen", "ganzen", "monat", "monaten", *ARTICLES})
    first = _point(cursor)
    if first is None:
        return None
    before = cursor.position
    if cursor.sign("-") or cursor.word({"bis"}):
        cursor.skip({"zum", "einschliesslich"})
        last = _point(cursor, has_day=first.day is not None) or _same_month(cursor, first)
        if last is None:
            cursor.position = before
            return Period(first, first) if cursor.peek().text != "-" else None
        return _period(first, last)
    return Period(first, first)


def _period(first: Point, last: Point) -> Period | None:
    """Join two points of the same kind; a year said once, at the end, is meant for both."""
    if (first.day is None) != (last.day is None) or (first.year and not last.year):
        return None
    if last.year and not first.year:
        runs_over = (first.month, first.day or 0) > (last.month, last.day or 0)
        first = first._replace(year=last.year - runs_over)
    return Period(first, last)


@attempt
def _same_month(cursor: Cursor, first: Point) -> Point | None:
    """Take the 26 of „Dec 24-26“."""
    number = cursor.number() if first.day else None
    return first._replace(day=number) if number and cursor.peek().text not in OCLOCK else None


@attempt
def _point(cursor: Cursor, *, has_day: bool = True) -> Point | None:
    """Read a date or a month; only opening_hours has the day behind the month, as in „Oct 12“."""
    if token := cursor.take(Kind.DATE):
        days, months, years = (*token.text.replace(" ", "").split("."), "")[:3]
        year = int(years) if years else None
        year = year + _CENTURY if year is not None and len(years) < _DIGITS_OF_YEAR else year
        return Point(int(months), int(days), year)
    if cursor.peek().kind == Kind.WORD and cursor.peek().text in FIXED_DAYS:
        return _fixed(cursor)
    year = _year(cursor)
    numbered = _numbered(cursor) if year is None else None
    month = cursor.word(MONTHS)
    if month is None:
        return None
    if len(month) < _DIGITS_OF_YEAR and cursor.glued():
        cursor.sign(".")
    is_short = len(month) < _DIGITS_OF_YEAR and len(cursor.peek().text) < _DIGITS_OF_YEAR
    if has_day and numbered is None and is_short and cursor.peek(1).text not in {":", "."}:
        numbered = cursor.number()
    return Point(MONTHS[month], numbered, year or _year(cursor))


def _fixed(cursor: Cursor) -> Point | None:
    found = FIXED_DAYS[cursor.word(FIXED_DAYS) or ""]
    return Point(*found) if found else None


def _year(cursor: Cursor) -> int | None:
    token = cursor.peek()
    if token.kind == Kind.NUMBER and _YEAR.fullmatch(token.text) and cursor.peek(1).text != "-":
        return cursor.number()
    return None


def _numbered(cursor: Cursor) -> int | None:
    """Take the „12.“ of „12. Oktober“."""
    if cursor.peek().kind == Kind.NUMBER and cursor.peek(1).text == "." and cursor.glued(1):
        found = cursor.number()
        cursor.sign(".")
        return found
    return None


def _date(cursor: Cursor, point: Point) -> date:
    days = 1 if point.day is None else point.day
    said = point.year or LEAP_YEAR
    if not 1 <= days <= monthrange(said, point.month)[1]:
        raise cursor.doubt(Doubt.CONTRADICTION)
    return date(said, point.month, days)


def closure(cursor: Cursor, found: Period) -> Closure:
    """Return a period as a time without dates; without a year it is one of every year."""
    first, last = _date(cursor, found.first), _date(cursor, found.last)
    if last < first and found.first.year:
        raise cursor.doubt(Doubt.CONTRADICTION)
    if last < first:
        last = _next_year(cursor, last)
    if found.last.day is None:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return Closure(first, last, every_year=not found.first.year)


def season(cursor: Cursor, found: Period) -> Terms:
    """Return a period as a time in which something takes place; whole months become months."""
    meant = closure(cursor, found)
    if not meant.every_year:
        return Terms(valid_from=meant.first, valid_until=meant.last)
    if meant.first == meant.last:
        raise cursor.doubt(Doubt.NOT_EXPRESSIBLE)
    if (meant.last.month, found.last.day) == (FEBRUARY, 28):  # the end of February, also in leap years?
        raise cursor.doubt(Doubt.NOT_EXPRESSIBLE)
    after = meant.last + timedelta(days=1)
    if meant.first.day == 1 and after.day == 1:
        length = (after.year - meant.first.year) * 12 + after.month - meant.first.month
        return Terms(months=frozenset((meant.first.month - 1 + step) % 12 + 1 for step in range(length)))
    before = meant.first - timedelta(days=1)
    first, last = after.replace(year=LEAP_YEAR), before.replace(year=LEAP_YEAR)
    if last < first:
        last = _next_year(cursor, last)
    return Terms(closures=(Closure(first, last, every_year=True),))


def _next_year(cursor: Cursor, last: date) -> date:
    if (last.month, last.day) == (FEBRUARY, 29):
        raise cursor.doubt(Doubt.NOT_EXPRESSIBLE)
    return last.replace(year=LEAP_YEAR + 1)


@attempt
def months(cursor: Cursor) -> Terms | None:
    """Read several single months: „Mar,Apr,May“, „im Mai und September“."""
    cursor.skip({"im", "in", "den", "monaten"})
    found: set[int] = set()
    while True:
        before = cursor.position
        if found and not (cursor.sign(",/&+") or conjunction(cursor)):
            break
        name = cursor.word(MONTHS)
        if name is None:
            cursor.position = before
            break
        if len(name) < _DIGITS_OF_YEAR and cursor.glued():
            cursor.sign(".")
        found.add(MONTHS[name])
    # „Jan,Feb Mo[1]“ of opening_hours is January, and the first Monday of February.
    goes_on = (
        cursor.peek().text in {"-", "bis"} or cursor.peek().kind == Kind.NUMBER or cursor.peek(1).text == "["
    )
    if len(found) < 2 or goes_on:  # noqa: PLR2004 - one alone is a period
        return None
    return Terms(months=EVERY_MONTH & found)


@attempt
def validity(cursor: Cursor) -> Terms | None:
    """Read „ab 1.3.2027“, „seit …“ or „bis Dezember 2026“; only with a year."""
    word = cursor.word({"ab", "seit", "bis"})
    cursor.skip({"dem", "den"} if word != "bis" else {"zum", "einschliesslich", "ende"})
    point = _point(cursor) if word else None
    if point is None or not point.year:
        return None
    meant = closure(cursor, Period(point, point))
    return Terms(valid_until=meant.last) if word == "bis" else Terms(valid_from=meant.first)
