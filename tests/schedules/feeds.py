"""Feeds of generated rules with deviations, and their dates as readers show them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from api.schedules.rules import Change, Deviation, Rule
from api.schedules.timetable import Occurrence, Timetable
from api.schedules.writing import ical
from api.schedules.writing.events import Clock, Entry, Spot, Window
from tests.schedules.strategies import SINCE, UNTIL, ZONE, rules

WINDOW = Window(SINCE, UNTIL, datetime.combine(SINCE, time(), UTC))
USUAL = "Familienzentrum"
SPOTS = {place: Spot(f"Ort {place}") for place in (1, 2)}


class Seen(NamedTuple):
    """An event as readers show it: minutes since 1970, UTC."""

    starts: int
    ends: int
    place: str
    is_certain: bool


@st.composite
def deviations(draw: st.DrawFn, on: st.SearchStrategy[date]) -> Deviation:
    change = draw(st.sampled_from(Change))
    if change == Change.CANCELLED:
        return Deviation(change, draw(on))
    clock = st.none() | st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
    place = draw(st.none() | st.sampled_from([1, 2]))
    to = draw(on) if change == Change.MOVED and draw(st.booleans()) else None
    return Deviation(change, draw(on), to, draw(clock), draw(clock), place)


@st.composite
def rules_with_deviations(draw: st.DrawFn) -> tuple[Rule, str | None]:
    """A rule, some of whose dates differ, and a federal state."""
    rule, state = draw(rules()), draw(st.sampled_from(["NW", "BE", "SN", "BY", None]))
    dates = [one.on for one in occurrences(rule, state)]
    on = st.dates(SINCE - timedelta(30), UNTIL + timedelta(30))
    if dates:
        on = st.sampled_from(dates) | st.sampled_from(dates) | on
    return rule._replace(deviations=tuple(draw(st.lists(deviations(on), max_size=4)))), state


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(ZONE))


BEGIN, END = midnight(SINCE), midnight(UNTIL + timedelta(1))


def occurrences(rule: Rule, state: str | None) -> list[Occurrence]:
    return [one for one in Timetable((rule,), ZONE, state).between(BEGIN, END) if one.starts >= BEGIN]


def minute(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp()) // 60


def feed(rule: Rule, state: str | None) -> bytes:
    entry = Entry("12", "example.org", rule, "Sprechstunde", spot=Spot(USUAL))
    return ical.write("Termine", [entry], SPOTS, Clock(ZONE, state), WINDOW)


def ours(rule: Rule, state: str | None) -> list[Seen]:
    return sorted(
        Seen(
            minute(one.starts),
            minute(one.ends or one.starts),
            USUAL if one.place is None else f"Ort {one.place}",
            one.certain,
        )
        for one in occurrences(rule, state)
    )
