"""How fast all dates of a year are worked out, beside python-dateutil asked rule by rule."""

import gc
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from statistics import median
from time import process_time
from typing import Any, Final

from dateutil.rrule import rrulestr

from api.schedules.recurrence import WEEKDAYS
from api.schedules.rules import OnHolidays, Rule
from api.schedules.spans import spans
from api.schedules.timetable import Timetable

RULES: Final = 10_000
ROUNDS: Final = 3
DAYS: Final = 52 * 7
SEARCHED: Final = 60  # days ahead that the search keeps
_ZONE: Final = "Europe/Berlin"
_STARTED: Final = 600  # days within which the rules began


def measure(rules: int = RULES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return seconds of processor time: for each round both sides, ours with and without what it remembers.

    Each round is about another year and other first days, so nothing that was worked out before is of use.
    """
    found = []
    for number in range(rounds):
        first = date(2026 + number, 9, 1)
        draw = Random(number)  # noqa: S311 - rules to measure with, no secrets
        made = [_rule(draw, first) for _ in range(rules)]
        timetables = [Timetable((rule,), _ZONE, "NW") for rule in made]
        last, soon = first + timedelta(days=DAYS - 1), first + timedelta(days=SEARCHED - 1)
        sides: dict[str, Callable[[], object]] = {
            "first": partial(spans, timetables, first, last),
            "again": partial(spans, timetables, first, last),
            "soon": partial(spans, timetables, first, soon),
            "dateutil": partial(_one_by_one, made, first, last),
        }
        found.append({name: _seconds(work) for name, work in sides.items()})
    return {"rules": rules, "days": DAYS, "searched": SEARCHED, "rounds": found}


def times_faster(found: Mapping[str, Any], ours: str = "first") -> float:
    """Return how many times as long dateutil took as we did, in the middle of all rounds."""
    return float(median(one["dateutil"] / one[ours] for one in found["rounds"]))


def drawn(draw: Random) -> Rule:
    """Return a rule that began long ago."""
    return _rule(draw, date(2026, 1, 1))


def _rule(draw: Random, first: date) -> Rule:
    """Return a rule as they are: mostly every week, often every month, some by weeks of the year."""
    day = draw.choice(WEEKDAYS)
    days = ",".join(sorted(draw.sample(WEEKDAYS, draw.randint(1, 5)), key=WEEKDAYS.index))
    even = ",".join(str(week) for week in range(2, 53, 2))
    recurrence = draw.choices(
        [
            f"FREQ=WEEKLY;BYDAY={days}",
            f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}",
            f"FREQ=MONTHLY;BYDAY={draw.choice([1, 2, 3, 4, -1])}{day}",
            f"FREQ=YEARLY;BYWEEKNO={even};BYDAY={day}",
        ],
        [60, 10, 25, 5],
    )[0]
    policies = draw.choices([OnHolidays.OPEN, OnHolidays.CLOSED], k=2)
    return Rule(
        recurrence,
        first - timedelta(days=draw.randrange(_STARTED)),
        time(draw.randint(8, 17)),
        time(19),
        on_public_holidays=policies[0],
        on_school_holidays=policies[1],
    )


def _one_by_one(rules: list[Rule], first: date, last: date) -> int:
    window = datetime.combine(first, time()), datetime.combine(last, time(23, 59))
    return sum(
        len(
            list(
                rrulestr(rule.recurrence, dtstart=datetime.combine(rule.first_date, rule.starts)).between(
                    *window, inc=True
                )
            )
        )
        for rule in rules
    )


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = process_time()
    work()
    return process_time() - start


if __name__ == "__main__":
    measured = measure()
    for one in measured["rounds"]:
        print({name: round(seconds, 3) for name, seconds in one.items()})
    first, again = times_faster(measured), times_faster(measured, "again")
    print(f"{first:.0f} times as fast as dateutil, {again:.0f} times when asked again")
