"""Rules as the offers of a district have them, for sentences written by hand."""

from datetime import date, time
from typing import Any

from api.schedules.rules import Closure, Entry, OnHolidays, Rule

TODAY = date(2026, 12, 1)  # a Tuesday
EVEN = ",".join(map(str, range(2, 53, 2)))


def rule(recurrence: str, starts: int = 9, ends: int | None = 12, **more: Any) -> Rule:
    """Return a rule that has begun long ago, with full hours; 24 is midnight."""
    found = Rule(recurrence, date(2024, 1, 1), time(starts % 24), None if ends is None else time(ends % 24))
    return found._replace(**more)


TUESDAYS = rule("FREQ=MONTHLY;BYDAY=1TU,3TU", on_school_holidays=OnHolidays.CLOSED)
OFFICE = rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", starts=7, ends=16)._replace(
    starts=time(7, 15), ends=time(16, 30)
)
LAST_FRIDAY = rule("FREQ=MONTHLY;BYDAY=-1FR", 17, None)
FORTNIGHTLY = rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", 14, 16, first_date=date(2027, 3, 3))
SEASON = rule(
    "FREQ=WEEKLY;BYDAY=SA;BYMONTH=4,5,6,7,8,9,10",
    20,
    2,
    closures=(Closure(date(2024, 7, 15), date(2024, 8, 31), every_year=True),),
)
EVEN_WEEKS = rule(f"FREQ=YEARLY;BYWEEKNO={EVEN};BYDAY=TU", 10, 12, entry=Entry.WALK_IN)
