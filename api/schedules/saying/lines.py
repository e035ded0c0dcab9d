"""Rules and timetables as sentences, in long and in short."""

from collections.abc import Iterable
from datetime import date

from api.schedules.rules import Rule
from api.schedules.saying.days import days
from api.schedules.saying.meaning import Meaning, meanings
from api.schedules.saying.merging import common, merged, without
from api.schedules.saying.terms import terms
from api.schedules.saying.times import times
from api.schedules.saying.voice import Voice, voice


def say_rule(rule: Rule, locale: str, today: date, coming: date | None = None) -> str:
    """Return a rule as one sentence: „Jeden 1. und 3. Dienstag im Monat, 9–12 Uhr, nicht in den Schulferien“.

    A beginning before today is not said. coming: its next regular date, said of „alle 2 Wochen“ instead of
    the date to count from. Notes and deviations are not said: pages show them on their own.
    """
    speaks = voice(locale)
    found = meanings(rule, today)
    return speaks.text([_parts(speaks, meaning, coming if len(found) == 1 else None) for meaning in found])


def say(rules: Iterable[Rule], locale: str, today: date) -> list[str]:
    """Return a timetable as sentences, one a line, sorted; what holds for all of them is the last line."""
    speaks = voice(locale)
    own, shared = _lines(speaks, rules, today)
    return [speaks.text([parts]) for parts in (*own, *shared)]


def say_text(rules: Iterable[Rule], locale: str, today: date) -> str:
    """Return a timetable as one text: „Montag bis Donnerstag, 8–16 Uhr; jeden Freitag, 8–14 Uhr“."""
    speaks = voice(locale)
    own, shared = _lines(speaks, rules, today)
    return speaks.text([*own, *shared])


def say_short(rules: Iterable[Rule], locale: str, today: date) -> str:
    """Return a timetable for a list: „Mo–Do 8–16 Uhr, Fr 8–14 Uhr“.

    Nothing is left out; terms that all lines share follow behind a semicolon.
    """
    speaks = voice(locale, is_short=True)
    own, shared = _lines(speaks, rules, today)
    if own and all(len(parts) == 1 and speaks.language.comma not in parts[0] for parts in own):
        own = [[parts[0] for parts in own]]
    return speaks.text([*own, *shared])


def _lines(speaks: Voice, rules: Iterable[Rule], today: date) -> tuple[list[list[str]], list[list[str]]]:
    """Return the parts of each line of a timetable, and those of the line that holds for all, if any."""
    found = merged(meaning for rule in rules for meaning in meanings(rule, today))
    if not found:
        return [], []
    shared = common(found)
    own = [meaning._replace(terms=without(meaning.terms, shared)) for meaning in found]
    words = terms(speaks, shared)
    for_all = [[speaks.gettext("für alle Zeiten gilt: {term}", term=words[0]), *words[1:]]] if words else []
    return [_parts(speaks, meaning) for meaning in own], for_all


def _parts(speaks: Voice, meaning: Meaning, coming: date | None = None) -> list[str]:
    """Return days, times and terms of a line; in short forms the times follow the days without a comma."""
    is_counted = not isinstance(meaning.days, date) and meaning.days.interval > 1
    first, *conditions = _days(speaks, meaning)
    hours = times(speaks, meaning.times)
    narrowed = terms(speaks, meaning.terms, coming if is_counted else None)
    if speaks.is_short and not speaks.manner.is_simple:
        return [f"{first} {hours}", *conditions, *narrowed]
    return [first, *conditions, hours, *narrowed]


def _days(speaks: Voice, meaning: Meaning) -> list[str]:
    if isinstance(meaning.days, date):
        words = {"weekday": speaks.weekday_of(meaning.days), "date": speaks.full_date(meaning.days)}
        return [speaks.gettext("am {day}", day=speaks.gettext("{weekday}, {date}", **words))]
    return days(speaks, meaning.days)
