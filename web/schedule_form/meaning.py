"""What the whole form says: rules with their pauses and changed dates, and every mistake in it."""

from datetime import date
from typing import Final, NamedTuple

from api.schedules.dates import dates, has
from api.schedules.rules import Change, Closure, Deviation, OnHolidays, Rule
from web.schedule_form import choices
from web.schedule_form.checks import NOT_A_CHOICE, Checks
from web.schedule_form.line import ENDS_FIRST, NO_DATE, UNTIL_FIRST, is_backwards, rule
from web.schedule_form.typed import Form, Line, OneDate, Pause
from web.schedule_form.values import Mistake, clock, day
from web.words import _

_LOOKED_AHEAD: Final = 400  # days, for the date that somebody may have meant

NO_PAUSE_FROM: Final = _("Bitte tragen Sie den ersten Tag der Pause ein.")
NO_PAUSE_UNTIL: Final = _("Bitte tragen Sie den letzten Tag der Pause ein.")
NO_NEW: Final = _("Bitte tragen Sie einen neuen Tag, neue Uhrzeiten oder einen anderen Ort ein.")
WHICH_LINE: Final = _("Zu welcher Sprechzeit gehört das? Bitte wählen Sie.")
NOT_A_DATE: Final = _("An diesem Tag gibt es keinen Termin. Bitte prüfen Sie das Datum.")
NOT_A_DATE_BUT: Final = _("An diesem Tag gibt es keinen Termin. Der nächste danach ist am {day}.")
NO_SUCH_LINE: Final = _("Diese Sprechzeit ist noch nicht fertig ausgefüllt.")


class Meaning(NamedTuple):
    """What can be shown, and what is wrong with the rest."""

    rules: tuple[Rule, ...]
    hosts: tuple[str, ...]  # of each rule; "" is nobody said
    places: tuple[str, ...]  # a deviation's place is a number of these
    mistakes: tuple[Mistake, ...]


def meaning(form: Form) -> Meaning:
    """Return what a form says; lines that nobody has touched say nothing."""
    mistakes: list[Mistake] = []
    found: dict[int, Rule] = {}
    for number, line in enumerate(form.lines, 1):
        if line != Line():
            said = rule(line, Checks(f"z{number}", line, mistakes))
            if said:
                found[number] = said
    for number, pause in enumerate(form.pauses, 1):
        if pause != Pause():
            _close(pause, Checks(f"p{number}", pause, mistakes), found)
    places: list[str] = []
    for number, one in enumerate(form.dates, 1):
        if one != OneDate():
            _change(one, Checks(f"a{number}", one, mistakes), found, places)
    hosts = tuple(form.lines[number - 1].host for number in found)
    return Meaning(tuple(found.values()), hosts, tuple(places), tuple(mistakes))


def _close(pause: Pause, checks: Checks, rules: dict[int, Rule]) -> None:
    """Add a pause to the lines that it is for."""
    first = checks.value("first", day, NO_PAUSE_FROM)
    last = checks.value("last", day, NO_PAUSE_UNTIL)
    every_year = bool(pause.every_year)
    reason = checks.text("reason")
    chosen = _chosen(pause.line, checks, rules)
    if first and last and last < first and not every_year:
        checks.wrong("last", UNTIL_FIRST)
    elif first and last:
        closure = Closure(first, last, every_year, reason)
        for number in chosen:
            rules[number] = rules[number]._replace(closures=(*rules[number].closures, closure))


def deviation(checks: Checks, places: list[str]) -> Deviation | None:
    """Return what a OneDate says, None with mistakes; another place is added to places."""
    before = len(checks.mistakes)
    change = checks.choice("change", choices.CHANGES)
    on = checks.value("on", day, NO_DATE)
    found = Deviation(change, on or date.max, note=checks.text("reason"))
    if change != Change.CANCELLED:
        host = checks.text("host")
        found = found._replace(
            to=checks.value("to", day) if change == Change.MOVED else None,
            starts=checks.value("starts", clock),
            ends=checks.value("ends", clock),
            place=len(places) if host else None,
        )
        if host:
            places.append(host)
        starts, ends = found.starts, found.ends
        if starts and ends and is_backwards(starts, ends):
            checks.wrong("ends", ENDS_FIRST)
    new = found.to, found.starts, found.ends, found.place
    is_new = any(part is not None for part in new)
    if change == Change.MOVED and not is_new and len(checks.mistakes) == before:
        checks.wrong("to", NO_NEW)
    return None if on is None or len(checks.mistakes) > before else found


def _change(one: OneDate, checks: Checks, rules: dict[int, Rule], places: list[str]) -> None:
    """Add a changed date to the line that has it."""
    before = len(checks.mistakes)
    found = deviation(checks, places)
    chosen = _chosen(one.line, checks, rules)
    if found is None or len(checks.mistakes) > before:
        return
    is_extra = found.change == Change.EXTRA
    meant = chosen if is_extra else [number for number in chosen if has(rules[number], found.on)]
    if not meant and chosen:
        _not_a_date(checks, [rules[number] for number in chosen], found.on)
    elif len(meant) > 1 and found.change != Change.CANCELLED:
        checks.wrong("line", WHICH_LINE)
    for number in meant if len(checks.mistakes) == before else ():
        rules[number] = rules[number]._replace(deviations=(*rules[number].deviations, found))


def _chosen(said: str, checks: Checks, rules: dict[int, Rule]) -> list[int]:
    """Return the numbers of the lines that something can be meant for."""
    if not said:
        return list(rules)
    if not said.isascii() or not said.isdigit():
        checks.wrong("line", NOT_A_CHOICE)
    elif int(said) not in rules:
        checks.wrong("line", NO_SUCH_LINE)
    else:
        return [int(said)]
    return []


def _not_a_date(checks: Checks, rules: list[Rule], on: date) -> None:
    """Say that there is nothing on a day, and when there is, whatever holidays there are."""
    coming: list[int] = []
    for one in rules:
        free = one._replace(
            on_public_holidays=OnHolidays.OPEN, on_school_holidays=OnHolidays.OPEN, closures=()
        )
        last = date.fromordinal(min(on.toordinal() + _LOOKED_AHEAD, date.max.toordinal()))
        coming += dates(free, None, on, last).numbers[:1].tolist()
    if coming:
        checks.wrong("on", NOT_A_DATE_BUT, day=date.fromordinal(min(coming)))
    else:
        checks.wrong("on", NOT_A_DATE)
