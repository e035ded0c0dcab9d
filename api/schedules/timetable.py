"""All rules of one offer at one place: what takes place when, what is open now, and what comes next."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain, islice
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from api.schedules.changes import changes
from api.schedules.dates import Why, left_out
from api.schedules.rules import Change, Rule
from api.schedules.slots import Slot, last_year_of, slots
from api.schedules.wall_clock import MINUTES_A_DAY, minutes, moment

# How far is looked for what comes next, in days, step by step: mostly it comes soon. A leap day of a certain
# weekday takes 28 years.
_STEPS: Final = (8, 60, *(366 for _ in range(28)))
_DAY: Final = timedelta(days=1)
_ALWAYS: Final = 366 * MINUTES_A_DAY  # what is open so long has no closing time


class State(StrEnum):
    """What can be said about an instant."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"  # it began that day, and nobody has said until when


class Occurrence(NamedTuple):
    """One date of a rule; times are aware and as the clock of the region shows them."""

    starts: datetime
    ends: datetime | None  # None: nobody has said until when
    rule: int  # its number in the timetable
    on: date  # as the rule has it: the identity of a date that was moved (RECURRENCE-ID)
    change: Change | None = None
    place: int | None = None  # id of another Place than the usual one
    certain: bool = True  # False: it depends on school holidays that are not known yet
    note: str = ""  # what is different this time


class LeftOut(NamedTuple):
    """A day that a rule names and on which it does not take place."""

    on: date
    rule: int
    why: Why
    name: str  # of the holiday ("Allerheiligen"), or the note of the closure or the deviation


class Status(NamedTuple):
    """Whether something takes place at an instant, and the next change of that."""

    state: State
    until: datetime | None  # open: None if nobody knows, or not within a year; else the next start, if any
    certain: bool = True


class Timetable(NamedTuple):
    """Rules whose times are those of a time zone (IANA), and whose holidays are those of a federal state."""

    rules: tuple[Rule, ...]
    zone: str
    state: str | None = None  # "NW" (ISO 3166-2); None: unknown, and school holidays with it

    def between(self, since: datetime, until: datetime) -> list[Occurrence]:
        """Return in order what takes place from an instant until before another, also what runs already."""
        first, last = minutes(since), minutes(until)
        found = self._slots(self._day(since) - _DAY, self._day(until))
        return self._shown(
            slot for slot in found if slot.starts < last and (slot.starts >= first or slot.covers(first))
        )

    def after(self, instant: datetime, count: int = 1) -> list[Occurrence]:
        """Return the next occurrences that start after an instant, fewer if 28 years have no more."""
        now = minutes(instant)
        following = (slot for slot in self._from(self._day(instant)) if slot.starts > now)
        return self._shown(islice(following, count))

    def status(self, instant: datetime) -> Status:
        """Return whether something takes place at an instant, and when that changes.

        Hours that touch or overlap are one: 9–12 and 12–14 are open until 14.
        """
        now, today = minutes(instant), self._day(instant)
        coming = self._from(today - _DAY)
        begun, following = [], None
        for slot in coming:
            if slot.starts > now:
                following = slot
                break
            begun.append(slot)
        running = [slot for slot in begun if slot.covers(now)]
        if running:
            until = _closing(running, chain([following] if following else [], coming))
            return Status(State.OPEN, self._moment(until), certain=any(slot.certain for slot in running))
        is_unknown = any(
            slot.ends is None and self._day(moment(slot.starts, self.zone)) == today for slot in begun
        )
        state = State.UNKNOWN if is_unknown else State.CLOSED
        return Status(state, self._moment(following.starts if following else None))

    def left_out(self, first: date, last: date) -> list[LeftOut]:
        """Return in order on which days from first to last something does not take place, and why."""
        found = []
        for number, rule in enumerate(self.rules):
            told = changes(rule).told
            found += [LeftOut(on, number, *why) for on, why in told.items() if why]
            days = left_out(rule, self.state, first, last)
            found += [LeftOut(on, number, why, name) for on, why, name in days if on not in told]
        return sorted(one for one in found if first <= one.on <= last)

    def _from(self, first: date) -> Iterator[Slot]:
        """Yield in order everything that starts on a day or later, worked out as far as somebody asks."""
        last_year = max(map(last_year_of, self.rules), default=0)
        for days in _STEPS:
            if first.year > min(last_year, date.max.year - 2):
                return
            last = first + timedelta(days=days - 1)
            yield from self._slots(first, last)
            first = last + _DAY

    def _slots(self, first: date, last: date) -> list[Slot]:
        """Return in order everything that starts on the days from first to last."""
        found = (
            slots(number, rule, self.state, self.zone, (first, last))
            for number, rule in enumerate(self.rules)
        )
        return sorted(
            chain.from_iterable(found), key=lambda slot: (slot.starts, slot.ends or slot.starts, slot.rule)
        )

    def _shown(self, found: Iterable[Slot]) -> list[Occurrence]:
        zone = ZoneInfo(self.zone)
        return [
            Occurrence(
                datetime.fromtimestamp(slot.starts * 60, zone),
                None if slot.ends is None else datetime.fromtimestamp(slot.ends * 60, zone),
                *slot[2:],
            )
            for slot in found
        ]

    def _moment(self, instant: int | None) -> datetime | None:
        return None if instant is None else moment(instant, self.zone)

    def _day(self, instant: datetime) -> date:
        return instant.astimezone(ZoneInfo(self.zone)).date()


def _closing(running: list[Slot], coming: Iterable[Slot]) -> int | None:
    """Return when it closes that is open; what follows at once prolongs it, maybe nobody knows how long."""
    ends = max(slot.ends or slot.starts for slot in running)
    latest = ends + _ALWAYS
    for slot in coming:
        if slot.starts > ends:
            break
        if slot.ends is None or ends > latest:
            return None
        ends = max(ends, slot.ends)
    return ends
