"""The days of a recurrence as one phrase: „Von April bis Oktober alle 2 Wochen am Mittwoch“."""

from itertools import groupby
from typing import Final

from api.schedules.recurrence import Frequency, Recurrence
from api.schedules.saying import months, ordinals, weekdays
from api.schedules.saying.voice import Voice

_EVEN: Final = tuple(range(2, 53, 2))
_ODD: Final = tuple(range(1, 54, 2))
_YEAR: Final = 12


def days(voice: Voice, said: Recurrence) -> list[str]:
    """Return the days that a recurrence names, and a condition if it has one."""
    dates = months.dates(voice, said)
    words = _in_interval(voice, said, _in_weeks(voice, said, dates or _plain(voice, said)))
    if said.months and not dates and len(said.months) < _YEAR:
        words = voice.gettext("{season} {days}", season=months.season(voice, said.months), days=words)
    return [words, *_only_if(voice, said)]


def _plain(voice: Voice, said: Recurrence) -> str:
    """Return days as if there were no seasons, weeks and intervals."""
    if said.month_days:
        return months.days_of_month(voice, said)
    plain = [day.weekday for day in said.weekdays if not day.nth]
    is_adverb = bool(said.weeks) or (said.interval > 1 and said.frequency == Frequency.WEEKLY)
    words = [weekdays.on(voice, plain) if is_adverb else weekdays.each(voice, plain)] if plain else []
    numbered = [day for day in said.weekdays if day.nth]
    return voice.all_of(words + ([months.numbered_weekdays(voice, said, numbered)] if numbered else []))


def _in_weeks(voice: Voice, said: Recurrence, words: str) -> str:
    if not said.weeks:
        return words
    if said.weeks == _EVEN:
        words = voice.gettext("in geraden Kalenderwochen {days}", days=words)
    elif said.weeks == _ODD:
        words = voice.gettext("in ungeraden Kalenderwochen {days}", days=words)
    else:
        words = voice.ngettext(
            "in Kalenderwoche {weeks} {days}",
            "in den Kalenderwochen {weeks} {days}",
            voice.some(said.weeks),
            weeks=_weeks(voice, said.weeks),
            days=words,
        )
    if said.week_starts:
        first = voice.weekday(said.week_starts)
        return voice.gettext("{days} (erster Tag der Woche: {weekday})", days=words, weekday=first)
    return words


def _weeks(voice: Voice, numbers: tuple[int, ...]) -> str:
    words = []
    for _, neighbours in groupby(enumerate(numbers), lambda place: place[1] - place[0]):
        run = [week for _, week in neighbours]
        if len(run) > 1:
            words.append(voice.pgettext("numbers of weeks", "{first}–{last}", first=run[0], last=run[-1]))
        else:
            words.append(str(run[0]))
    return voice.all_of(words)


def _in_interval(voice: Voice, said: Recurrence, words: str) -> str:
    n = said.interval
    if n == 1:
        return words
    if said.frequency == Frequency.WEEKLY:
        return voice.ngettext("jede Woche {days}", "alle {n} Wochen {days}", n, days=words)
    if said.frequency == Frequency.MONTHLY:
        return voice.ngettext("jeden Monat: {days}", "alle {n} Monate: {days}", n, days=words)
    return voice.ngettext("jedes Jahr: {days}", "alle {n} Jahre: {days}", n, days=words)


def _only_if(voice: Voice, said: Recurrence) -> list[str]:
    """Return which weekdays the days of a month must be, too."""
    if not (said.month_days and said.weekdays):
        return []
    words = [voice.weekday(day.weekday) for day in said.weekdays if not day.nth]
    numbered = [day for day in said.weekdays if day.nth]
    if months.is_of_year(said):
        words += [
            voice.pgettext("it falls on", "den {day}", day=day) for day in ordinals.of_year(voice, numbered)
        ]
    else:
        words += [
            voice.pgettext("it falls on", "den {days} im Monat", days=group)
            for group in ordinals.of_month(voice, numbered)
        ]
    return [voice.gettext("nur wenn das auf {days} fällt", days=voice.one_of(words))]
