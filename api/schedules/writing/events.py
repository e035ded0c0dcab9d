"""The events of one line of a timetable (RFC 5545, 3.6.1).

What differs from the recurrence is said as the RFC wants it: EXDATE where a date is left out, RECURRENCE-ID
where it is moved, an event of its own where it is extra.
"""

import calendar
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from icalendar import Event, vRecur
from icalendar.prop import vInline

from api.schedules.calendars import Numbers
from api.schedules.changes import Instead, changes
from api.schedules.recurrence import WEEKDAYS, Recurrence
from api.schedules.rules import Change, Rule
from api.schedules.saying import say_rule, states
from api.schedules.slots import on_the_wall
from api.schedules.wall_clock import instants, length, moment
from api.schedules.writing.series import Series, series

LOCALE: Final = "de"
YEARS_AHEAD: Final = 2
_DAY: Final = timedelta(days=1)
_END_OF_DAY: Final = time(23, 59)


class Window(NamedTuple):
    """The days of which a calendar speaks; it moves on the first of a month, so that it seldom changes."""

    first: date
    last: date
    stamp: datetime  # DTSTAMP of everything: not now, so that equal data are equal bytes

    @classmethod
    def around(cls, today: date) -> "Window":
        """Return the window from the first of the last month to the end of this month in two years."""
        month, year = today.replace(day=1), today.year + YEARS_AHEAD
        last = date(year, today.month, calendar.monthrange(year, today.month)[1])
        return cls((month - _DAY).replace(day=1), last, datetime.combine(month, time(), UTC))

    @classmethod
    def ahead(cls, today: date, days: int) -> "Window":
        """Return the window of so many days from today on, for a calendar that nobody renews."""
        return cls(today, today + timedelta(days=days), datetime.combine(today, time(), UTC))


class Spot(NamedTuple):
    """A place as strangers may know it."""

    text: str
    lat_lon: tuple[float, float] | None = None


class Entry(NamedTuple):
    """One line of a timetable, and what its events say besides their times."""

    uid: str  # of this line alone, whatever changes in it
    host: str  # the second half of all UIDs
    rule: Rule
    name: str
    url: str = ""
    topics: Sequence[str] = ()
    spot: Spot | None = None
    version: int = 0  # rises with each change (SEQUENCE)
    whole: Rule | None = None  # what is said in words, if the rule is only a part of it

    def until(self, last: date) -> "Entry":
        """Return the line without what comes after a day; in words it stays as it is."""
        ends = min(last, self.rule.valid_until or last)
        return self._replace(rule=self.rule._replace(valid_until=ends), whole=self.rule)


class Clock(NamedTuple):
    """Whose times and holidays they are; see api.schedules.timetable.Timetable."""

    zone: str
    state: str | None


def events(entry: Entry, spots: Mapping[int, Spot], clock: Clock, window: Window) -> Iterator[Event]:
    """Yield the events of a line; spots are the places to which single dates are moved, by their ids."""
    writer = _Writer(entry, spots, clock.zone, window)
    found = changes(entry.rule).instead
    moved = {one.on.toordinal(): one for one in found if one.change == Change.MOVED}
    said: set[date] = set()
    for dates in series(entry.rule, clock.state, window.first, window.last):
        if dates.is_single and int(dates.days[0]) in moved:
            continue  # a date that does not recur has nothing to differ from
        uid = writer.uid("" if dates.is_certain else "unsicher")
        yield writer.recurring(uid, dates)
        for one in (moved[day] for day in dates.days.tolist() if day in moved):
            said.add(one.on)
            yield writer.instead(uid, one, is_of_series=True)
        if not dates.is_single:
            kept = dates.days[~np.isin(dates.days, list(moved))]
            yield from writer.of_other_length(uid, kept, dates)
    for one in found:
        is_said = one.change == Change.MOVED and one.on in said
        if one.day >= window.first and not is_said:
            uid = writer.uid(f"{one.change.value}-{one.on:%Y%m%d}T{one.starts:%H%M}")
            yield writer.instead(uid, one, is_of_series=False)


