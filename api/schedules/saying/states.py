"""What pages say of single dates and of now; every function takes plain values and the code of a language."""

from datetime import date, datetime, time, timedelta
from typing import Final

from api.schedules.saying import times
from api.schedules.saying.voice import Voice, voice

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7


def open_until(locale: str, now: datetime, until: datetime | None) -> str:
    """Return „heute bis 14 Uhr offen“; None: nobody knows until when."""
    speaks = voice(locale)
    if until is None:
        return _whole(speaks, speaks.gettext("jetzt offen"))
    days = (until.date() - now.date()).days
    # Midnight is the end of today, not the beginning of tomorrow.
    if days == 0 or (days == 1 and until.time() == times.MIDNIGHT):
        clock = times.at(speaks, until.time(), at_end=True)
        return _whole(speaks, speaks.gettext("heute bis {time} offen", time=clock))
    if days < _WEEK:
        weekday, clock = _weekday(speaks, until), times.at(speaks, until.time())
        return _whole(speaks, speaks.gettext("offen bis {weekday} {time}", weekday=weekday, time=clock))
    return _whole(speaks, speaks.gettext("offen bis {date}", date=_date(speaks, until, now)))


def began(locale: str, starts: time) -> str:
    """Return „heute ab 9 Uhr“: it has begun, and nobody has said until when."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("heute ab {time}", time=times.at(speaks, starts)))


def opens(locale: str, now: datetime, starts: datetime) -> str:
    """Return „öffnet heute um 9 Uhr“, „öffnet morgen …“, „öffnet Di 9 Uhr“ or „öffnet am 3. März“."""
    speaks = voice(locale)
    clock = times.at(speaks, starts.time())
    days = (starts.date() - now.date()).days
    if days == 0:
        return _whole(speaks, speaks.gettext("öffnet heute um {time}", time=clock))
    if days == 1:
        return _whole(speaks, speaks.gettext("öffnet morgen um {time}", time=clock))
    if days < _WEEK:
        weekday = _weekday(speaks, starts)
        return _whole(speaks, speaks.gettext("öffnet {weekday} {time}", weekday=weekday, time=clock))
    return _whole(speaks, speaks.gettext("öffnet am {date}", date=_date(speaks, starts, now)))


def day(locale: str, on: date, today: date) -> str:
    """Return „Dienstag, 3. März“, with the year if that is another one."""
    speaks = voice(locale)
    return speaks.gettext("{weekday}, {date}", weekday=speaks.weekday_of(on), date=_date(speaks, on, today))


def hours(locale: str, starts: time, ends: time | None) -> str:
    """Return „9–12 Uhr“ or „ab 9 Uhr“."""
    return times.times(voice(locale), ((starts, ends),))


def ask(locale: str) -> str:
    """Return what is said where nobody knows the times."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("Zeiten bitte erfragen"))


def by_appointment(locale: str) -> str:
    """Return what is said where nobody can come without an appointment."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("nur mit Termin"))


def no_more_dates(locale: str) -> str:
    """Return what is said of something that has ended."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("keine weiteren Termine"))


def holidays_unknown(locale: str) -> str:
    """Return what is said of dates for which no school holidays are known yet."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("Ferien noch nicht bekannt"))


def cancelled(locale: str, reason: str = "") -> str:
    """Return „fällt aus (Allerheiligen)“; the reason is a name or a note and stays as it is."""
    speaks = voice(locale)
    if not reason:
        return _whole(speaks, speaks.gettext("fällt aus"))
    return _whole(speaks, speaks.gettext("fällt aus ({reason})", reason=reason))


def moved_to(locale: str, to: date, today: date) -> str:
    """Return „verlegt auf Dienstag, 3. März“, for the day on which it would be."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("verlegt auf {day}", day=day(locale, to, today)))


def moved_from(locale: str, on: date, today: date) -> str:
    """Return „verlegt von Dienstag, 3. März“, for the day on which it is instead."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("verlegt von {day}", day=day(locale, on, today)))


def other_hours(locale: str, starts: time, ends: time | None) -> str:
    """Return „diesmal 10–12 Uhr“."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("diesmal {times}", times=hours(locale, starts, ends)))


def other_place(locale: str, place: str) -> str:
    """Return „diesmal hier: Familienzentrum X“; no program knows the article of a name."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("diesmal hier: {place}", place=place))


def extra(locale: str) -> str:
    """Return what is said of a date that the rule does not have."""
    speaks = voice(locale)
    return _whole(speaks, speaks.gettext("zusätzlicher Termin"))


def _weekday(speaks: Voice, on: date) -> str:
    return speaks.weekday(on.weekday(), is_short=True)


def _date(speaks: Voice, on: date, today: date) -> str:
    return speaks.day_of_year(on) if on.year == today.year else speaks.full_date(on)


def _whole(speaks: Voice, phrase: str) -> str:
    """Return a phrase as it stands alone: in Einfache Sprache it is a sentence."""
    return speaks.text([[phrase]]) if speaks.manner.is_simple else phrase
