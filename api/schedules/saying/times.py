"""Times of day as phrases: „9–12 und 14–18 Uhr“, „ab 17 Uhr“, „20–2 Uhr“."""

from datetime import time
from typing import Final

from api.schedules.saying.voice import Voice

MIDNIGHT: Final = time()
# What begins after and ends before is a night, as everybody sees; else the next day has to be said.
_EVENING: Final = time(16)
_MORNING: Final = time(6)


def times(voice: Voice, spans: tuple[tuple[time, time | None], ...]) -> str:
    """Return spans of time as a list."""
    usual, others = [], []
    for starts, ends in spans:
        if ends is None:
            others.append(voice.gettext("ab {time}", time=at(voice, starts)))
            continue
        words = {"starts": voice.clock(starts), "ends": voice.clock(ends, at_end=True)}
        if _needs_a_day(starts, ends):
            others.append(voice.gettext("{starts} Uhr bis {ends} Uhr am nächsten Tag", **words))
        else:
            usual.append(voice.gettext("{starts}–{ends}", **words))
    if usual:
        others.insert(0, voice.pgettext("span", "{times} Uhr", times=voice.all_of(usual)))
    return voice.all_of(others)


def at(voice: Voice, moment: time, *, at_end: bool = False) -> str:
    """Return a time of day: „9 Uhr“."""
    return voice.pgettext("time of day", "{time} Uhr", time=voice.clock(moment, at_end=at_end))


def _needs_a_day(starts: time, ends: time) -> bool:
    is_night = ends == MIDNIGHT or (starts >= _EVENING and ends <= _MORNING)
    return ends <= starts and not is_night
