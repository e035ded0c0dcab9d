"""What people type for days and times, read kindly; and what to tell them if it cannot be read."""

import re
from datetime import date, time
from typing import Final, NamedTuple

from api.schedules.schemas import EARLIEST, LATEST
from web.words import _

_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.,]?(\d{2}))?(?: ?(?:uhr|h))?", re.IGNORECASE)
_GERMAN: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_HOURS: Final = 24

NO_CLOCK: Final = _("„{said}“ ist keine Uhrzeit. Schreiben Sie zum Beispiel 9 oder 9:30.")
NO_DAY: Final = _("„{said}“ ist kein Tag im Kalender. Schreiben Sie zum Beispiel 24.11.2026.")
FAR_DAY: Final = _("Das Jahr muss zwischen {first} und {last} liegen.")


class Mistake(NamedTuple):
    """What is wrong in a field ("z1-von"), and the way out; braces in the text are filled with values."""

    field: str
    text: str
    values: dict[str, object]


class MistakeError(ValueError):
    """A value that cannot be used."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text, self.values = text, values


def clock(said: str) -> time:
    """Return a time of day: „9“, „9:30“, „9.30 Uhr“; 24 is midnight."""
    found = _CLOCK.fullmatch(said)
    if found:
        hour, minute = int(found[1]), int(found[2] or 0)
        if (hour, minute) == (_HOURS, 0):
            return time()
        if hour < _HOURS and minute < 60:  # noqa: PLR2004 - minutes of an hour
            return time(hour, minute)
    raise MistakeError(NO_CLOCK, said=said)


def day(said: str) -> date:
    """Return a day: „24.11.2026“, or as fields for dates send it, 2026-11-24."""
    german, iso = _GERMAN.fullmatch(said), _ISO.fullmatch(said)
    if german:
        numbers = german[3], german[2], german[1]
    elif iso:
        numbers = iso[1], iso[2], iso[3]
    else:
        raise MistakeError(NO_DAY, said=said)
    try:
        found = date(*map(int, numbers))
    except ValueError as error:
        raise MistakeError(NO_DAY, said=said) from error
    if not EARLIEST <= found <= LATEST:
        raise MistakeError(FAR_DAY, first=EARLIEST.year, last=LATEST.year)
    return found


def shown_clock(moment: time, *, at_end: bool = False) -> str:
    """Return a time as somebody would type it."""
    if at_end and moment == time():
        return str(_HOURS)
    return f"{moment.hour}:{moment.minute:02}" if moment.minute else str(moment.hour)
