"""Holidays are those of the state, have German names, and end where nobody has said more."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from api.schedules.calendars import STATES, public_holidays, school_holidays, school_holidays_known_until


def where(day: date, name: str) -> set[str]:
    return {state for state in STATES if public_holidays(day.year, state).names.get(day) == name}


def test_allerheiligen_is_a_holiday_in_nrw_and_none_in_berlin() -> None:
    assert where(date(2026, 11, 1), "Allerheiligen") == {"BW", "BY", "NW", "RP", "SL"}


def test_busstag_is_a_holiday_in_saxony_alone() -> None:
    assert where(date(2026, 11, 18), "Buß- und Bettag") == {"SN"}


def test_reformation_was_a_holiday_everywhere_in_2017_only() -> None:
    assert where(date(2017, 10, 31), "Reformationstag") == set(STATES)
    assert where(date(2026, 10, 31), "Reformationstag") == {
        "BB",
        "HB",
        "HH",
        "MV",
        "NI",
        "SH",
        "SN",
        "ST",
        "TH",
    }


def test_berlin_has_days_of_its_own() -> None:
    assert where(date(2026, 3, 8), "Frauentag") == {"BE", "MV"}
    assert len(where(date(2025, 5, 8), public_holidays(2025, "BE").names[date(2025, 5, 8)])) == 1
    assert where(date(2028, 6, 17), "75. Jahrestag des Aufstandes vom 17. Juni 1953") == {"BE"}


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 8, 15), "BY"),  # Mariä Himmelfahrt, in Catholic communities
        (date(2026, 8, 8), "BY"),  # Friedensfest, in Augsburg
        (date(2026, 6, 4), "TH"),  # Fronleichnam, in Catholic communities
    ],
)
def test_days_of_parts_of_a_state_are_not_known(day: date, state: str) -> None:
    assert day not in public_holidays(day.year, state).names


def test_where_the_state_is_unknown_only_holidays_of_all_are_known() -> None:
    names = set(public_holidays(2026, None).names.values())
    assert {"Neujahr", "Tag der Deutschen Einheit"} <= names
    assert not {"Allerheiligen", "Fronleichnam", "Reformationstag"} & names
    assert not school_holidays(2026, None).is_known.any()


def test_two_holidays_on_one_day_are_both_named() -> None:
    assert public_holidays(2008, "NW").names[date(2008, 5, 1)] == "Christi Himmelfahrt; Erster Mai"


@pytest.mark.parametrize(("state", "last"), [("NW", date(2029, 8, 14)), ("BE", date(2029, 8, 11))])
def test_school_holidays_are_known_until_summer_2029(state: str, last: date) -> None:
    assert school_holidays_known_until(state) == last
    found = school_holidays(2029, state)
    row = last.timetuple().tm_yday - 1
    assert found.names[last] == "Sommerferien"
    assert found.is_known[row]
    assert not found.is_known[row + 1 :].any()
    assert not school_holidays(2030, state).is_known.any()


@pytest.mark.parametrize("state", sorted(STATES))
def test_no_school_holidays_are_missing_before_the_last_known(state: str) -> None:
    last = school_holidays_known_until(state)
    assert last
    assert (last.month, last.day) > (7, 1)
    days = [day for year in range(2020, last.year + 1) for day in sorted(school_holidays(year, state).names)]
    gaps = [later - earlier for earlier, later in pairwise(days)]
    assert max(gaps) < timedelta(120)


def test_christmas_holidays_run_over_new_year() -> None:
    for day in (date(2026, 12, 31), date(2027, 1, 1)):
        assert school_holidays(day.year, "NW").names[day] == "Weihnachtsferien"


@pytest.mark.parametrize("state", ["XX", "be", "Augsburg", ""])
def test_a_state_that_is_none_is_named(state: str) -> None:
    for calendar in (public_holidays, school_holidays):
        with pytest.raises(ValueError, match=f"'{state}' is none of Germany's states: BB, BE"):
            calendar(2026, state)
