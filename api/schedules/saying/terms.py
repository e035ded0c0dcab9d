"""What narrows days and times as phrases: „nicht in den Schulferien“, „geschlossen am …“, „ohne Termin“."""

from datetime import date

from api.schedules.rules import Closure, Entry, OnHolidays
from api.schedules.saying.meaning import Terms
from api.schedules.saying.voice import Voice


def terms(voice: Voice, said: Terms, coming: date | None = None) -> list[str]:
    """Return what narrows days and times; coming: the next date, said instead of the one to count from."""
    return [
        *_validity(voice, said, coming),
        *_holidays(voice, said),
        *(_closure(voice, closure) for closure in said.closures),
        *_entry(voice, said.entry),
    ]


def _validity(voice: Voice, said: Terms, coming: date | None) -> list[str]:
    found = []
    if coming:
        found.append(voice.gettext("das nächste Mal am {date}", date=voice.full_date(coming)))
    elif said.since:
        found.append(voice.gettext("ab dem {date}", date=voice.full_date(said.since)))
    if said.until:
        found.append(voice.gettext("bis zum {date}", date=voice.full_date(said.until)))
    return found


def _holidays(voice: Voice, said: Terms) -> list[str]:
    """Return what becomes of it on holidays; that they change nothing is not said."""
    only, closed = OnHolidays.ONLY, OnHolidays.CLOSED
    if said.on_public_holidays == said.on_school_holidays == only:
        return [voice.gettext("nur an Feiertagen in den Schulferien")]
    public = {
        closed: voice.gettext("nicht an Feiertagen"),
        only: voice.gettext("nur an Feiertagen"),
    }
    school = {
        closed: voice.gettext("nicht in den Schulferien"),
        only: voice.gettext("nur in den Schulferien"),
    }
    words = (public.get(said.on_public_holidays), school.get(said.on_school_holidays))
    return [word for word in words if word]


def _closure(voice: Voice, closure: Closure) -> str:
    say = voice.day_of_year if closure.every_year else voice.full_date
    first, last = say(closure.first), say(closure.last)
    if closure.first == closure.last:
        return voice.gettext("geschlossen am {date}", date=first)
    return voice.gettext("geschlossen vom {first} bis {last}", first=first, last=last)


def _entry(voice: Voice, entry: Entry) -> list[str]:
    if entry == Entry.WALK_IN:
        return [voice.gettext("ohne Termin")]
    return [voice.gettext("nur mit Termin")] if entry == Entry.APPOINTMENT else []