@dataclass(frozen=True)
class _Writer:
    """Writes single events of a line."""

    entry: Entry
    spots: Mapping[int, Spot]
    zone: str
    window: Window

    @property
    def rule(self) -> Rule:
        return self.entry.rule

    def uid(self, part: str) -> str:
        return f"{self.entry.uid}{'-' if part else ''}{part}@{self.entry.host}"

    def recurring(self, uid: str, dates: Series) -> Event:
        """Return the event of all dates of a series, also of those of which others follow that differ."""
        first, last = (date.fromordinal(int(dates.days[end])) for end in (0, -1))
        event = self._event(uid, self.entry.spot, self._said_of(dates))
        start = self._wall(first, self.rule.starts)
        event.add("DTSTART", start)
        if self.rule.ends is not None:
            usual, starts, ends = self._minutes(dates.days[:1])
            end, length_of_others = moment(int(ends[0]), self.zone), timedelta(minutes=usual)
            # Some readers count the length by the clock on the wall, as Python does here, others by time.
            if end - start == length_of_others and ends[0] - starts[0] == usual:
                event.add("DTEND", end)
            else:  # clocks change during the first date, but not during the others
                event.add("DURATION", length_of_others)
        if dates.recurrence is not None:
            until = None if dates.is_endless else self._wall(last, _END_OF_DAY).astimezone(UTC)
            event.add("RRULE", _rrule(dates.recurrence, until))
            self._add_list(event, "EXDATE", dates.left_out)
        elif not dates.is_single:
            self._add_list(event, "RDATE", dates.days)  # some readers forget DTSTART beside it
        return _doubtful(event, dates)

    def _add_list(self, event: Event, name: str, days: Numbers) -> None:
        """Add EXDATE or RDATE as text: the library would take half of its time for these lists."""
        if len(days):
            at = f"T{self.rule.starts:%H%M}00"
            listed = ",".join(f"{date.fromordinal(day):%Y%m%d}{at}" for day in days.tolist())
            event[name] = vInline(listed, params={"TZID": self.zone})

    def of_other_length(self, uid: str, days: Numbers, dates: Series) -> Iterator[Event]:
        """Yield the dates during which clocks change: those of a series are all equally long (3.8.5.3)."""
        if self.rule.ends is None:
            return
        usual, starts, ends = self._minutes(days)
        odd = ends - starts != usual
        for number, start, end in zip(
            days[odd].tolist(), starts[odd].tolist(), ends[odd].tolist(), strict=True
        ):
            wall = self._wall(date.fromordinal(number), self.rule.starts)
            event = self._event(uid, self.entry.spot, self._said_of(dates))
            event.add("RECURRENCE-ID", wall)
            event.add("DTSTART", wall)
            if end > start:
                event.add("DTEND", moment(end, self.zone))
            yield _doubtful(event, dates)

    def instead(self, uid: str, one: Instead, *, is_of_series: bool) -> Event:
        """Return a date as a human has set it."""
        spot = self.entry.spot if one.place is None else self.spots.get(one.place)
        event = self._event(uid, spot, self._said_of_change(one))
        if is_of_series:
            event.add("RECURRENCE-ID", self._wall(one.on, self.rule.starts))
        event.add("DTSTART", self._wall(one.day, one.starts))
        if one.ends is not None:
            wall = on_the_wall(np.array([one.day.toordinal()]), one.starts, one.ends)
            start, end = (int(instants(column, self.zone)[0]) for column in wall)
            if end > start:
                event.add("DTEND", moment(end, self.zone))
        return event

    def _event(self, uid: str, spot: Spot | None, said: Sequence[str]) -> Event:
        event = Event()
        event.add("UID", uid)
        event.add("DTSTAMP", self.window.stamp)
        event.add("SEQUENCE", self.entry.version)
        event.add("SUMMARY", text(self.entry.name))
        event.add("DESCRIPTION", text("\n".join(filter(None, said))))
        if spot is not None:
            event.add("LOCATION", text(spot.text))
            if spot.lat_lon is not None:
                event.add("GEO", spot.lat_lon)
        if self.entry.url:
            event.add("URL", self.entry.url)
        if self.entry.topics:
            event.add("CATEGORIES", [text(topic) for topic in self.entry.topics])
        event.add("TRANSP", "TRANSPARENT")  # who subscribes is not busy then
        return event

    def _said_of(self, dates: Series) -> list[str]:
        doubt = "" if dates.is_certain else states.holidays_unknown(LOCALE)
        return [doubt, self._sentence(), self.rule.note]

    def _said_of_change(self, one: Instead) -> list[str]:
        if one.change == Change.EXTRA:
            return [states.extra(LOCALE), one.note, self.rule.note]  # noqa: S610 - a word, not Django's
        moved = states.moved_from(LOCALE, one.on, self.window.stamp.date()) if one.day != one.on else ""
        is_other = (one.starts, one.ends) != (self.rule.starts, self.rule.ends)
        hours = states.other_hours(LOCALE, one.starts, one.ends) if is_other else ""
        return [moved, hours, one.note, self._sentence(), self.rule.note]

    def _sentence(self) -> str:
        return say_rule(self.entry.whole or self.rule, LOCALE, self.window.stamp.date())

    def _minutes(self, days: Numbers) -> tuple[int, Numbers, Numbers]:
        """Return how long dates usually are, and when each begins and ends, in minutes since 1970, UTC."""
        assert self.rule.ends is not None
        walls = on_the_wall(days, self.rule.starts, self.rule.ends)
        starts, ends = (instants(wall, self.zone) for wall in walls)
        return length(self.rule.starts, self.rule.ends), starts, np.maximum(starts, ends)

    def _wall(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at.replace(second=0, microsecond=0), ZoneInfo(self.zone))


def text(said: str) -> str:
    """Return a text without signs that iCalendar cannot carry (RFC 5545, 3.1); the library escapes others."""
    lines = said.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})


def _doubtful(event: Event, dates: Series) -> Event:
    if not dates.is_certain:
        event.add("STATUS", "TENTATIVE")
    return event


def _rrule(said: Recurrence, until: datetime | None) -> vRecur:
    """Return a completed recurrence as RRULE; COUNT has become the day on which it is full."""
    parts: dict[str, object] = {"FREQ": said.frequency.value}
    if until is not None:
        parts["UNTIL"] = until
    if said.interval > 1:
        parts["INTERVAL"] = said.interval
    if said.weekdays:
        parts["BYDAY"] = [f"{day.nth or ''}{WEEKDAYS[day.weekday]}" for day in said.weekdays]
    for name, numbers in (
        ("BYMONTHDAY", said.month_days),
        ("BYWEEKNO", said.weeks),
        ("BYMONTH", said.months),
    ):
        if numbers:
            parts[name] = list(numbers)
    if said.week_starts:
        parts["WKST"] = WEEKDAYS[said.week_starts]
    return vRecur(parts)
