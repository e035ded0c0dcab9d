"""What takes place when it is wanted: found and counted in memory as the database says, and as it is."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.offers.models import OfferAtPlace
from api.offers.schemas import OfferFilter
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.agenda import CHOICES
from api.schedules.rules import OnHolidays, Rule
from api.schedules.schemas import ScheduleIn
from tests.factories import act, make_offer, make_place
from tests.offers import worlds
from tests.offers.worlds import World
from tests.search.building import build, names, search
from tests.search.counted import check_counted, wishes

BERLIN = ZoneInfo("Europe/Berlin")
# Wednesday in the autumn holidays of Berlin, ten days before the clocks change.
NOW = datetime(2026, 10, 21, 14, 30, tzinfo=BERLIN)
START = date(2026, 1, 5)


def weekly(days: str, starts: int, ends: int | None, **more: Any) -> Rule:
    return Rule(
        f"FREQ=WEEKLY;BYDAY={days}", START, time(starts), time(ends) if ends is not None else None, **more
    )


RULES = [
    weekly("MO,TU,WE,TH,FR", 9, 16),
    weekly("WE", 14, None),
    weekly("WE", 10, 12),
    weekly("WE", 12, 18, on_school_holidays=OnHolidays.CLOSED),
    weekly("FR,SA", 20, 2),
    weekly("SU", 11, 13),
    weekly("TU", 16, 18),
    weekly("MO", 8, 10, valid_until=date(2026, 10, 20)),
    Rule("FREQ=MONTHLY;BYDAY=1TU,3TU", START, time(18), time(20)),
    Rule("", date(2026, 12, 24), time(10), time(12)),
]
Times = st.sampled_from([*CHOICES, "2026-12-24", "2026-10-27", "2020-01-01"])


@pytest.fixture(autouse=True)
def _at_a_fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW.astimezone(UTC))


@st.composite
def timed(draw: st.DrawFn) -> tuple[World, list[list[list[Rule]]]]:
    """A world, and for each offer the hours wherever it is and those at each of its places."""
    world = draw(worlds.worlds())
    lines = st.lists(st.sampled_from(RULES), max_size=2, unique=True)
    return world, [[draw(lines) for _ in range(1 + len(at))] for at in world.at]


@st.composite
def timely(draw: st.DrawFn) -> OfferFilter:
    """A question that says when."""
    asked = draw(st.one_of(st.just(OfferFilter()), wishes()))
    return asked.model_copy(update={"when": draw(st.one_of(st.none(), Times, Times))})


def settle(session: Session, region: Region, world: World, hours: list[list[list[Rule]]]) -> None:
    worlds.settle(session, region, world)
    for offer_id, (anywhere, *at_places), places in zip(world.ids, hours, world.at, strict=True):
        write(session, region, offer_id, None, anywhere)
        for number, rules in zip(places, at_places, strict=True):
            found = session.scalars(
                select(col(OfferAtPlace.id)).where(
                    col(OfferAtPlace.offer_id) == offer_id,
                    col(OfferAtPlace.place_id) == world.place_ids[number],
                )
            ).one()
            write(session, region, offer_id, found, rules)


def write(session: Session, region: Region, offer_id: int, at: int | None, rules: list[Rule]) -> None:
    schedules.write(session, act(region), offer_id, at, [ScheduleIn.of(rule) for rule in rules])


def takes_place(region: Region, rules: list[Rule], when: str) -> bool:
    """Look at the dates one by one."""
    midnight = NOW.replace(hour=0, minute=0)
    today = NOW.date()
    ahead = schedules.timetable(region, rules).between(midnight, midnight + timedelta(days=15))
    coming = [one for one in ahead if (one.ends or one.starts + timedelta(minutes=1)) > NOW]
    if when == "now":
        return any(one.ends is not None and one.starts <= NOW < one.ends for one in coming)
    if when == "today":
        return any(one.starts.date() <= today for one in coming)
    if when == "week":
        return any(one.starts.date() <= date(2026, 10, 27) for one in coming)
    if when == "weekend":
        return any(one.starts.weekday() >= 5 for one in coming)
    if when == "evening":
        late = [
            one.starts.time() >= time(17)
            or (
                one.ends is not None
                and (one.ends.date() > one.starts.date() or one.ends.time() >= time(17, 30))
            )
            for one in coming
        ]
        return any(late)
    day = datetime.combine(date.fromisoformat(when), time(), BERLIN)
    return bool(schedules.timetable(region, rules).between(day, day + timedelta(days=1)))


@pytest.fixture(autouse=True)
def _ground(session: Session, region: Region) -> None:
    worlds.ground(session, region)


@worlds.modest
@given(made=timed(), asked=st.lists(timely(), min_size=5, max_size=5))
def test_what_takes_place_is_found_and_counted_as_the_database_says(
    session: Session,
    region: Region,
    tmp_path: Path,
    made: tuple[World, list[list[list[Rule]]]],
    asked: list[OfferFilter],
) -> None:
    with session.begin_nested() as savepoint:
        settle(session, region, *made)
        shelf = build(session, region, tmp_path)
        check_counted(session, region, shelf, asked)
        savepoint.rollback()


@worlds.modest
@given(made=timed(), when=Times)
def test_what_takes_place_is_what_the_dates_say(
    session: Session, region: Region, tmp_path: Path, made: tuple[World, list[list[list[Rule]]]], when: str
) -> None:
    with session.begin_nested() as savepoint:
        world, hours = made
        settle(session, region, world, hours)
        shelf = build(session, region, tmp_path)
        results = search(session, region, shelf, asked=OfferFilter(when=when))
        expected = {
            offer_id
            for offer_id, values, timetables in zip(world.ids, world.offers, hours, strict=True)
            if values["status"] == "published"
            and any(takes_place(region, rules, when) for rules in timetables)
        }
        assert {found.offer.id for found in results.results} == expected
        savepoint.rollback()


@worlds.modest
@given(made=timed(), asked=timely())
def test_every_count_of_a_time_is_what_choosing_it_gives(
    session: Session,
    region: Region,
    tmp_path: Path,
    made: tuple[World, list[list[list[Rule]]]],
    asked: OfferFilter,
) -> None:
    with session.begin_nested() as savepoint:
        settle(session, region, *made)
        shelf = build(session, region, tmp_path)
        counts = search(session, region, shelf, asked=asked).facets.when
        for when in CHOICES:
            chosen = asked.model_copy(update={"when": when})
            assert search(session, region, shelf, asked=chosen).total == counts.get(when, 0)
        savepoint.rollback()


def test_open_here_means_open_at_this_place(session: Session, region: Region, tmp_path: Path) -> None:
    """An offer here that is open only there is no answer to "here, now"."""
    here, there = (make_place(session, region, 13.0 + x / 100, 52.005) for x in (0.5, 3.5))
    offer = make_offer(session, region, [here, there], name="Beratung")
    at = session.scalars(select(OfferAtPlace).order_by(col(OfferAtPlace.place_id))).all()
    write(session, region, offer.id, at[0].id, [weekly("MO", 9, 10)])
    write(session, region, offer.id, at[1].id, [weekly("WE", 14, 16)])
    shelf = build(session, region, tmp_path)
    assert names(search(session, region, shelf, asked=OfferFilter(when="now"))) == ["Beratung"]
    assert names(search(session, region, shelf, asked=OfferFilter(when="now", space=["lor:21"]))) == [
        "Beratung"
    ]
    assert names(search(session, region, shelf, asked=OfferFilter(when="now", space=["lor:11"]))) == []
    results = search(session, region, shelf, asked=OfferFilter(when="now"))
    assert results.facets.points == 1
    assert [place.matches for place in results.results[0].offer.places] == [True, False]


def test_hours_of_hidden_and_unknown_places_say_nothing_about_where(
    session: Session, region: Region, tmp_path: Path
) -> None:
    hidden = make_place(session, region, 13.005, 52.005, address_hidden=True)
    offer = make_offer(session, region, [hidden], name="Schutzwohnung")
    at = session.scalars(select(OfferAtPlace)).one()
    write(session, region, offer.id, at.id, [weekly("WE", 14, 16)])
    shelf = build(session, region, tmp_path)
    for space in ("lor:11", "lor:21"):
        asked = OfferFilter(when="now", space=[space])
        assert names(search(session, region, shelf, asked=asked)) == ["Schutzwohnung"]
    assert search(session, region, shelf, asked=OfferFilter(when="now")).facets.points == 0


@pytest.mark.parametrize("said", ["tomorrow", "2026-13-01", "2026-02-30", "1900-01-01", "now,today"])
def test_a_time_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(ValidationError, match="when"):
        OfferFilter(when=said)
