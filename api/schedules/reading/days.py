"""The grammar of days: „Mo, Mi–Fr“, „jeden 1. und 3. Dienstag im Monat“, „sonn- und feiertags“, „We[-1]“."""

from typing import Final, NamedTuple

from api.schedules.reading import periods
from api.schedules.reading.clocks import conjunction
from api.schedules.reading.cursor import Cursor, attempt
from api.schedules.reading.doubts import Doubt
from api.schedules.reading.lexicon import (
    ARTICLES,
    DAILY,
    DAYS_WITH_PART,
    EACH,
    FROM,
    OF_MONTH,
    ORDINALS,
    PARTS,
    PUBLIC_HOLIDAYS,
    SCHOOL_HOLIDAYS,
    WEEKDAYS,
    WEEKEND,
    WORKDAYS,
)
from api.schedules.reading.phrases import WHOLE_WEEK, Day, Days

_LONGEST_ABBREVIATION: Final = 3
_LEADING: Final = EACH | ARTICLES | FROM | {"an", "am", "in", "während", "zu"}
_HOLIDAY_KINDS: Final = {"gesetzlichen", "gesetzliche", "allgemeinen", "allen"}
_MOST_IN_A_MONTH: Final = 5
_IN_EVERY_MONTH: Final = 28  # days
_SATURDAY: Final = 5
_SUNDAY: Final = 6
_SEVERAL: Final = {
    DAILY: Days(WHOLE_WEEK),
    WORKDAYS: Days(frozenset(Day(weekday) for weekday in range(_SUNDAY)), are_workdays=True),
    WEEKEND: Days(frozenset({Day(_SATURDAY), Day(_SUNDAY)})),
}


class _Group(NamedTuple):
    """Days that share their ordinals."""

    days: Days
    has_ordinals: bool = False  # „1. und 3.“ stands before
    is_clear: bool = True  # it can only mean the month


@attempt
def days(cursor: Cursor) -> Days | None:
    """Read a list of days; raise NotUnderstoodError where „jeden 2.“ may be every other one."""
    groups: list[_Group] = []
    while True:
        before = cursor.position
        if groups and not _another(cursor):
            break
        group = _group(cursor)
        if group is None:
            cursor.position = before
            break
        groups.append(group)
    if not groups:
        return None
    is_monthly = _of_the_month(cursor)
    ordered = [group.has_ordinals for group in groups]
    if any(ordered) and not all(ordered):
        raise cursor.doubt(Doubt.RHYTHM)
    if (is_monthly and not all(ordered)) or not (is_monthly or all(group.is_clear for group in groups)):
        raise cursor.doubt(Doubt.RHYTHM)
    return _together([group.days for group in groups])


def _another(cursor: Cursor) -> bool:
    between = cursor.sign(",/&+") or conjunction(cursor)
    if between == ",":
        conjunction(cursor)
    return between is not None


def _together(groups: list[Days]) -> Days:
    return Days(
        days=frozenset().union(*(group.days for group in groups)),
        dates=tuple(dict.fromkeys(date for group in groups for date in group.dates)),
        month_days=frozenset().union(*(group.month_days for group in groups)),
        on_public_holidays=any(group.on_public_holidays for group in groups),
        in_school_holidays=any(group.in_school_holidays for group in groups),
        closures=tuple(closure for group in groups for closure in group.closures),
        parts=frozenset().union(*(group.parts for group in groups)),
        are_workdays=any(group.are_workdays for group in groups),
    )


@attempt
def _group(cursor: Cursor) -> _Group | None:
    cursor.skip(_LEADING)
    return _ordered(cursor) or _holidays(cursor) or _dates(cursor) or _weekdays(cursor) or _period(cursor)


@attempt
def _ordered(cursor: Cursor) -> _Group | None:
    """Read „1. und 3. Dienstag“, or „15.“ before „jeden Monats“."""
    nths: list[int] = []
    while True:
        before = cursor.position
        if nths and not _another(cursor):
            break
        cursor.skip(_LEADING if nths else ())
        nth = _ordinal(cursor)
        if nth is None:
            cursor.position = before
            break
        nths.append(nth)
    if not nths:
        return None
    name = cursor.word(WEEKDAYS)
    if name is None:
        follows = cursor.position
        is_monthly = _of_the_month(cursor)
        cursor.position = follows
        return (
            _Group(Days(month_days=frozenset(nths)), has_ordinals=True)
            if is_monthly and len(nths) == 1
            else None
        )
    if not all(nth <= _MOST_IN_A_MONTH for nth in nths):
        raise cursor.doubt(Doubt.NOT_EXPRESSIBLE)
    _full_stop(cursor, name)
    found = frozenset(Day(WEEKDAYS[name], nth) for nth in nths)
    return _Group(Days(found), has_ordinals=True, is_clear=len(found) > 1 or nths[0] in (1, -1, -2))


