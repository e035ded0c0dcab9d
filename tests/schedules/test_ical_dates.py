"""Feeds have the dates of our timetables when recurring-ical-events reads them, in Python."""

import icalendar
import pytest
import recurring_ical_events  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings

from api.schedules.rules import Rule
from tests.schedules.feeds import BEGIN, END, Seen, feed, minute, ours, rules_with_deviations

SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))


def theirs(written: bytes) -> list[Seen]:
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(written)).between(BEGIN, END)
    seen = (
        Seen(
            minute(event.start), minute(event.end), str(event["LOCATION"]), event.get("STATUS") != "TENTATIVE"
        )
        for event in found
    )
    return sorted(one for one in seen if minute(BEGIN) <= one.starts < minute(END))


def agree(rule: Rule, state: str | None) -> None:
    written = feed(rule, state)
    assert theirs(written) == ours(rule, state), written.decode()


@given(rules_with_deviations())
@SOME
def test_a_feed_has_the_dates_of_its_rule(drawn: tuple[Rule, str | None]) -> None:
    agree(*drawn)


@pytest.mark.proof
@given(rules_with_deviations())
@MANY
def test_a_feed_has_the_dates_of_its_rule_for_ten_thousand_rules(drawn: tuple[Rule, str | None]) -> None:
    agree(*drawn)
