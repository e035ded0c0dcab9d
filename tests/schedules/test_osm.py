"""Timetables as OSM says them, and what that does not say; readers agree in test_against_opening_hours."""

from datetime import date, time
from typing import Any

import pytest
from opening_hours import OpeningHours

from api.schedules.rules import Change, Closure, Deviation, Entry, OnHolidays, Rule
from api.schedules.writing.osm import Lost, opening_hours

TODAY = date(2026, 11, 20)
TUESDAYS = Rule("FREQ=WEEKLY;BYDAY=TU", date(2026, 1, 6), time(9), time(12))


CLOSED = {"on_public_holidays": OnHolidays.CLOSED, "on_school_holidays": OnHolidays.CLOSED}
WINTER = Closure(date(2026, 12, 20), date(2027, 1, 6))


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({}, "Tu 09:00-12:00"),
        ({"recurrence": "FREQ=MONTHLY;BYDAY=1TU,-1FR"}, "Tu[1],Fr[-1] 09:00-12:00"),
        ({"recurrence": "FREQ=MONTHLY;BYMONTH=1,3"}, "Jan 06,Mar 06 09:00-12:00"),
        ({"recurrence": "FREQ=MONTHLY;BYMONTH=1,2;BYMONTHDAY=31"}, "Jan 31 09:00-12:00"),
        ({"recurrence": "FREQ=YEARLY;BYWEEKNO=2,4;BYDAY=TU"}, "week 02,04 Tu 09:00-12:00"),
        ({"recurrence": "FREQ=WEEKLY;BYDAY=TU;BYMONTH=6,7"}, "Jun,Jul: Tu 09:00-12:00"),
        ({"ends": None}, "Tu 09:00+"),
        ({"starts": time(22), "ends": time(0)}, "Tu 22:00-24:00"),
        ({"starts": time(22), "ends": time(2)}, "Tu 22:00-02:00"),
        ({"ends": time(9)}, "Tu 09:00-33:00"),
        (CLOSED, "Tu 09:00-12:00; PH off; SH off"),
        ({"closures": (WINTER,)}, "Tu 09:00-12:00; 2026 Dec 20-2027 Jan 06 off"),
        ({"closures": (WINTER._replace(every_year=True),)}, "Tu 09:00-12:00; Dec 20-Jan 06 off"),
    ],
)
def test_what_can_be_said_is_said(changes: dict[str, Any], value: str) -> None:
    assert opening_hours([TUESDAYS._replace(**changes)], TODAY) == (value, ())
    assert OpeningHours(value)


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"recurrence": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"}, Lost.INTERVAL),
        ({"recurrence": "FREQ=MONTHLY;BYMONTHDAY=-1"}, Lost.DAYS_FROM_END_OF_MONTH),
        ({"recurrence": "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR"}, Lost.WEEKDAYS_OF_MONTH_DAYS),
        ({"recurrence": "FREQ=YEARLY;BYDAY=20MO"}, Lost.WEEKDAYS_OF_YEAR),
        ({"recurrence": "FREQ=YEARLY;BYWEEKNO=2;BYDAY=SU;WKST=SU"}, Lost.WEEK_START),
        ({"recurrence": "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;BYMONTH=1"}, Lost.WEEKS_OF_MONTHS),
        ({"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, Lost.NEVER),
        ({"on_school_holidays": OnHolidays.ONLY}, Lost.ONLY_ON_HOLIDAYS),
    ],
)
def test_what_would_name_other_days_has_no_value(changes: dict[str, Any], lost: Lost) -> None:
    assert opening_hours([TUESDAYS._replace(**changes)], TODAY) == (None, (lost,))


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"first_date": date(2026, 12, 1)}, Lost.VALIDITY),
        ({"valid_until": date(2026, 12, 31)}, Lost.VALIDITY),
        ({"recurrence": "FREQ=WEEKLY;BYDAY=TU;COUNT=60"}, Lost.VALIDITY),
        ({"deviations": (Deviation(Change.CANCELLED, date(2026, 12, 8)),)}, Lost.DEVIATIONS),
        ({"entry": Entry.APPOINTMENT}, Lost.ENTRY),
        ({"note": "Bitte klingeln"}, Lost.NOTE),
    ],
)
def test_what_is_missing_in_a_value_is_named(changes: dict[str, Any], lost: Lost) -> None:
    assert opening_hours([TUESDAYS._replace(**changes)], TODAY) == ("Tu 09:00-12:00", (lost,))


def test_a_single_date_is_not_a_rule() -> None:
    said = opening_hours([TUESDAYS._replace(recurrence="")], TODAY)
    assert said == (None, (Lost.SINGLE_DATE, Lost.VALIDITY))


def test_holidays_are_those_of_all_lines_or_are_not_said() -> None:
    closed = TUESDAYS._replace(on_public_holidays=OnHolidays.CLOSED)
    friday = closed._replace(recurrence="FREQ=WEEKLY;BYDAY=FR", ends=time(14))
    assert opening_hours([closed, friday], TODAY).value == "Tu 09:00-12:00, Fr 09:00-14:00; PH off"
    assert opening_hours([TUESDAYS, friday], TODAY) == (None, (Lost.TERMS_DIFFER,))
    assert opening_hours([], TODAY) == (None, ())
