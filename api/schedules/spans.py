"""The dates of many timetables as columns: "open now", "this week", "in the evening" are one comparison."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Final, NamedTuple

import numpy as np

from api.schedules.calendars import Flags, Numbers
from api.schedules.dates import Dates
from api.schedules.slots import changed, regular
from api.schedules.timetable import Timetable
from api.schedules.wall_clock import EPOCH, MINUTES_A_DAY, instants, length, minute_of_day, wall_minute

_DAY: Final = timedelta(days=1)


class Spans(NamedTuple):
    """One row a date, ordered by timetable and start; all times are whole minutes since 1970.

    An open end is equal to the start: it covers no instant, and starts in a day or week as others do.
    """

    rows: Numbers  # which timetable
    rules: Numbers  # which of its rules
    starts: Numbers  # UTC
    ends: Numbers
    wall_starts: Numbers  # on the wall: // 1440 is the day since 1970-01-01, a Thursday, % 1440 its minute
    wall_ends: Numbers
    is_certain: Flags


def spans(timetables: Sequence[Timetable], first: date, last: date) -> Spans:
    """Return all dates of some timetables on the days from first to last, also what still runs at first."""
    said: list[int] = []
    numbers, is_certain = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=bool)]
    for piece in _pieces(timetables, first - _DAY, last):
        # Kept flat: ten thousand tuples that live on would wake the garbage collector again and again.
        said += piece[:4]
        numbers.append(piece.dates.numbers)
        is_certain.append(piece.dates.is_certain)
    lengths = np.array([len(part) for part in numbers[1:]], dtype=np.int64)
    rows, rules, minutes, durations = (
        np.repeat(column, lengths) for column in np.array(said, dtype=np.int64).reshape(-1, 4).T
    )
    wall_starts = (np.concatenate(numbers) - EPOCH) * MINUTES_A_DAY + minutes
    wall_ends = wall_starts + durations
    starts, ends = _by_the_zone(timetables, rows, wall_starts), _by_the_zone(timetables, rows, wall_ends)
    found = Spans(
        rows, rules, starts, np.maximum(starts, ends), wall_starts, wall_ends, np.concatenate(is_certain)
    )
    midnight = wall_minute(first.toordinal(), time())
    return _in_order(_only(found, (wall_starts >= midnight) | (wall_ends > midnight)))


def _only(found: Spans, wanted: Flags) -> Spans:
    return found if wanted.all() else Spans._make(column[wanted] for column in found)


def _in_order(found: Spans) -> Spans:
    """Sort by timetable and start, which most already are."""
    keys = found.rows * (found.starts.max(initial=0) + 1) + found.starts
    if (keys[1:] >= keys[:-1]).all():
        return found
    order = np.argsort(keys, kind="stable")
    return Spans._make(column[order] for column in found)


class _Piece(NamedTuple):
    """Some dates of one rule at the same time of day; times in minutes."""

    row: int
    rule: int
    minute: int  # of the day
    duration: int  # 0: nobody has said until when
    dates: Dates


def _pieces(timetables: Sequence[Timetable], first: date, last: date) -> Iterator[_Piece]:
    for row, timetable in enumerate(timetables):
        for number, rule in enumerate(timetable.rules):
            found = regular(rule, timetable.state, first, last)
            if len(found.numbers):
                yield _Piece(row, number, *_minutes(rule.starts, rule.ends), found)
            for instead in changed(rule, first, last):
                day = Dates(np.array([instead.day.toordinal()]), np.array([True]))
                yield _Piece(row, number, *_minutes(instead.starts, instead.ends), day)


def _minutes(starts: time, ends: time | None) -> tuple[int, int]:
    return minute_of_day(starts), 0 if ends is None else length(starts, ends)


def _by_the_zone(timetables: Sequence[Timetable], rows: Numbers, wall: Numbers) -> Numbers:
    """Return the instants at which the clock of each row's time zone shows some minutes."""
    zones = sorted({timetable.zone for timetable in timetables})
    if not zones:
        return wall
    if len(zones) == 1:
        return instants(wall, zones[0])
    zone_of = np.array([zones.index(timetable.zone) for timetable in timetables])[rows]
    found = np.empty_like(wall)
    for number, zone in enumerate(zones):
        found[zone_of == number] = instants(wall[zone_of == number], zone)
    return found
