"""Several rules as the few lines in which people say them: equal times and days joined, then sorted."""

from collections.abc import Iterable
from datetime import date, time
from typing import Final

from api.schedules.recurrence import Frequency, Recurrence
from api.schedules.saying.meaning import Meaning, Terms
from api.schedules.saying.months import first_of

_HOLIDAYS: Final = frozenset({"on_public_holidays", "on_school_holidays"})


def merged(found: Iterable[Meaning]) -> list[Meaning]:
    """Return meanings with those joined that differ in times alone, then in weekdays alone, in order."""
    by_days: dict[Meaning, list[tuple[time, time | None]]] = {}
    for meaning in found:
        by_days.setdefault(meaning._replace(times=()), []).extend(meaning.times)
    by_times: dict[Meaning, Meaning] = {}
    for days, spans in by_days.items():
        meaning = days._replace(times=tuple(sorted(set(spans), key=_start)))
        key = _without_weekdays(meaning)
        known = by_times.get(key)
        by_times[key] = _on_days_of_both(known, meaning) if known else meaning
    return sorted(by_times.values(), key=_order)


def common(found: list[Meaning]) -> Terms:
    """Return the terms that several meanings share; dates from which intervals are counted stay with them."""
    first, *others = (meaning.terms._asdict() for meaning in found)
    shared = {name: value for name, value in first.items() if all(terms[name] == value for terms in others)}
    if not others:
        return Terms()
    if not shared.keys() >= _HOLIDAYS:
        # „Nur an Feiertagen in den Schulferien“ is one thought.
        shared = {name: value for name, value in shared.items() if name not in _HOLIDAYS}
    if any(isinstance(meaning.days, Recurrence) and meaning.days.interval > 1 for meaning in found):
        shared.pop("since", None)
    return Terms(**shared)


def without(terms: Terms, shared: Terms) -> Terms:
    """Return the terms that are not among the shared ones."""
    known = shared._asdict()
    return Terms(**{name: value for name, value in terms._asdict().items() if value != known[name]})


def _without_weekdays(meaning: Meaning) -> Meaning:
    """Return what two meanings must have in common to be one; of numbered days and intervals all."""
    if isinstance(meaning.days, date) or not _is_weekly(meaning.days):
        return meaning
    return meaning._replace(days=meaning.days._replace(weekdays=()))


def _is_weekly(said: Recurrence) -> bool:
    """Whether its weekdays can be joined with others: each week, or each of some weeks of the year."""
    is_plain = not (said.month_days or any(day.nth for day in said.weekdays))
    return is_plain and said.interval == 1 and (said.frequency == Frequency.WEEKLY or bool(said.weeks))


def _on_days_of_both(one: Meaning, other: Meaning) -> Meaning:
    if isinstance(one.days, date) or isinstance(other.days, date):
        return one
    weekdays = tuple(sorted({*one.days.weekdays, *other.days.weekdays}))
    return one._replace(days=one.days._replace(weekdays=weekdays))


def _start(span: tuple[time, time | None]) -> tuple[time, time]:
    return span[0], span[1] or time.max


def _order(meaning: Meaning) -> tuple[object, ...]:
    """Sort what begins first before, then by season and weekday, single dates last."""
    times = [_start(span) for span in meaning.times]
    since = meaning.terms.since or date.min
    if isinstance(meaning.days, date):
        return (1, meaning.days, times)
    said = meaning.days
    is_counted = said.interval > 1
    days = [(day.weekday, day.nth) for day in said.weekdays]
    is_monthly = bool(said.month_days or any(day.nth for day in said.weekdays))
    return (
        0,
        date.min if is_counted else since,
        first_of(said.months),
        is_monthly,
        days[:1],
        said.month_days,
        said.weeks[:1],
        said.months,
        times,
        days,
        str(meaning),
    )
