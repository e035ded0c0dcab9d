"""What can be chosen in the form: values of the address, and what they mean to a rule."""

from typing import Final

from api.schedules.recurrence import WEEKDAYS
from api.schedules.rules import Change, Entry, OnHolidays

DAYS: Final = dict(zip(("mo", "di", "mi", "do", "fr", "sa", "so"), WEEKDAYS, strict=True))
EVERY: Final = {"woche": 1, "2-wochen": 2, "3-wochen": 3, "4-wochen": 4}  # weeks from one to the next
# A year has 53 weeks now and then; the next one begins with week 1 all the same.
WEEKS: Final = {"gerade": range(2, 53, 2), "ungerade": range(1, 54, 2)}
NTH_WEEKDAY, MONTH_DAY, ONCE = "monat-woche", "monat-tag", "einmal"
RHYTHMS: Final = (*EVERY, *WEEKS, NTH_WEEKDAY, MONTH_DAY, ONCE)
NTH: Final = ("1", "2", "3", "4", "5", "-1")
HOLIDAYS: Final = {"zu": OnHolidays.CLOSED, "offen": OnHolidays.OPEN, "nur": OnHolidays.ONLY}
ENTRIES: Final = {"unbekannt": Entry.UNKNOWN, "ohne": Entry.WALK_IN, "mit": Entry.APPOINTMENT}
CHANGES: Final = {"faellt-aus": Change.CANCELLED, "verlegt": Change.MOVED, "zusaetzlich": Change.EXTRA}
MONTHS: Final = tuple(map(str, range(1, 13)))
