"""When something else is changed, dates are not worked out again: each change costs its own offer alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.core import clock
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.rules import Rule
from api.schedules.schemas import ScheduleIn
from api.schedules.timetable import Timetable
from api.search import opening
from tests.factories import act, make_offer
from tests.search.town import Change, Process, commit, offer_named

MANY = 60
MORNING = datetime(2026, 10, 21, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _early_on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)


def hours(name: str, starts: int) -> Change:
    """An offer is open every day from an hour on."""
    line = ScheduleIn.of(Rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", date(2026, 1, 1), time(starts), None))
    return lambda s, r: schedules.write(s, act(r), offer_named(s, name).id, None, [line])


def many_offers(session: Session, region: Region) -> None:
    for number in range(MANY):
        make_offer(session, region, name=f"Sprechstunde {number}")
        hours(f"Sprechstunde {number}", 9)(session, region)


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Rule, ...]]:
    """The rules of every timetable whose dates are worked out for a search."""
    found: list[tuple[Rule, ...]] = []

    def timetable(rules: Any, *where: Any) -> Timetable:
        found.append(tuple(rules))
        return Timetable(rules, *where)

    monkeypatch.setattr(opening, "Timetable", timetable)
    return found


def test_a_change_to_one_offer_works_out_that_offer_alone(
    town: Engine, start: Callable[[], Process], worked_out: list[tuple[Rule, ...]]
) -> None:
    commit(town, many_offers)
    process = start()
    assert len(process.finds(when="today")) == MANY
    assert len(worked_out) == MANY
    worked_out.clear()
    assert len(process.finds(when="week")) == MANY
    assert not worked_out, "another question needs no other dates"
    commit(town, hours("Sprechstunde 7", 15))
    assert len(process.finds(when="today")) == MANY
    assert [rules[0].starts for rules in worked_out] == [time(15)]
    worked_out.clear()
    commit(town, lambda s, r: make_offer(s, r, name="Ohne Zeiten"))
    assert len(process.finds(when="today")) == MANY
    assert not worked_out, "an offer without hours has none to work out"