@attempt
def _ordinal(cursor: Cursor) -> int | None:
    word = cursor.word(ORDINALS)
    if word:
        return ORDINALS[word]
    number = cursor.number()
    if number and number <= _IN_EVERY_MONTH and cursor.glued() and cursor.sign("."):
        return number
    return None


@attempt
def _of_the_month(cursor: Cursor) -> bool | None:
    """Take „im Monat“, „eines jeden Monats“, „/Monat“."""
    cursor.sign("/")
    cursor.skip({"im", "in", "des", "eines", "pro", "jeden", "jedes", "jedem"})
    return True if cursor.word(OF_MONTH) else None


@attempt
def _holidays(cursor: Cursor) -> _Group | None:
    if cursor.word({"sonn"}):
        is_whole = cursor.sign("-") and conjunction(cursor) and cursor.word(PUBLIC_HOLIDAYS)
        return _Group(Days(frozenset({Day(_SUNDAY)}), on_public_holidays=True)) if is_whole else None
    cursor.skip(_HOLIDAY_KINDS)
    if cursor.word(PUBLIC_HOLIDAYS):
        return _Group(Days(on_public_holidays=True))
    return _Group(Days(in_school_holidays=True)) if cursor.word(SCHOOL_HOLIDAYS) else None


@attempt
def _dates(cursor: Cursor) -> _Group | None:
    """Read „Montag, 12.10.2026“; a weekday that the date does not have is an error in the text."""
    name = cursor.word(WEEKDAYS)
    if name:
        cursor.sign(".,")
        cursor.skip({"den", "dem", "am"})
    found = periods.day(cursor)
    if found is None or cursor.peek().text in {"-", "bis"}:
        return None
    if name and WEEKDAYS[name] != found.weekday():
        raise cursor.doubt(Doubt.CONTRADICTION)
    return _Group(Days(dates=(found,)))


@attempt
def _weekdays(cursor: Cursor) -> _Group | None:
    for said, meant in _SEVERAL.items():
        if cursor.word(said):
            return _Group(meant)
    word = cursor.word(DAYS_WITH_PART)
    if word:
        weekday, part = DAYS_WITH_PART[word]
        return _Group(Days(frozenset({Day(weekday)}), parts=frozenset({part})))
    name = cursor.word(WEEKDAYS)
    if name is None:
        return None
    _full_stop(cursor, name)
    if cursor.peek().text == "[":
        return _Group(
            Days(frozenset(Day(WEEKDAYS[name], nth) for nth in _in_brackets(cursor))), has_ordinals=True
        )
    return _Group(Days(_up_to(cursor, WEEKDAYS[name]), parts=_part(cursor)))


def _up_to(cursor: Cursor, first: int) -> frozenset[Day]:
    """Read the rest of „Mo–Fr“; „Fr–Mo“ runs over the weekend."""
    before = cursor.position
    if cursor.sign("-") or cursor.word({"bis"}):
        cursor.skip({"einschliesslich"})
        name = cursor.word(WEEKDAYS)
        if name:
            _full_stop(cursor, name)
            length = (WEEKDAYS[name] - first) % 7 + 1
            return frozenset(Day((first + step) % 7) for step in range(length))
        cursor.position = before
    return frozenset({Day(first)})


def _part(cursor: Cursor) -> frozenset[str]:
    """Take „vormittag“ where it heads the times; directly before times it belongs to them."""
    if cursor.peek().text in PARTS and cursor.peek(1).text == ":":
        return frozenset({cursor.word(PARTS) or ""})
    return frozenset()


def _full_stop(cursor: Cursor, name: str) -> None:
    if len(name) <= _LONGEST_ABBREVIATION and cursor.glued():
        cursor.sign(".")


def _in_brackets(cursor: Cursor) -> frozenset[int]:
    """Read the „[1,3]“ or „[-1]“ of opening_hours."""
    cursor.sign("[")
    found: set[int] = set()
    while True:
        sign = -1 if cursor.sign("-") else 1
        first = cursor.number()
        last = cursor.number() if sign == 1 and cursor.sign("-") else first
        if first is None or last is None or not 1 <= first <= last <= _MOST_IN_A_MONTH:
            raise cursor.doubt(Doubt.WORDS)
        found.update(sign * nth for nth in range(first, last + 1))
        if cursor.sign("]"):
            return frozenset(found)
        if not cursor.sign(","):
            raise cursor.doubt(Doubt.WORDS)


@attempt
def _period(cursor: Cursor) -> _Group | None:
    """Read dates that can only be left out: „24.12.“, „im August“."""
    found = periods.period(cursor)
    return _Group(Days(closures=(periods.closure(cursor, found),))) if found else None
