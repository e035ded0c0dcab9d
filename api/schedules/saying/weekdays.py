"""Weekdays as phrases: „jeden Montag“, „Montag bis Mittwoch und Freitag“, „am Montag und am Freitag“."""

from itertools import groupby
from typing import Final

from api.schedules.saying.voice import Voice

_WEEK: Final = 7
_RANGE: Final = 3  # so many neighbours are said as „Montag bis Mittwoch“


def each(voice: Voice, found: list[int]) -> str:
    """Return weekdays of every week."""
    if len(found) == _WEEK:
        return voice.gettext("täglich")
    if len(found) == 1 and not (voice.is_short and voice.manner.abbreviates):
        return _each(voice)[found[0]]
    words: list[str] = []
    for _, neighbours in groupby(enumerate(found), lambda place: place[1] - place[0]):
        run = [voice.weekday(day, is_short=voice.is_short) for _, day in neighbours]
        words += [_range(voice, run[0], run[-1])] if len(run) >= _RANGE else run
    return voice.all_of(words)


def on(voice: Voice, found: list[int]) -> str:
    """Return weekdays as they follow „alle 2 Wochen“."""
    if len(found) == _WEEK:
        return voice.gettext("an allen Wochentagen")
    return voice.all_of([_on(voice)[day] for day in found])


def _range(voice: Voice, first: str, last: str) -> str:
    if voice.is_short:
        return voice.pgettext("short weekdays", "{first}–{last}", first=first, last=last)
    return voice.pgettext("weekdays", "{first} bis {last}", first=first, last=last)


# Whole phrases: no two of these languages decline a weekday in the same way, some have an own word for each.
def _each(voice: Voice) -> tuple[str, ...]:
    return (
        voice.gettext("jeden Montag"),
        voice.gettext("jeden Dienstag"),
        voice.gettext("jeden Mittwoch"),
        voice.gettext("jeden Donnerstag"),
        voice.gettext("jeden Freitag"),
        voice.gettext("jeden Samstag"),
        voice.gettext("jeden Sonntag"),
    )


def _on(voice: Voice) -> tuple[str, ...]:
    return (
        voice.gettext("am Montag"),
        voice.gettext("am Dienstag"),
        voice.gettext("am Mittwoch"),
        voice.gettext("am Donnerstag"),
        voice.gettext("am Freitag"),
        voice.gettext("am Samstag"),
        voice.gettext("am Sonntag"),
    )
