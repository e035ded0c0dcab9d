"""Rules as HSDS schedules: they fit its schema, and what they do not say is named."""

from datetime import date, time
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings

from api.schedules.recurrence import read
from api.schedules.rules import Change, Closure, Deviation, Entry, OnHolidays, Rule
from api.schedules.timetable import Timetable
from api.schedules.writing.hsds import Lost, schedule
from tests.schedules.feeds import BEGIN, END
from tests.schedules.hsds import SCHEDULE
from tests.schedules.strategies import rules

ID = UUID("48102e86-bb50-41c4-8f1e-e269368c41d1")
ZONE = "Europe/Berlin"
TODAY = date(2026, 11, 20)
TUESDAYS = Rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", date(2026, 1, 6), time(9), time(12), note="Bitte klingeln")


def as_rrule(fields: dict[str, Any]) -> str:
    """The recurrence that HSDS means: its weeks of the year are those of a yearly one in RFC 5545."""
    names = ("interval", "byday", "bymonthday", "byweekno", "wkst")
    parts = [f"{name.upper()}={fields[name]}" for name in names if name in fields]
    if "until" in fields:
        parts.append(f"UNTIL={fields['until'].replace('-', '')}")
    return ";".join([f"FREQ={'YEARLY' if 'byweekno' in fields else fields['freq']}", *parts])


def test_a_schedule_has_the_fields_of_the_rule() -> None:
    assert schedule(ID, TUESDAYS, ZONE, TODAY) == (
        {
            "id": str(ID),
            "dtstart": "2026-01-06",
            "timezone": 1.0,
            "freq": "WEEKLY",
            "interval": 2,
            "byday": "TU",
            "description": "Every 2 weeks on Tuesday, 9:00–12:00, from 6 January 2026",
            "opens_at": "09:00+01:00",
            "closes_at": "12:00+01:00",
            "notes": "Bitte klingeln",
        },
        (Lost.CLOCK_CHANGES,),
    )


def test_in_summer_the_offset_is_that_of_summer() -> None:
    fields, _ = schedule(ID, TUESDAYS, ZONE, date(2026, 7, 1))
    assert (fields["timezone"], fields["opens_at"]) == (2.0, "09:00+02:00")
    fields, lost = schedule(ID, TUESDAYS, "America/St_Johns", TODAY)
    assert (fields["timezone"], fields["opens_at"], lost) == (-3.5, "09:00-03:30", (Lost.CLOCK_CHANGES,))
    assert schedule(ID, TUESDAYS, "UTC", TODAY).lost == ()


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"recurrence": "FREQ=YEARLY"}, Lost.MONTHS),
        ({"recurrence": "FREQ=YEARLY;BYDAY=20MO"}, Lost.YEARLY),
        ({"recurrence": "FREQ=WEEKLY;BYMONTH=6"}, Lost.MONTHS),
        ({"on_public_holidays": OnHolidays.CLOSED}, Lost.PUBLIC_HOLIDAYS),
        ({"on_school_holidays": OnHolidays.ONLY}, Lost.SCHOOL_HOLIDAYS),
        ({"closures": (Closure(date(2026, 12, 20), date(2027, 1, 6)),)}, Lost.CLOSURES),
        ({"deviations": (Deviation(Change.CANCELLED, date(2026, 12, 8)),)}, Lost.DEVIATIONS),
        ({"ends": time(8)}, Lost.NEXT_DAY),
    ],
)
def test_what_it_does_not_say_is_named(changes: dict[str, Any], lost: Lost) -> None:
    said = schedule(ID, TUESDAYS._replace(**changes), "UTC", TODAY)
    assert said.lost == (lost,)
    assert ("freq" in said.schedule) == (lost not in {Lost.MONTHS, Lost.YEARLY})


def test_entry_and_validity_and_a_single_date_are_said() -> None:
    once = Rule("", date(2026, 12, 1), time(9), None, valid_until=date(2026, 12, 31), entry=Entry.APPOINTMENT)
    fields, lost = schedule(ID, once, "UTC", TODAY)
    assert lost == ()
    assert fields["attending_type"] == "by appointment"
    assert (fields["valid_to"], fields["until"], fields["byday"]) == ("2026-12-31", "2026-12-01", "TU")
    assert "closes_at" not in fields


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules())
def test_the_fields_name_the_days_of_the_rule(rule: Rule) -> None:
    fields, _ = schedule(ID, rule, ZONE, TODAY)
    if "freq" in fields:
        read(as_rrule(fields))
        plain = rule._replace(
            on_public_holidays=OnHolidays.OPEN, on_school_holidays=OnHolidays.OPEN, closures=()
        )
        again = plain._replace(recurrence=as_rrule(fields), first_date=date.fromisoformat(fields["dtstart"]))
        first, second = (Timetable((one,), ZONE).between(BEGIN, END) for one in (plain, again))
        assert first == second


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules())
def test_a_schedule_fits_the_schema(rule: Rule) -> None:
    jsonschema_rs.validate(SCHEDULE, schedule(ID, rule, ZONE, TODAY).schedule, validate_formats=True)
