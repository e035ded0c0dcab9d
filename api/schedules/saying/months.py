"""Days of a month or a year as phrases: „am 15. jeden Monats“, „jeden 1. Dienstag im Monat“, „am 1. März“."""

from datetime import date
from itertools import product
from typing import Final

from api.schedules.recurrence import Frequency, NthWeekday, Recurrence
from api.schedules.saying import ordinals
from api.schedules.saying.voice import Voice

_LEAP_YEAR: Final = 2024
_FEW: Final = 6
_RANGE: Final = 3
_MONTHS: Final = 12


def numbered_weekdays(voice: Voice, said: Recurrence, numbered: list[NthWeekday]) -> str:
    """Return the nth weekdays of the months or of the year."""
    if is_of_year(said):
        words = voice.all_of(ordinals.of_year(voice, numbered))
        if said.interval == 1:
            return voice.pgettext("weekdays of the year", "jedes Jahr am {days}", days=words)
        return voice.pgettext("weekdays of the year", "am {days}", days=words)
    words = voice.all_of(ordinals.of_month(voice, numbered))
    if _skips_months(said):
        return voice.gettext("am {days} im Monat", days=words)
    return voice.gettext("jeden {days} im Monat", days=words)


def is_of_year(said: Recurrence) -> bool:
    """Whether numbers of weekdays are those in a year, not in a month (RFC 5545, 3.3.10, BYDAY)."""
    return said.frequency == Frequency.YEARLY and not said.months


def days_of_month(voice: Voice, said: Recurrence) -> str:
    """Return days by their number in the month."""
    numbers = [ordinals.day_of_month(voice, day) for day in said.month_days if day > 0]
    words = []
    if numbers:
        n, days = voice.some(numbers), voice.all_of(numbers)
        words.append(voice.ngettext("am {days}", "am {days}", n, days=days))
    words += [
        voice.gettext("am letzten Tag") if day == -1 else voice.gettext("am {n}. Tag vom Ende her", n=-day)
        for day in said.month_days
        if day < 0
    ]
    if _skips_months(said):
        return voice.gettext("{days} des Monats", days=voice.all_of(words))
    return voice.gettext("{days} jeden Monats", days=voice.all_of(words))


def dates(voice: Voice, said: Recurrence) -> str | None:
    """Return days of some months as dates, if they are few and all exist."""
    is_plain = said.months and not said.weeks and all(day > 0 for day in said.month_days)
    if not is_plain or not 1 <= len(said.months) * len(said.month_days) <= _FEW:
        return None
    try:
        found = [date(_LEAP_YEAR, month, day) for month, day in product(said.months, said.month_days)]
    except ValueError:
        return None
    words = voice.all_of([voice.day_of_year(day) for day in found])
    if said.interval > 1:
        return voice.ngettext("nur am {dates}", "nur am {dates}", voice.some(found), dates=words)
    return voice.ngettext("jedes Jahr am {dates}", "jedes Jahr am {dates}", voice.some(found), dates=words)


def season(voice: Voice, months: tuple[int, ...]) -> str:
    """Return months: „von April bis Oktober“, „im Mai und Juli“."""
    first = first_of(months)
    last = (first + len(months) - 2) % _MONTHS + 1
    is_range = all((first + step - 1) % _MONTHS + 1 in months for step in range(len(months)))
    if is_range and len(months) >= _RANGE:
        names = {"first": voice.month(first), "last": voice.month(last, alone=True)}
        return voice.gettext("von {first} bis {last}", **names)
    words = voice.all_of([voice.month(month) for month in months])
    return voice.ngettext("im {months}", "im {months}", voice.some(months), months=words)


def first_of(months: tuple[int, ...]) -> int:
    """Return the month in which a season begins, maybe before New Year; 0 of the whole year."""
    return next((month for month in months if (month - 2) % _MONTHS + 1 not in months), 0)


def _skips_months(said: Recurrence) -> bool:
    return said.interval > 1 and said.frequency == Frequency.MONTHLY
