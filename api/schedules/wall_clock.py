"""From the clock on the wall to instants and back, one at a time or by the million.

RFC 5545, 3.3.5: a time that the clock skips in spring is read with the offset before the gap (02:30 is
03:30); of a time that it shows twice in autumn the first is meant. Python calls that fold=0 (PEP 495).
Instants are whole minutes since 1970 in UTC; times on the wall are minutes since 1970 by the wall's count.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from api.schedules.calendars import Numbers

EPOCH: Final = date(1970, 1, 1).toordinal()
MINUTES_A_DAY: Final = 24 * 60
_MINUTE: Final = timedelta(minutes=1)
_START: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - the clock on the wall


def minute_of_day(moment: time) -> int:
    """Return the minutes since midnight; seconds do not count."""
    return moment.hour * 60 + moment.minute


def length(starts: time, ends: time) -> int:
    """Return the minutes between two times on the wall; an end not after the start is on the next day."""
    return (minute_of_day(ends) - minute_of_day(starts) - 1) % MINUTES_A_DAY + 1


def wall_minute(day: int, starts: time) -> int:
    """Return the minute on the wall of a time on a day (date.toordinal())."""
    return (day - EPOCH) * MINUTES_A_DAY + minute_of_day(starts)


def moment(instant: int, zone: str) -> datetime:
    """Return an instant as the clock of a time zone shows it."""
    return datetime.fromtimestamp(instant * 60, ZoneInfo(zone))


def minutes(instant: datetime) -> float:
    """Return an aware moment in minutes since 1970, UTC; Python compares times of one zone by the wall."""
    return instant.astimezone(UTC).timestamp() / 60


def instants(wall: Numbers, zone: str) -> Numbers:
    """Return the instants at which the clock of a time zone shows some minutes."""
    if not len(wall):
        return wall
    years = range(_year(int(wall.min())), _year(int(wall.max())) + 1)
    steps = [step for year in years for step in _steps(zone, year)]
    found = wall - steps[0][1]
    # There are few changes and many minutes: cheaper than to look up the offset of each.
    for (_, before), (since, after) in pairwise(steps):
        if after != before:
            found -= (wall >= since) * (after - before)
    return found


@lru_cache(maxsize=256)
def _steps(zone: str, year: int) -> list[tuple[int, int]]:
    """Return from which minutes on the wall of a year on which offsets from UTC hold, in minutes."""
    first = wall_minute(date(year, 1, 1).toordinal(), time())
    last = wall_minute(date(year, 12, 31).toordinal(), time())
    steps = [(first, _offset(first, zone))]
    for day in range(first, last + 1, MINUTES_A_DAY):
        if _offset(day + MINUTES_A_DAY, zone) != steps[-1][1]:
            change = _change(day, day + MINUTES_A_DAY, zone)
            steps.append((change, _offset(change, zone)))
    return steps


def _change(before: int, after: int, zone: str) -> int:
    """Return the first minute between two that has the offset of the second, not that of the first."""
    new = _offset(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == new:
            after = middle
        else:
            before = middle
    return after


def _offset(wall: int, zone: str) -> int:
    offset = (_START + wall * _MINUTE).replace(tzinfo=ZoneInfo(zone)).utcoffset()
    return int((offset or timedelta()).total_seconds() // 60)


def _year(wall: int) -> int:
    return (_START + wall * _MINUTE).year
