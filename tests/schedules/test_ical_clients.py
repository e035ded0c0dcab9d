"""Another calendar's library, ical.js (Thunderbird, Nextcloud), reads every feed and sees the same dates."""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from api.schedules.rules import Rule
from tests.schedules import oracles
from tests.schedules.feeds import BEGIN, END, feed, minute, ours, rules_with_deviations
from tests.schedules.test_against_opening_hours import CHANGES

SOME = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))

AskNode = Callable[[bytes], list[list[Any]]]


@pytest.fixture(scope="module")
def node() -> Iterator[AskNode]:
    """One process answers for all feeds."""
    with subprocess.Popen(
        oracles.command("events.mjs", "ical.js"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        asked, answered = running.stdin, running.stdout
        assert asked
        assert answered

        def ask(written: bytes) -> list[list[Any]]:
            question = {"ics": written.decode(), "from": minute(BEGIN), "to": minute(END)}
            asked.write(json.dumps(question) + "\n")
            asked.flush()
            answer = json.loads(answered.readline())
            assert "found" in answer, answer
            found: list[list[Any]] = answer["found"]
            return found

        yield ask
        asked.close()


def agreed(start: int) -> int:
    """Of a time that a clock shows twice, RFC 5545 means the first (3.3.5) and ical.js the second.

    Clocks change at 1:00 UTC; an hour later is taken for an hour earlier on those days.
    """
    moment = datetime.fromtimestamp(start * 60, UTC)
    return start - 60 if moment.date() in CHANGES and moment.hour == 1 else start


def agree(node: AskNode, rule: Rule, state: str | None) -> None:
    written = feed(rule, state)
    theirs = sorted(agreed(start) for start, _ in node(written))
    assert theirs == sorted(agreed(one.starts) for one in ours(rule, state)), written.decode()


@given(drawn=rules_with_deviations())
@SOME
def test_ical_js_sees_the_dates_of_a_rule(node: AskNode, drawn: tuple[Rule, str | None]) -> None:
    agree(node, *drawn)


@pytest.mark.proof
@given(drawn=rules_with_deviations())
@MANY
def test_ical_js_sees_the_dates_of_ten_thousand_rules(node: AskNode, drawn: tuple[Rule, str | None]) -> None:
    agree(node, *drawn)
