"""One line of the form as a rule: days, rhythm, times, what is on holidays."""

import re
from datetime import date, time
from typing import Final

from api.schedules.reading.recurrences import ANCHOR
from api.schedules.recurrence import WEEKDAYS
from api.schedules.rules import Rule
from web.schedule_form import choices
from web.schedule_form.checks import Checks
from web.schedule_form.typed import Line
from web.schedule_form.values import MistakeError, clock, day
from web.words import _

_LAST_DAY: Final = 31
_MORNING, _EVENING = time(6), time(17)  # who begins late or ends early means the night between two days

NO_DAYS: Final = _("Bitte wählen Sie mindestens einen Wochentag.")
NO_NTH: Final = _("Bitte wählen Sie, in welchen Wochen im Monat.")
NO_MONTH_DAY: Final = _("Bitte tragen Sie ein, an welchem Tag im Monat. Zum Beispiel: 15")
BAD_MONTH_DAY: Final = _(
    "„{said}“ verstehen wir nicht. Schreiben Sie eine Zahl von 1 bis 31 oder „letzter“. "
    "Mehrere Tage trennen Sie mit Komma."
)
NO_FIRST: Final = _("Bitte tragen Sie ein, an welchem Tag es zum ersten Mal stattfindet.")
NO_DATE: Final = _("Bitte tragen Sie ein, an welchem Tag das ist.")
NO_START: Final = _("Bitte tragen Sie ein, wann es anfängt. Zum Beispiel: 9 oder 9:30")
ENDS_FIRST: Final = _("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Uhrzeiten.")
UNTIL_FIRST: Final = _("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Tage.")


def rule(line: Line, checks: Checks) -> Rule | None:
    """Return what a line says; None if something is missing or wrong, which the checks have noted."""
    before = len(checks.mistakes)
    recurrence, first = _recurrence(line, checks)
    starts = checks.value("starts", clock, NO_START)
    ends = checks.value("ends", clock)
    if starts is not None and ends is not None and is_backwards(starts, ends):
        checks.wrong("ends", ENDS_FIRST)
    valid_from, valid_until = checks.value("valid_from", day), checks.value("valid_until", day)
    if valid_from and valid_until and valid_until < valid_from:
        checks.wrong("valid_until", UNTIL_FIRST)
    checks.text("host")
    found = (
        checks.choice("public", choices.HOLIDAYS),
        checks.choice("school", choices.HOLIDAYS),
        checks.choice("entry", choices.ENTRIES),
    )
    note = checks.text("note")
    if starts is None or len(checks.mistakes) > before:
        return None
    return Rule(recurrence, first or ANCHOR, starts, ends, valid_from, valid_until, *found, note=note)


def is_backwards(starts: time, ends: time) -> bool:
    """Return whether an end before the beginning is a slip rather than the next morning."""
    return ends <= starts < _EVENING and ends > _MORNING


def _recurrence(line: Line, checks: Checks) -> tuple[str, date | None]:
    """Return the value of the RRULE and the first date, if that matters."""
    rhythm = line.rhythm
    if rhythm not in choices.RHYTHMS:
        checks.choice("rhythm", dict.fromkeys(choices.RHYTHMS, ""))
        return "", None
    if rhythm == choices.ONCE:
        return "", checks.value("since", day, NO_DATE)
    months = checks.several("months", choices.MONTHS)
    by_month = f";BYMONTH={','.join(months)}" if months else ""
    if rhythm == choices.MONTH_DAY:
        found = checks.value("month_days", _month_days, NO_MONTH_DAY) or []
        return f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, found))}{by_month}", None
    interval = choices.EVERY.get(rhythm, 1)
    first = checks.value("since", day, NO_FIRST) if interval > 1 else None
    days = [choices.DAYS[one] for one in checks.several("days", tuple(choices.DAYS))]
    if not days and first:
        days = [WEEKDAYS[first.weekday()]]
    elif not days and interval == 1:
        checks.wrong("days", NO_DAYS)
    if rhythm in choices.WEEKS:
        weeks = ",".join(map(str, choices.WEEKS[rhythm]))
        return f"FREQ=YEARLY;BYWEEKNO={weeks};BYDAY={','.join(days)}{by_month}", None
    if rhythm == choices.NTH_WEEKDAY:
        nth = checks.several("nth", choices.NTH)
        if not nth:
            checks.wrong("nth", NO_NTH)
        numbered = ",".join(f"{number}{one}" for one in days for number in nth)
        return f"FREQ=MONTHLY;BYDAY={numbered}{by_month}", None
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return f"FREQ=WEEKLY{every};BYDAY={','.join(days)}{by_month}", first


def _month_days(said: str) -> list[int]:
    """Return days of the month: „1, 15.“ or „letzter“ (-1)."""
    found = []
    for word in re.split(r"\s*(?:,|;|\bund\b)\s*", said):
        number = word.rstrip(".")
        if word.casefold() in ("letzter", "letzte", "letzten"):
            found.append(-1)
        elif re.fullmatch(r"\d{1,2}", number) and 1 <= int(number) <= _LAST_DAY:
            found.append(int(number))
        else:
            raise MistakeError(BAD_MONTH_DAY, said=word or said)
    return list(dict.fromkeys(found))
