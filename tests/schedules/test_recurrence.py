"""What can be said is read; what cannot is refused, with the part and the reason."""

from datetime import date

import pytest

from api.schedules.recurrence import Frequency, NthWeekday, Problem, Recurrence, RecurrenceError, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,MO", {"weekdays": (NthWeekday(0), NthWeekday(1))}),
        ("freq=weekly;interval=2;wkst=su", {"interval": 2, "week_starts": 6}),
        ("FREQ=WEEKLY;UNTIL=20271231", {"until": date(2027, 12, 31)}),
        ("FREQ=WEEKLY;COUNT=10", {"how_often": 10}),
    ],
)
def test_reads_weeks(text: str, expected: dict[str, object]) -> None:
    assert read(text) == Recurrence(Frequency.WEEKLY)._replace(**expected)  # type: ignore[arg-type]


def test_reads_the_last_sunday_as_outlook_writes_it() -> None:
    assert read("FREQ=MONTHLY;BYDAY=-1SU").weekdays == (NthWeekday(6, -1),)


def test_monday_is_a_weekday_although_its_number_is_nothing() -> None:
    assert read("FREQ=WEEKLY;BYDAY=MO").weekdays == (NthWeekday(0),)


@pytest.mark.parametrize(
    ("text", "part", "problem"),
    [
        ("", "FREQ", Problem.MISSING),
        ("BYDAY=MO", "FREQ", Problem.MISSING),
        ("FREQ=DAILY", "FREQ", Problem.NOT_SUPPORTED),
        ("FREQ=HOURLY", "FREQ", Problem.NOT_SUPPORTED),
        ("FREQ=SOMETIMES", "FREQ", Problem.UNREADABLE),
        ("FREQ=WEEKLY;FREQ=MONTHLY", "FREQ", Problem.TWICE),
        ("FREQ=WEEKLY;BYDAY=MO;BYDAY=TU", "BYDAY", Problem.TWICE),
        ("FREQ=WEEKLY;INTERVAL=1,2", "INTERVAL", Problem.TWICE),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL", Problem.OUT_OF_RANGE),
        ("FREQ=WEEKLY;INTERVAL=-1", "INTERVAL", Problem.OUT_OF_RANGE),
        ("FREQ=WEEKLY;INTERVAL=100", "INTERVAL", Problem.OUT_OF_RANGE),
        ("FREQ=WEEKLY;INTERVAL=1_0", "", Problem.UNREADABLE),
        ("FREQ=WEEKLY;INTERVAL=٣", "", Problem.UNREADABLE),
        ("FREQ=WEEKLY;COUNT=0", "COUNT", Problem.OUT_OF_RANGE),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20271231", "COUNT", Problem.CONTRADICTION),
        ("FREQ=WEEKLY;UNTIL=20271231T235959Z", "UNTIL", Problem.NOT_SUPPORTED),
        ("FREQ=WEEKLY;UNTIL=20270229", "UNTIL", Problem.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY=", "BYDAY", Problem.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY=MI", "BYDAY", Problem.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY", Problem.CONTRADICTION),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY", Problem.CONTRADICTION),
        ("FREQ=WEEKLY;BYWEEKNO=2;BYDAY=MO", "BYWEEKNO", Problem.CONTRADICTION),
        ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY", Problem.OUT_OF_RANGE),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY", Problem.UNREADABLE),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY", Problem.OUT_OF_RANGE),
        ("FREQ=MONTHLY;BYMONTHDAY=-32", "BYMONTHDAY", Problem.OUT_OF_RANGE),
        ("FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO", "BYSETPOS", Problem.NOT_SUPPORTED),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYDAY", Problem.MISSING),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO", "BYWEEKNO", Problem.OUT_OF_RANGE),
        ("FREQ=YEARLY;BYWEEKNO=54;BYDAY=MO", "BYWEEKNO", Problem.OUT_OF_RANGE),
        ("FREQ=YEARLY;BYWEEKNO=2;BYDAY=1MO", "BYDAY", Problem.CONTRADICTION),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH", Problem.OUT_OF_RANGE),
        ("FREQ=YEARLY;BYMONTH=5L", "BYMONTH", Problem.UNREADABLE),
        ("FREQ=YEARLY;BYEASTER=0", "BYEASTER", Problem.UNREADABLE),
        ("FREQ=WEEKLY;WKST=1MO", "WKST", Problem.UNREADABLE),
        ("FREQ=WEEKLY;;BYDAY=MO", "", Problem.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY", "BYDAY", Problem.UNREADABLE),
        ("FREQ=WEEKLY\nFREQ=MONTHLY", "", Problem.UNREADABLE),
        ("RRULE:FREQ=WEEKLY", "", Problem.UNREADABLE),
        ("jeden Montag", "", Problem.UNREADABLE),
    ],
)
def test_refuses_what_it_does_not_know(text: str, part: str, problem: Problem) -> None:
    with pytest.raises(RecurrenceError) as refused:
        read(text)
    assert (refused.value.part, refused.value.problem) == (part, problem)
