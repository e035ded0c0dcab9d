"""Ordinals: of weekdays in a month („1. und letzten“), and of days of the month („15.“)."""

from collections.abc import Sequence

from babel import Locale

from api.schedules.recurrence import NthWeekday
from api.schedules.saying.voice import Voice


def of_month(voice: Voice, numbered: Sequence[NthWeekday]) -> list[str]:
    """Return the nth weekdays of a month, grouped by weekday: „1. und 3. Dienstag“."""
    found = []
    for weekday in dict.fromkeys(day.weekday for day in numbered):
        words = {"numbers": _numbers(voice, numbered, weekday), "weekday": voice.weekday(weekday)}
        found.append(voice.gettext("{numbers} {weekday}", **words))
    return found


def of_year(voice: Voice, numbered: Sequence[NthWeekday]) -> list[str]:
    """Return the nth weekdays of a year: „20. Montag im Jahr“."""
    found = []
    for day in numbered:
        words = {"n": abs(day.nth), "weekday": voice.weekday(day.weekday)}
        if day.nth > 0:
            found.append(voice.gettext("{n}. {weekday} im Jahr", **words))
        else:
            found.append(voice.gettext("{n}. {weekday} vom Jahresende her", **words))
    return found


def day_of_month(voice: Voice, n: int) -> str:
    """Return „15.“; English has four endings, which CLDR counts."""
    form = Locale.parse(voice.language.cldr).ordinal_form(n)
    return {
        "one": voice.pgettext("day of the month, as 1st", "{n}.", n=n),
        "two": voice.pgettext("day of the month, as 2nd", "{n}.", n=n),
        "few": voice.pgettext("day of the month, as 3rd", "{n}.", n=n),
    }.get(form) or voice.pgettext("day of the month, as 4th", "{n}.", n=n)


def _numbers(voice: Voice, numbered: Sequence[NthWeekday], weekday: int) -> str:
    nths = [day.nth for day in numbered if day.weekday == weekday]
    words = _feminine(voice) if weekday in voice.manner.feminine else _masculine(voice)
    # From the beginning of the month to its end.
    return voice.all_of([words[nth] for nth in sorted(nths, key=lambda nth: (nth < 0, nth))])


def _masculine(voice: Voice) -> dict[int, str]:
    return {
        1: voice.pgettext("masculine weekday", "1."),
        2: voice.pgettext("masculine weekday", "2."),
        3: voice.pgettext("masculine weekday", "3."),
        4: voice.pgettext("masculine weekday", "4."),
        5: voice.pgettext("masculine weekday", "5."),
        -1: voice.pgettext("masculine weekday", "letzten"),
        -2: voice.pgettext("masculine weekday", "vorletzten"),
        -3: voice.pgettext("masculine weekday", "drittletzten"),
        -4: voice.pgettext("masculine weekday", "viertletzten"),
        -5: voice.pgettext("masculine weekday", "fünftletzten"),
    }


def _feminine(voice: Voice) -> dict[int, str]:
    return {
        1: voice.pgettext("feminine weekday", "1."),
        2: voice.pgettext("feminine weekday", "2."),
        3: voice.pgettext("feminine weekday", "3."),
        4: voice.pgettext("feminine weekday", "4."),
        5: voice.pgettext("feminine weekday", "5."),
        -1: voice.pgettext("feminine weekday", "letzten"),
        -2: voice.pgettext("feminine weekday", "vorletzten"),
        -3: voice.pgettext("feminine weekday", "drittletzten"),
        -4: voice.pgettext("feminine weekday", "viertletzten"),
        -5: voice.pgettext("feminine weekday", "fünftletzten"),
    }
