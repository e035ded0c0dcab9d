"""Weekly, monthly and yearly hours are open when two readers of OSM opening_hours say so."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from opening_hours import OpeningHours, State

from api.schedules.rules import OnHolidays, Rule
from api.schedules.timetable import Timetable
from tests.schedules import oracles
from tests.schedules.osm import Interval, inside, merged, open_hours, opening_hours
from tests.schedules.strategies import SINCE, UNTIL, ZONE, plain_timetables

SOME = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))

AskNode = Callable[[str], list[Interval]]


def minutes(day: date, zone: str) -> int:
    return int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp()) // 60


WALL = minutes(SINCE, "UTC"), minutes(UNTIL, "UTC")
BERLIN = minutes(SINCE, ZONE), minutes(UNTIL, ZONE)
# When clocks change in these years: the last Sundays of March and October.
CHANGES = [
    date(2026, 10, 25),
    date(2027, 3, 28),
    date(2027, 10, 31),
    date(2028, 3, 26),
    date(2028, 10, 29),
    date(2029, 3, 25),
]
# What lies between a day after a change and the day of the next one.
BETWEEN_CHANGES = [
    (minutes(start + timedelta(1), ZONE), minutes(end + timedelta(1), ZONE))
    for start, end in pairwise([SINCE, *CHANGES, UNTIL])
]


def in_rust(value: str) -> list[Interval]:
    start, end = (datetime.combine(day, time()) for day in (SINCE, UNTIL))
    found = OpeningHours(value).intervals(start, end)
    as_minutes = (
        tuple(int(moment.replace(tzinfo=UTC).timestamp()) // 60 for moment in (begin, finish))
        for begin, finish, state, _ in found
        if state == State.OPEN
    )
    return merged((begin, finish) for begin, finish in as_minutes)


@pytest.fixture(scope="module")
def node() -> Iterator[AskNode]:
    """One process answers for all rules; its clock is that of Berlin."""
    environment = {**os.environ, "TZ": ZONE}
    with subprocess.Popen(
        oracles.command("intervals.mjs", "opening_hours"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as running:
        asked, answered = running.stdin, running.stdout
        assert asked
        assert answered

        def ask(value: str) -> list[Interval]:
            question = {"value": value, "state": "Nordrhein-Westfalen"}
            window = {"from": f"{SINCE}T00:00", "to": f"{UNTIL}T00:00"}
            asked.write(json.dumps(question | window) + "\n")
            asked.flush()
            return merged((int(start), int(end)) for start, end in json.loads(answered.readline()))

        yield ask
        asked.close()


def agrees_with_rust(timetable: Timetable) -> None:
    value = opening_hours(timetable)
    ours = open_hours(timetable, SINCE, UNTIL, on_the_wall=True)
    assert inside(ours, *WALL) == inside(in_rust(value), *WALL), value


def _runs_over_midnight(rule: Rule) -> bool:
    return rule.ends is not None and rule.ends <= rule.starts


def _meets_a_change(rule: Rule) -> bool:
    edges = (rule.starts, rule.ends or rule.starts)
    return any(time(2) <= edge <= time(3) for edge in edges)


def agrees_with_node(timetable: Timetable, node: AskNode) -> None:
    value = opening_hours(timetable)
    ours, theirs = open_hours(timetable, SINCE, UNTIL, on_the_wall=False), node(value)
    # For that reader yesterday is 24 hours ago: on the day after a change it takes the small hours of
    # "Sa 22:00-02:00" for those of Sunday. And it has no hour that the clock skips: "Su 02:00-02:15" is then
    # nowhere, for us at three (RFC 5545, 3.3.5). Such rules are compared between the changes only.
    is_unlike = any(_runs_over_midnight(rule) or _meets_a_change(rule) for rule in timetable.rules)
    for window in BETWEEN_CHANGES if is_unlike else [BERLIN]:
        assert inside(ours, *window) == inside(theirs, *window), value


@given(plain_timetables(holidays=False))
@SOME
def test_is_open_when_the_reader_in_rust_says_so(timetable: Timetable) -> None:
    agrees_with_rust(timetable)


@pytest.mark.proof
@given(plain_timetables(holidays=False))
@MANY
def test_is_open_when_the_reader_in_rust_says_so_for_ten_thousand(timetable: Timetable) -> None:
    agrees_with_rust(timetable)


@given(timetable=plain_timetables(holidays=True))
@SOME
def test_is_open_when_the_reader_in_node_says_so(node: AskNode, timetable: Timetable) -> None:
    agrees_with_node(timetable, node)


@pytest.mark.proof
@given(timetable=plain_timetables(holidays=True))
@MANY
def test_is_open_when_the_reader_in_node_says_so_for_ten_thousand(
    node: AskNode, timetable: Timetable
) -> None:
    agrees_with_node(timetable, node)


@pytest.mark.parametrize("word", ["PH", "SH"])
def test_knows_the_holidays_of_nrw_that_the_reader_in_node_knows(node: AskNode, word: str) -> None:
    is_public = word == "PH"
    rule = Rule(
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        date(2024, 1, 1),
        time(9),
        time(12),
        on_public_holidays=OnHolidays.ONLY if is_public else OnHolidays.OPEN,
        on_school_holidays=OnHolidays.OPEN if is_public else OnHolidays.ONLY,
    )
    ours = open_hours(Timetable((rule,), ZONE, "NW"), SINCE, UNTIL, on_the_wall=False)
    assert len(ours) > 30
    assert inside(ours, *BERLIN) == inside(node(f"{word} 09:00-12:00"), *BERLIN)
