"""The notation in which a person writes down what a text says, and readings in the same notation."""

import csv
import re
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any, NamedTuple

from api.schedules.reading import Reading
from api.schedules.rules import Closure, Entry, OnHolidays, Rule

HERE = Path(__file__).parent
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ANCHOR = date(2024, 1, 1)
WEEKS = {"even": range(2, 53, 2), "odd": range(1, 54, 2)}
RULE = re.compile(
    r"(?P<kind>WEEKLY|MONTHLY|MONTHDAY|WEEKS (?P<weeks>\w+)|ONCE|BIWEEKLY (?P<since>\S+)) (?P<on>\S+)"
    r"(?: IN (?P<months>\S+))? (?P<starts>\d\d:\d\d)-(?P<ends>\d\d:\d\d)?(?: \[(?P<flags>[^]]+)\])?"
)


class Case(NamedTuple):
    """A text, and what it says in our notation; verbatim: it must be flagged."""

    text: str
    expected: str


def cases(name: str) -> list[Case]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [Case(row["text"], row["expected"]) for row in csv.DictReader(file)]


def meant(expected: str) -> Reading:
    """What the notation says, as a reading."""
    said, *flags = expected.split(" ; ")
    if said == "verbatim":
        return Reading("")
    if said == "appointment":
        return Reading("", entry=Entry.APPOINTMENT, note="".join(flags).removeprefix("note "))
    return Reading("", tuple(_rule(part, flags) for part in said.split(" | ")))


def apart(rules: tuple[Rule, ...]) -> list[Rule]:
    """Rules with one day each, in order: it does not matter how days are put together."""
    return sorted(
        (
            rule._replace(recurrence=recurrence)
            for rule in rules
            for recurrence in _days_apart(rule.recurrence)
        ),
        key=repr,
    )


def _days_apart(recurrence: str) -> Iterator[str]:
    parts = dict(part.split("=") for part in recurrence.split(";") if part)
    for day in parts.get("BYDAY", "").split(","):
        each = parts | ({"BYDAY": day} if day else {})
        yield ";".join(f"{name}={value}" for name, value in sorted(each.items()))


def _rule(said: str, overall: list[str]) -> Rule:
    found = RULE.fullmatch(said.strip())
    assert found, said
    first, recurrence = ANCHOR, ""
    kind, on = found["kind"].split()[0], found["on"]
    if kind == "ONCE":
        first = date.fromisoformat(on)
    elif kind == "MONTHDAY":
        recurrence = f"FREQ=MONTHLY;BYMONTHDAY={on}"
    elif kind == "WEEKS":
        weeks = ",".join(map(str, WEEKS[found["weeks"]]))
        recurrence = f"FREQ=YEARLY;BYWEEKNO={weeks};BYDAY={_byday(on)}"
    elif kind == "BIWEEKLY":
        first = date.fromisoformat(found["since"])
        recurrence = f"FREQ=WEEKLY;INTERVAL=2;BYDAY={on}"
    else:
        recurrence = f"FREQ={kind};BYDAY={_byday(on)}"
    if found["months"]:
        recurrence += f";BYMONTH={_months(found['months'])}"
    rule = Rule(
        recurrence,
        first,
        time.fromisoformat(found["starts"]),
        time.fromisoformat(found["ends"]) if found["ends"] else None,
    )
    for flag in (*(found["flags"] or "").split("; "), *overall):
        rule = _flagged(rule, flag.strip())
    return rule


def _byday(said: str) -> str:
    if "-" not in said or said.startswith("-"):
        return said
    first, last = (DAYS.index(day) for day in said.split("-"))
    return ",".join(DAYS[first : last + 1])


def _months(said: str) -> str:
    if "-" not in said:
        return said
    first, last = map(int, said.split("-"))
    months = range(first, last + 1) if first <= last else [*range(first, 13), *range(1, last + 1)]
    return ",".join(map(str, sorted(months)))


def _flagged(rule: Rule, flag: str) -> Rule:
    name, _, value = flag.partition(" ")
    changes: dict[str, Any] = {
        "": dict,
        "ph": lambda: {"on_public_holidays": OnHolidays(value)},
        "sh": lambda: {"on_school_holidays": OnHolidays(value)},
        "entry": lambda: {"entry": Entry(value)},
        "from": lambda: {"valid_from": date.fromisoformat(value)},
        "until": lambda: {"valid_until": date.fromisoformat(value)},
        "note": lambda: {"note": value},
        "closed": lambda: {"closures": (*rule.closures, _closure(value))},
    }
    return rule._replace(**changes[name]())


def _closure(said: str) -> Closure:
    first, last = said.split("..")
    if len(first) == len("2027-07-15"):
        return Closure(date.fromisoformat(first), date.fromisoformat(last))
    runs_over = last < first
    return Closure(
        date.fromisoformat(f"2024-{first}"), date.fromisoformat(f"{2024 + runs_over}-{last}"), every_year=True
    )
