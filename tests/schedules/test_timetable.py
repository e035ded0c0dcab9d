"""What takes place when, what is open now and until when, what comes next, and what was left out and why."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schedules.dates import Why
from api.schedules.rules import Closure, OnHolidays, Rule
from api.schedules.spans import spans
from api.schedules.timetable import LeftOut, State, Timetable
from tests.schedules.strategies import SINCE, UNTIL, ZONE, timetables

BERLIN = ZoneInfo(ZONE)
EVERY_DAY = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
MONDAYS = Rule("FREQ=WEEKLY;BYDAY=MO", date(2026, 1, 5), time(9), time(12))


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), BERLIN)


def table(*rules: Rule, state: str | None = "NW") -> Timetable:
    return Timetable(rules, ZONE, state)


def days(timetable: Timetable, first: date, last: date) -> list[str]:
    return [str(one.on) for one in timetable.between(at(first), at(last + timedelta(1)))]


def test_is_closed_on_allerheiligen_in_nrw_and_open_in_berlin() -> None:
    rule = Rule(EVERY_DAY, date(2026, 1, 1), time(9), time(12), on_public_holidays=OnHolidays.CLOSED)
    window = date(2026, 10, 31), date(2026, 11, 2)
    assert days(table(rule), *window) == ["2026-10-31", "2026-11-02"]
    assert days(table(rule, state="BE"), *window) == ["2026-10-31", "2026-11-01", "2026-11-02"]
    assert table(rule).left_out(*window) == [
        LeftOut(date(2026, 11, 1), 0, Why.PUBLIC_HOLIDAY, "Allerheiligen")
    ]


def test_is_closed_on_busstag_in_saxony_alone() -> None:
    rule = Rule("FREQ=WEEKLY;BYDAY=WE", date(2026, 1, 1), time(9), None, on_public_holidays=OnHolidays.CLOSED)
    day = date(2026, 11, 18)
    assert [state for state in ("BE", "NW", "SN") if not days(table(rule, state=state), day, day)] == ["SN"]


def test_can_take_place_on_holidays_only() -> None:
    rule = Rule(EVERY_DAY, date(2026, 1, 1), time(9), time(12), on_public_holidays=OnHolidays.ONLY)
    assert days(table(rule), date(2026, 12, 1), date(2026, 12, 31)) == ["2026-12-25", "2026-12-26"]
    assert table(rule).left_out(date(2026, 12, 1), date(2026, 12, 31)) == []


def test_two_policies_are_two_sieves() -> None:
    rule = Rule(
        EVERY_DAY,
        date(2026, 1, 1),
        time(9),
        time(12),
        on_public_holidays=OnHolidays.CLOSED,
        on_school_holidays=OnHolidays.ONLY,
    )
    assert days(table(rule), date(2026, 12, 22), date(2026, 12, 28)) == [
        f"2026-12-{day}" for day in (23, 24, 27, 28)
    ]


def test_names_the_school_holidays_in_which_it_is_closed() -> None:
    rule = MONDAYS._replace(on_school_holidays=OnHolidays.CLOSED)
    assert table(rule).left_out(date(2026, 10, 1), date(2026, 10, 31)) == [
        LeftOut(date(2026, 10, day), 0, Why.SCHOOL_HOLIDAYS, "Herbstferien") for day in (19, 26)
    ]


@pytest.mark.parametrize("policy", [OnHolidays.CLOSED, OnHolidays.ONLY])
def test_says_that_school_holidays_are_not_known_yet(policy: OnHolidays) -> None:
    rule = MONDAYS._replace(on_school_holidays=policy)
    found = table(rule).between(at(date(2029, 8, 15)), at(date(2029, 9, 1)))
    assert [(str(one.on), one.certain) for one in found] == [("2029-08-20", False), ("2029-08-27", False)]
    assert table(rule).status(at(date(2029, 8, 20), 10)) == (State.OPEN, at(date(2029, 8, 20), 12), False)
    in_summer = table(rule).between(at(date(2029, 7, 25)), at(date(2029, 8, 14)))
    assert all(one.certain for one in in_summer)
    assert bool(in_summer) == (policy == OnHolidays.ONLY)


def test_without_a_state_all_depends_on_school_holidays() -> None:
    rule = MONDAYS._replace(on_school_holidays=OnHolidays.CLOSED)
    assert not any(one.certain for one in table(rule, state=None).after(at(date(2026, 9, 1)), 3))


def test_a_schedule_that_ended_yesterday_has_no_next_date() -> None:
    today = date(2026, 9, 15)
    for rule in (
        Rule(EVERY_DAY, date(2026, 1, 1), time(9), time(12), valid_until=today - timedelta(1)),
        Rule(f"{EVERY_DAY};UNTIL=20260914", date(2026, 1, 1), time(9), time(12)),
        Rule("", today - timedelta(1), time(9), time(12)),
    ):
        assert table(rule).after(at(today)) == []
        assert table(rule).status(at(today, 10)) == (State.CLOSED, None, True)
        assert table(rule).status(at(today - timedelta(1), 10)).state == State.OPEN


def test_a_rule_that_never_happens_is_given_up() -> None:
    never = [
        Rule(
            "FREQ=MONTHLY;BYDAY=5FR;BYMONTH=2", date(2027, 2, 1), time(9), None, valid_until=date(2027, 2, 28)
        ),
        Rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", date(2026, 1, 1), time(9), None),
        Rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", date(2026, 1, 1), time(9), None),
    ]
    assert table(*never).after(at(date(2026, 1, 1))) == []
    assert table().after(at(date(2026, 1, 1))) == []


def test_finds_leap_days_of_a_weekday_after_28_years() -> None:
    rule = Rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=TU", date(2028, 2, 29), time(9), None)
    assert [one.on for one in table(rule).after(at(date(2028, 3, 1)))] == [date(2056, 2, 29)]


def test_hours_that_touch_are_one() -> None:
    morning, noon = MONDAYS, MONDAYS._replace(starts=time(12), ends=time(14))
    monday = date(2026, 9, 14)
    both = table(morning, noon)
    assert both.status(at(monday, 10)) == (State.OPEN, at(monday, 14), True)
    assert both.status(at(monday, 14)) == (State.CLOSED, at(monday + timedelta(7), 9), True)
    assert both.status(at(monday, 8)) == (State.CLOSED, at(monday, 9), True)


def test_knows_that_it_is_open_after_midnight() -> None:
    night = MONDAYS._replace(starts=time(22), ends=time(2))
    tuesday = date(2026, 9, 15)
    assert table(night).status(at(tuesday, 1)) == (State.OPEN, at(tuesday, 2), True)
    running = table(night).between(at(tuesday, 1), at(tuesday, 1, 30))
    assert [(one.on, one.ends) for one in running] == [(date(2026, 9, 14), at(tuesday, 2))]
    assert table(night).between(at(tuesday, 2), at(tuesday, 23)) == []


def test_what_ends_at_midnight_is_not_of_the_next_day() -> None:
    monday, tuesday = date(2026, 9, 14), date(2026, 9, 15)
    for evening in (
        MONDAYS._replace(starts=time(20), ends=time()),
        MONDAYS._replace(starts=time(20), ends=None),
    ):
        assert len(spans([table(evening)], monday, monday).rows) == 1
        assert len(spans([table(evening)], tuesday, tuesday).rows) == 0
    night = MONDAYS._replace(starts=time(20), ends=time(0, 1))
    assert len(spans([table(night)], tuesday, tuesday).rows) == 1


def test_what_never_closes_has_no_closing_time() -> None:
    always = Rule(EVERY_DAY, date(2026, 1, 1), time(), time())
    assert table(always).status(at(date(2026, 9, 15), 3)) == (State.OPEN, None, True)


def test_an_open_end_is_unknown_and_not_closed() -> None:
    evening = MONDAYS._replace(starts=time(18), ends=None)
    monday = date(2026, 9, 14)
    following = at(monday + timedelta(7), 18)
    assert table(evening).status(at(monday, 19)) == (State.UNKNOWN, following, True)
    assert table(evening).status(at(monday + timedelta(1), 0)) == (State.CLOSED, following, True)
    assert table(MONDAYS._replace(ends=time(19)), evening).status(at(monday, 10)) == (State.OPEN, None, True)
    assert table(evening).after(at(monday))[0].ends is None


def test_a_rule_is_valid_for_some_time() -> None:
    rule = MONDAYS._replace(valid_from=date(2026, 9, 8), valid_until=date(2026, 9, 21))
    assert days(table(rule), date(2026, 9, 1), date(2026, 9, 30)) == ["2026-09-14", "2026-09-21"]


def test_closures_can_come_every_year_and_run_over_new_year() -> None:
    closure = Closure(date(2020, 12, 24), date(2021, 1, 6), every_year=True, note="Weihnachtspause")
    rule = MONDAYS._replace(closures=(closure,))
    window = date(2026, 12, 14), date(2027, 1, 15)
    assert days(table(rule), *window) == ["2026-12-14", "2026-12-21", "2027-01-11"]
    assert table(rule).left_out(*window) == [
        LeftOut(day, 0, Why.CLOSURE, "Weihnachtspause") for day in (date(2026, 12, 28), date(2027, 1, 4))
    ]


def test_closures_of_one_year_leave_the_others_alone() -> None:
    closure = Closure(date(2026, 12, 24), date(2027, 1, 6))
    rule = MONDAYS._replace(closures=(closure,))
    assert days(table(rule), date(2027, 12, 27), date(2028, 1, 3)) == ["2027-12-27", "2028-01-03"]


@pytest.mark.parametrize(("year", "expected"), [(2027, ["02-28"]), (2028, ["02-28"])])
def test_closures_from_a_leap_day_on_need_no_leap_year(year: int, expected: list[str]) -> None:
    closure = Closure(date(2028, 2, 29), date(2028, 3, 2), every_year=True)
    rule = Rule(EVERY_DAY, date(2026, 1, 1), time(9), time(12), closures=(closure,))
    found = days(table(rule), date(year, 2, 28), date(year, 3, 2))
    assert [day[5:] for day in found] == expected


def test_twelve_next_dates_can_be_asked_for() -> None:
    found = table(MONDAYS).after(at(date(2026, 9, 14), 9), 12)
    assert [one.on for one in found] == [date(2026, 9, 14) + timedelta(7 * week) for week in range(1, 13)]


EXAMPLES = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
moments = st.datetimes(
    datetime.combine(SINCE, time()), datetime.combine(UNTIL, time()), timezones=st.just(BERLIN)
)


@given(timetables(), moments)
@EXAMPLES
def test_what_comes_next_is_what_takes_place_then(timetable: Timetable, moment: datetime) -> None:
    following = timetable.after(moment, 4)
    horizon = moment + timedelta(120)
    found = [one for one in timetable.between(moment, horizon) if one.starts.timestamp() > moment.timestamp()]
    assert [one for one in following if one.starts < horizon] == found[:4]


@given(timetables(), moments)
@EXAMPLES
def test_status_stays_until_it_says(timetable: Timetable, moment: datetime) -> None:
    status = timetable.status(moment)
    running = timetable.between(moment, moment + timedelta(microseconds=1))
    assert (status.state == State.OPEN) == any(one.ends for one in running)
    if status.until:
        assert status.until.timestamp() > moment.timestamp()
        assert timetable.status(status.until - timedelta(seconds=1)).state != State.OPEN or (
            status.state == State.OPEN
        )
        if status.state == State.OPEN:
            assert timetable.status(status.until).state != State.OPEN


@given(st.lists(timetables(), max_size=5), st.dates(SINCE, UNTIL))
@EXAMPLES
def test_columns_say_what_timetables_say(many: list[Timetable], first: date) -> None:
    last = first + timedelta(60)
    found = spans(many, first, last)
    rows = zip(*(column.tolist() for column in found[:4]), found.is_certain.tolist(), strict=True)
    expected = [
        (
            row,
            one.rule,
            int(one.starts.timestamp()) // 60,
            int((one.ends or one.starts).timestamp()) // 60,
            one.certain,
        )
        for row, timetable in enumerate(many)
        for one in timetable.between(at(first), at(last + timedelta(1)))
    ]
    assert sorted(rows) == sorted(expected)
    assert list(found.rows) == sorted(found.rows)
