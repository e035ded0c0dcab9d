"""Hours as search engines read them: the days of the timetable and no others."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import given, settings

from api.schedules.rules import OnHolidays, Rule
from api.schedules.timetable import Timetable
from tests.factories import somewhere
from tests.schedules.feeds import rules_with_deviations
from tests.schedules.strategies import ZONE
from web.structured_hours import hours_of

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@given(made=rules_with_deviations())
@settings(max_examples=150, deadline=None)
def test_hours_name_the_days_of_the_timetable_and_no_others(made: tuple[Rule, str | None]) -> None:
    rule, state = made
    region = somewhere(state or "BE")
    today = date(2026, 9, 1)
    end = today + timedelta(365)
    begins = datetime.combine(today, time(), ZoneInfo(ZONE))
    certain, possible = (
        {
            one.starts.date()
            for one in Timetable((rule,), ZONE, region.state).between(begins, begins + timedelta(366))
            if one.starts >= begins and one.starts.date() <= end and (one.certain or is_all)
        }
        for is_all in (False, True)
    )
    found = hours_of([rule], region, today)
    said = {day for part in (*found.weekly, *found.dates) for day in expanded(part, today, end)}
    said -= {day for part in found.weekly for day in closed_on(part, region.state, today, end)}
    assert said <= possible
    is_complete = all("eventSchedule" in part for part in found.dates) or len(found.dates) < 10
    if is_complete:
        assert said >= certain


def expanded(part: dict[str, Any], today: date, end: date) -> Iterator[date]:
    """Return the days that a part names, as dateutil reads it."""
    if part.get("@type") == "OpeningHoursSpecification":
        names = [day.rpartition("/")[2] for day in part["dayOfWeek"]]
        first = date.fromisoformat(part.get("validFrom", today.isoformat()))
        last = date.fromisoformat(part.get("validThrough", end.isoformat()))
        for number in range(first.toordinal(), min(last, end).toordinal() + 1):
            if DAYS[date.fromordinal(number).weekday()] in names:
                yield date.fromordinal(number)
        return
    if "eventSchedule" not in part:
        yield date.fromisoformat(part["startDate"][:10])
        return
    schedule = part["eventSchedule"]
    said = re.fullmatch(r"P(\d+)([WMY])", schedule["repeatFrequency"])
    assert said
    text = f"FREQ={ {'W': 'WEEKLY', 'M': 'MONTHLY', 'Y': 'YEARLY'}[said[2]] };INTERVAL={said[1]}"
    days = [day.rpartition("/")[2] for day in schedule.get("byDay", [])]
    text += f";BYDAY={','.join(day[:2].upper() if day in DAYS else day for day in days)}" if days else ""
    for name, key in (("BYMONTHDAY", "byMonthDay"), ("BYMONTH", "byMonth")):
        text += f";{name}={','.join(map(str, schedule[key]))}" if key in schedule else ""
    start = datetime.combine(date.fromisoformat(schedule["startDate"]), time())
    last = min(date.fromisoformat(schedule.get("endDate", end.isoformat())), end)
    left_out = {date.fromisoformat(day) for day in schedule.get("exceptDate", [])}
    until = datetime.combine(last, time())
    for moment in rrulestr(text, dtstart=start).between(start, until, inc=True):
        if moment.date() not in left_out:
            yield moment.date()


def closed_on(part: dict[str, Any], state: str, today: date, end: date) -> Iterator[date]:
    """Return the public holidays, if a part says that nothing is open then."""
    if "https://schema.org/PublicHolidays" not in part["dayOfWeek"]:
        return
    ask = Timetable(
        (
            Rule(
                "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
                today,
                time(9),
                time(10),
                on_public_holidays=OnHolidays.ONLY,
            ),
        ),
        ZONE,
        state,
    )
    begins = datetime.combine(today, time(), ZoneInfo(ZONE))
    for one in ask.between(begins, begins + timedelta(366)):
        yield one.starts.date()
