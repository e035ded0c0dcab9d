"""Which of many timetables take place now, today, this week, in the evening, at the weekend or on a day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from api.schedules.calendars import Flags
from api.schedules.spans import Spans, spans
from api.schedules.timetable import Timetable
from api.schedules.wall_clock import EPOCH, MINUTES_A_DAY

CHOICES: Final = ("now", "today", "week", "evening", "weekend")
DAYS: Final = 14  # ahead, in which an evening or a weekend has to come
EVENING: Final = 17 * 60  # minute of the day from which it is evening
AT_LEAST: Final = 30  # minutes of an evening, if something began before
SATURDAY: Final = 5
WEEK: Final = 7  # days from today: who asks on a Sunday means the days to come


class Agenda:
    """The dates of timetables of one time zone on a day and for two weeks from then on."""

    def __init__(self, timetables: Sequence[Timetable], zone: str, day: date) -> None:
        """Work out the dates."""
        self.day = day
        self._zone = ZoneInfo(zone)
        self._size = len(timetables)
        self._spans: Spans = spans(timetables, day, day + timedelta(days=DAYS))
        self._days = self._spans.wall_starts // MINUTES_A_DAY + EPOCH  # date.toordinal()
        self._known: dict[tuple[str, int], Flags] = {}

    def open(self, when: str, now: datetime) -> Flags:
        """Return which timetables take place at one of CHOICES; what is over by now does not count.

        An open end never counts as now: nobody has said until when.
        """
        minute = int(now.astimezone(UTC).timestamp() // 60)
        known = self._known.get((when, minute))
        if known is None:
            if len(self._known) > len(CHOICES) * 2:
                self._known.clear()
            known = self._known[when, minute] = self._of(self._dates(when, minute))
        return known

    def _dates(self, when: str, minute: int) -> Flags:
        found = self._spans
        is_to_come = np.maximum(found.ends, found.starts + 1) > minute
        if when == "now":
            return (found.starts <= minute) & (minute < found.ends)
        if when == "today":
            return is_to_come & (self._days <= self.day.toordinal())
        if when == "week":
            return is_to_come & (self._days <= self.day.toordinal() + WEEK - 1)
        if when == "weekend":
            return is_to_come & ((self._days - 1) % 7 >= SATURDAY)  # day 1, 0001-01-01, was a Monday
        begins = found.wall_starts % MINUTES_A_DAY
        ends = begins + found.wall_ends - found.wall_starts
        return is_to_come & ((begins >= EVENING) | (ends >= EVENING + AT_LEAST))

    def _of(self, dates: Flags) -> Flags:
        takes_place = np.zeros(self._size, np.bool_)
        takes_place[self._spans.rows[dates]] = True
        return takes_place


def on(timetables: Sequence[Timetable], day: date) -> Flags:
    """Return which timetables take place on a day, even if it is past."""
    takes_place = np.zeros(len(timetables), np.bool_)
    takes_place[spans(timetables, day, day).rows] = True
    return takes_place
