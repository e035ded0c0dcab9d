"""Doubts about hours that have ended: timetables without a next date, and lines that nothing follows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from api.core import clock
from api.doubts.finding import Finding, fingerprint
from api.doubts.models import Kind
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.recurrence import read
from api.schedules.rules import Change, Rule
from api.schedules.service import Line
from api.schedules.timetable import State, Timetable

# Most timetables go on for ever: nothing has to be worked out to know it. What is paused is known to rest.
_MAY_END: Final = text("""
  SELECT DISTINCT s.offer_id FROM schedule s JOIN offer o ON o.id = s.offer_id
  WHERE o.id = ANY (CAST(:offers AS bigint[])) AND o.status = 'published' AND (
    s.recurrence = '' OR s.valid_until IS NOT NULL OR s.recurrence ~* '(UNTIL|COUNT)=' OR s.closures <> '[]')
""")
_Timetables = dict[int | None, list[Rule]]  # by the id of OfferAtPlace


def check(session: Session, region: Region, offer_ids: Sequence[int]) -> Iterator[Finding]:
    """Yield where hours of these offers have ended."""
    found = list(session.scalars(_MAY_END, {"offers": list(offer_ids)}))
    of_offers: dict[int, _Timetables] = {}
    for line in schedules.lines(session, found) if found else ():
        of_offers.setdefault(line.offer_id, {}).setdefault(line.at_place_id, []).append(line.rule)
    now = clock.now()
    for offer_id, timetables in of_offers.items():
        yield from _of_offer(offer_id, region, timetables, now)


def path_of(line: Line | int | None) -> str:
    """Return the path of the timetable at a place, or of the offer's own."""
    number = line.at_place_id if isinstance(line, Line) else line
    return "schedules" if number is None else f"places/{number}/schedules"


def _of_offer(offer_id: int, region: Region, timetables: _Timetables, now: datetime) -> Iterator[Finding]:
    going_on = {where for where, rules in timetables.items() if _goes_on(region, rules, now)}
    if not going_on:
        path = path_of(next(iter(timetables))) if len(timetables) == 1 else ""
        yield Finding(offer_id, Kind.DATES_OVER, path, fingerprint(sorted(map(str, timetables.items()))))
        return
    for where, rules in timetables.items():
        kind, details = Kind.HOURS_OVER, dict[str, str]()
        if where in going_on:
            judged = _of_lines(region, rules, now)
            if judged is None:
                continue
            kind, details = judged
        yield Finding(offer_id, kind, path_of(where), fingerprint(str(rules)), details)


def _of_lines(region: Region, rules: list[Rule], now: datetime) -> tuple[Kind, dict[str, str]] | None:
    """Return what has ended in a timetable that goes on.

    Single dates are over one after the other, and summer may follow winter: that is as it should be.
    """
    regular = [rule for rule in rules if rule.recurrence]
    over = [rule for rule in regular if not _goes_on(region, [_without_extras(rule)], now)]
    if not over:
        return None
    if len(over) == len(regular):
        return Kind.ONLY_SINGLES, {}
    last_days = [last for rule in over if (last := _last_day(rule)) and not _is_followed(last, rules)]
    return (Kind.LINE_OVER, {"until": min(last_days).isoformat()}) if last_days else None


def _goes_on(region: Region, rules: list[Rule], now: datetime) -> bool:
    timetable = Timetable(tuple(rules), region.timezone, region.state)
    return bool(timetable.after(now)) or timetable.status(now).state is State.OPEN


def _without_extras(rule: Rule) -> Rule:
    return rule._replace(deviations=tuple(one for one in rule.deviations if one.change is Change.CANCELLED))


def _last_day(rule: Rule) -> date | None:
    until = read(rule.recurrence).until
    days = [day for day in (rule.valid_until, until) if day is not None]
    return min(days) if days else None


def _is_followed(last: date, rules: list[Rule]) -> bool:
    """Return whether another line begins when one has ended, or stands for another time of the year."""
    return any((rule.valid_from or rule.first_date) > last for rule in rules)
