"""When offers of a table take place in the days ahead, as hours within which a visit can lie."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from api.core import clock
from api.plans.outings import MIDNIGHT, VISIT_MINUTES, Window
from api.plans.schemas import Part
from api.plans.solving import HORIZON
from api.schedules.rules import Rule
from api.schedules.spans import spans
from api.schedules.timetable import Occurrence, Timetable
from api.schedules.wall_clock import EPOCH, MINUTES_A_DAY
from api.search.table import Table

PARTS: Final = {
    Part.MORNING: (0, 12 * 60),
    Part.AFTERNOON: (12 * 60, 17 * 60),
    Part.EVENING: (17 * 60, MIDNIGHT),
}
QUARTER: Final = 15  # minutes: nobody is told to be there at 11:43
GET_READY: Final = 60  # minutes from now: nobody can be anywhere at once, least of all with children
SHORTEST: Final = 15  # minutes of hours that are left after a wish has cut them

Where = tuple[int, int | None]  # row of a table, and the number of a place

# Of each table, what was worked out on the latest day.
_known: WeakKeyDictionary[Table, tuple[date, dict[Where, list[Window]]]] = WeakKeyDictionary()


class Times:
    """When a family can go, from now on."""

    def __init__(self, table: Table, zone: str, weekdays: Collection[int], parts: Collection[Part]) -> None:
        """Take a wish; zone: IANA."""
        self.table = table
        self.now = clock.now().astimezone(ZoneInfo(zone))
        self.today = self.now.date()
        self.last = self.today + timedelta(days=HORIZON - 1)
        wanted = frozenset(weekdays) or frozenset(range(7))
        self._days = {day for day in range(HORIZON) if (self.today + timedelta(days=day)).weekday() in wanted}
        self._parts = _joined([PARTS[part] for part in Part if part in parts]) or [(0, 2 * MIDNIGHT)]
        self._is_any_time = not parts
        kept = _known.get(table)
        if kept is None or kept[0] != self.today:
            kept = _known[table] = self.today, {}
        self._windows = kept[1]

    def has_hours(self, row: int, place_id: int | None) -> bool:
        """Return whether it is known when an offer takes place at a place."""
        return any(at in (place_id, None) for at, _ in self.table.rows[row].times)

    def prepare(self, asked: Iterable[Where]) -> None:
        """Work out the hours of many offers at once, which takes little longer than those of one."""
        missing = [where for where in dict.fromkeys(asked) if where not in self._windows]
        if not missing:
            return
        found = spans([self._timetable(*where) for where in missing], self.today, self.last)
        windows: list[list[Window]] = [[] for _ in missing]
        first = (self.today.toordinal() - EPOCH) * MINUTES_A_DAY
        starts, ends = (found.wall_starts - first).tolist(), (found.wall_ends - first).tolist()
        for number, begins, ends_at in zip(found.rows.tolist(), starts, ends, strict=True):
            day, opens = divmod(begins, MINUTES_A_DAY)
            if 0 <= day < HORIZON:
                # Nobody has said until when: long enough for a visit.
                length = ends_at - begins or VISIT_MINUTES
                windows[number].append(Window(day, opens, opens + length))
        for where, mine in zip(missing, windows, strict=True):
            self._windows[where] = sorted(mine)

    def fitting(self, row: int, place_id: int | None) -> tuple[Window, ...]:
        """Return the hours of an offer at a place that a family can use, in their order."""
        self.prepare([(row, place_id)])
        found: list[Window] = []
        for window in self._windows[row, place_id]:
            if window.day in self._days:
                if window.day and self._is_any_time:
                    found.append(window)
                else:
                    found += self._cut(window)
        return tuple(found)

    def date(self, row: int, place_id: int | None, day: int, minute: int) -> Occurrence:
        """Return the date of an offer at a place within which a minute of a day lies."""
        begin = self.moment(day, 0)
        dates = self._timetable(row, place_id).between(begin, begin + timedelta(days=1))
        at = self.moment(day, minute)
        begun = [one for one in dates if one.starts <= at and (one.ends is None or at < one.ends)]
        return max(begun, key=lambda one: one.starts)

    def moment(self, day: int, minute: int) -> datetime:
        """Return a minute of a day as the clock of the region shows it."""
        midnight = datetime.combine(self.today + timedelta(days=day), time(), self.now.tzinfo)
        return midnight + timedelta(minutes=minute)

    def _timetable(self, row: int, place_id: int | None) -> Timetable:
        rules: tuple[Rule, ...] = tuple(
            rule for at, found in self.table.rows[row].times if at in (place_id, None) for rule in found
        )
        return Timetable(rules, self.table.vocabulary.zone, self.table.vocabulary.state)

    def _cut(self, window: Window) -> list[Window]:
        """Return what the wish and the time of day leave of hours."""
        day, opens, closes = window
        least = min(SHORTEST, closes - opens)
        if day == 0:
            ready = self.now.hour * 60 + self.now.minute + GET_READY
            opens = max(opens, -(-ready // QUARTER) * QUARTER)
        cut = [(max(opens, since), min(closes, until)) for since, until in self._parts]
        return [Window(day, since, until) for since, until in cut if until - since >= least]


def _joined(parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join parts that touch; what ends at midnight may go on after it."""
    found: list[tuple[int, int]] = []
    for since, until in parts:
        if found and found[-1][1] == since:
            found[-1] = found[-1][0], until
        else:
            found.append((since, until))
    return [(since, 2 * MIDNIGHT if until == MIDNIGHT else until) for since, until in found]
