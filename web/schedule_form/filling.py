"""From rules that were read in a text to filled fields; what the form has no field for fills nothing."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from api.schedules import recurrence
from api.schedules.recurrence import WEEKDAYS, Frequency, NthWeekday, Recurrence
from api.schedules.rules import Closure, Rule
from web.schedule_form import choices
from web.schedule_form.typed import MOST_LINES, MOST_PAUSES, Form, Line, Pause
from web.schedule_form.values import shown_clock

_DAY_KEYS: Final = {code: key for key, code in choices.DAYS.items()}
_RHYTHMS: Final = {interval: rhythm for rhythm, interval in choices.EVERY.items()}


class NoFieldError(ValueError):
    """The form cannot say this."""


def filled(form: Form, rules: Iterable[Rule]) -> Form:
    """Return the form with the lines that rules say; raise NoFieldError if that would lose anything."""
    rules = _joined(rules)
    found = [(line, rule.closures) for rule in rules for line in _lines(rule)]
    shared = {closure for rule in rules for closure in rule.closures}
    shared = {one for one in shared if all(one in closures for _line, closures in found)}
    kept = [pause._replace(line="") for pause in form.pauses if pause != Pause()]
    kept += [_pause(closure) for closure in sorted(shared)]
    for number, (_line, closures) in enumerate(found, 1):
        kept += [_pause(one)._replace(line=str(number)) for one in closures if one not in shared]
    pauses = tuple(dict.fromkeys(kept))
    if len(found) > MOST_LINES or len(pauses) > MOST_PAUSES:
        raise NoFieldError
    dates = tuple(one._replace(line="") for one in form.dates)
    return form._replace(lines=tuple(line for line, _closures in found), pauses=pauses, dates=dates)


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules with those joined that differ in weekdays alone: fewer lines to read."""
    days: dict[Rule, set[NthWeekday]] = {}
    alone: list[Rule] = []
    for rule in rules:
        said = recurrence.read(rule.recurrence) if rule.recurrence else None
        if said == Recurrence(Frequency.WEEKLY, weekdays=said.weekdays if said else ()):
            days.setdefault(rule._replace(recurrence=""), set()).update(said.weekdays)
        else:
            alone.append(rule)
    joined = [rule._replace(recurrence=f"FREQ=WEEKLY;BYDAY={_codes(found)}") for rule, found in days.items()]
    return joined + alone


def _codes(weekdays: Iterable[NthWeekday]) -> str:
    return ",".join(WEEKDAYS[one.weekday] for one in sorted(weekdays))


def _lines(rule: Rule) -> Iterator[Line]:
    """Yield the lines of a rule: „1. Montag und 3. Dienstag“ are two."""
    line = Line(
        starts=shown_clock(rule.starts),
        ends=shown_clock(rule.ends, at_end=True) if rule.ends else "",
        public=_key(choices.HOLIDAYS, rule.on_public_holidays),
        school=_key(choices.HOLIDAYS, rule.on_school_holidays),
        entry=_key(choices.ENTRIES, rule.entry),
        valid_from=rule.valid_from.isoformat() if rule.valid_from else "",
        valid_until=rule.valid_until.isoformat() if rule.valid_until else "",
        note=rule.note,
    )
    if not rule.recurrence:
        yield line._replace(rhythm=choices.ONCE, since=rule.first_date.isoformat())
        return
    said = recurrence.read(rule.recurrence)
    line = line._replace(months=tuple(map(str, said.months)))
    if said.until or said.how_often or said.week_starts:
        raise NoFieldError
    if said.month_days:
        yield _of_month_days(line, said)
    elif any(day.nth for day in said.weekdays):
        yield from _of_numbered(line, said)
    elif said.weeks:
        yield _days(line, said.weekdays)._replace(rhythm=_of_weeks(said.weeks))
    elif said.frequency == Frequency.WEEKLY and said.interval in _RHYTHMS:
        since = rule.first_date.isoformat() if said.interval > 1 else ""
        yield _days(line, said.weekdays)._replace(rhythm=_RHYTHMS[said.interval], since=since)
    else:
        raise NoFieldError


def _of_month_days(line: Line, said: Recurrence) -> Line:
    if said.frequency != Frequency.MONTHLY or said.interval > 1 or said.weekdays or min(said.month_days) < -1:
        raise NoFieldError
    days = ("letzter" if number < 0 else str(number) for number in said.month_days)
    return line._replace(rhythm=choices.MONTH_DAY, month_days=", ".join(days))


def _of_numbered(line: Line, said: Recurrence) -> Iterator[Line]:
    """Yield a line for each choice of weeks in the month."""
    if said.frequency != Frequency.MONTHLY or said.interval > 1:
        raise NoFieldError
    by_nth: dict[tuple[str, ...], list[NthWeekday]] = {}
    for weekday in sorted({day.weekday for day in said.weekdays}):
        numbers = {str(day.nth) for day in said.weekdays if day.weekday == weekday}
        if not numbers <= set(choices.NTH):
            raise NoFieldError
        nth: tuple[str, ...] = tuple(one for one in choices.NTH if one in numbers)
        by_nth.setdefault(nth, []).append(NthWeekday(weekday))
    for nth, days in by_nth.items():
        yield _days(line, days)._replace(rhythm=choices.NTH_WEEKDAY, nth=nth)


def _of_weeks(weeks: tuple[int, ...]) -> str:
    for rhythm, known in choices.WEEKS.items():
        if weeks == tuple(known):
            return rhythm
    raise NoFieldError


def _days(line: Line, weekdays: Iterable[NthWeekday]) -> Line:
    if not weekdays:
        raise NoFieldError
    return line._replace(days=tuple(_DAY_KEYS[WEEKDAYS[day.weekday]] for day in weekdays))


def _pause(closure: Closure) -> Pause:
    first, last = closure.first.isoformat(), closure.last.isoformat()
    return Pause(first, last, "1" if closure.every_year else "", reason=closure.note)


def _key(known: Mapping[str, object], value: object) -> str:
    return next(key for key, meant in known.items() if meant == value)
