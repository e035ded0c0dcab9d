"""A time zone as iCalendar describes it (RFC 5545, 3.6.5)."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from icalendar import Component, Timezone, vRecur

_SUNDAY = 7
_WEEK = timedelta(days=7)
_YEARS = 10  # for zones whose changes follow no rule that we know


@lru_cache(maxsize=64)
def vtimezone(zone: str, year: int) -> Timezone:
    """Return what the clocks of an IANA zone do from a year on; the object is shared.

    Where the clock is put forward, the library takes the time after the change; the RFC (3.8.2.4) wants the
    one before. Changes on the last Sunday of a month, as in Europe, become a rule that never ends.
    """
    found = Timezone.from_tzid(zone, first_date=date(year - 1, 1, 1), last_date=date(year + _YEARS, 1, 1))
    found.pop("COMMENT", None)
    for part in list(found.subcomponents):
        starts = [part.decoded("DTSTART"), *_listed(part)]
        offset = part.decoded("TZOFFSETTO") - part.decoded("TZOFFSETFROM")
        starts = [start - max(offset, timedelta()) for start in starts]
        if len(starts) == 1 and not offset and len(found.subcomponents) > 1:
            found.subcomponents.remove(part)  # only says how the year began
            continue
        for name in ("DTSTART", "RDATE"):
            part.pop(name, None)
        part.add("DTSTART", starts[0])
        if len(starts) > 1 and all(_is_last_sunday_of(starts[0].month, start) for start in starts):
            part.add("RRULE", vRecur({"FREQ": "YEARLY", "BYMONTH": starts[0].month, "BYDAY": "-1SU"}))
        elif len(starts) > 1:
            part.add("RDATE", starts[1:])
    return found


def _listed(part: Component) -> list[datetime]:
    found = part.get("RDATE", [])
    lists = found if isinstance(found, list) else [found]
    return [one.dt for several in lists for one in several.dts]


def _is_last_sunday_of(month: int, day: datetime) -> bool:
    return day.month == month and day.isoweekday() == _SUNDAY and (day + _WEEK).month != month
