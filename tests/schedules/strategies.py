"""Rules as people could make them, drawn by hypothesis; oracles take the part that they can express."""

from datetime import date, time, timedelta

from hypothesis import strategies as st

from api.schedules.recurrence import WEEKDAYS
from api.schedules.rules import Closure, OnHolidays, Rule
from api.schedules.timetable import Timetable

# Three years whose school holidays are all known.
SINCE = date(2026, 7, 1)
UNTIL = date(2029, 6, 30)
ZONE = "Europe/Berlin"

weekdays = st.sets(st.sampled_from(WEEKDAYS), min_size=1, max_size=5).map(
    lambda days: sorted(days, key=WEEKDAYS.index)
)
months = st.sets(st.integers(1, 12), min_size=1, max_size=5).map(sorted)
nth_of_month = st.sampled_from([1, 2, 3, 4, 5, -1, -2, -3, -4, -5])
week_numbers = st.one_of(
    st.just(list(range(2, 53, 2))),
    st.just(list(range(1, 54, 2))),
    st.sets(st.integers(1, 53), min_size=1, max_size=8).map(sorted),
)
first_dates = st.dates(date(2024, 1, 1), date(2028, 6, 30))


def _part(name: str, values: list[int] | list[str]) -> str:
    return f";{name}={','.join(map(str, values))}"


def _numbered(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[list[str]]:
    days = st.tuples(numbers, st.sampled_from(WEEKDAYS)).map(lambda day: f"{day[0]}{day[1]}")
    return st.lists(days, min_size=1, max_size=3, unique=True)


@st.composite
def weekly(draw: st.DrawFn) -> str:
    text = "FREQ=WEEKLY"
    if draw(st.booleans()):
        text += _part("BYDAY", draw(weekdays))
    if draw(st.integers(0, 4)) == 0:
        text += _part("BYMONTH", draw(months))
    return text


@st.composite
def monthly(draw: st.DrawFn) -> str:
    text = "FREQ=MONTHLY"
    kind = draw(st.sampled_from(["nth", "nth", "weekday", "day", "day of a weekday", "as it began"]))
    if kind == "nth":
        text += _part("BYDAY", draw(_numbered(nth_of_month)))
    if kind in {"weekday", "day of a weekday"}:
        text += _part("BYDAY", draw(weekdays))
    if kind in {"day", "day of a weekday"}:
        day = st.integers(-31, 31).filter(bool)
        text += _part("BYMONTHDAY", draw(st.lists(day, min_size=1, max_size=4, unique=True)))
    if draw(st.integers(0, 4)) == 0:
        text += _part("BYMONTH", draw(months))
    return text


@st.composite
def yearly(draw: st.DrawFn) -> str:
    text = "FREQ=YEARLY"
    kind = draw(
        st.sampled_from(["weeks", "weeks", "nth of month", "nth of year", "day", "leap day", "as it began"])
    )
    if kind == "weeks":
        text += _part("BYWEEKNO", draw(week_numbers)) + _part("BYDAY", draw(weekdays))
    if kind == "nth of month":
        text += _part("BYMONTH", draw(months)) + _part("BYDAY", draw(_numbered(nth_of_month)))
    if kind == "nth of year":
        text += _part("BYDAY", draw(_numbered(st.integers(-53, 53).filter(bool))))
    if kind == "day":
        text += _part("BYMONTH", draw(months)) + _part("BYMONTHDAY", [draw(st.integers(1, 31))])
    if kind == "leap day":
        text += ";BYMONTH=2;BYMONTHDAY=29"
    return text


@st.composite
def recurrences(draw: st.DrawFn) -> str:
    """All of the subset. Weeks 52 and 53 come without COUNT: of them dateutil counts dates that are none."""
    text = draw(st.one_of(weekly(), weekly(), monthly(), monthly(), yearly()))
    if draw(st.booleans()):
        text += f";INTERVAL={draw(st.sampled_from([1, 2, 2, 3, 4, 5, 6, 12, 99]))}"
    if draw(st.integers(0, 3)) == 0:
        text += f";WKST={draw(st.sampled_from(WEEKDAYS))}"
    end = draw(st.sampled_from(["none", "none", "until", "count"]))
    if end == "until":
        text += f";UNTIL={draw(st.dates(SINCE - timedelta(400), UNTIL)):%Y%m%d}"
    if end == "count" and "BYWEEKNO" not in text:
        text += f";COUNT={draw(st.integers(1, 200))}"
    return text


@st.composite
def hours(draw: st.DrawFn, *, overnight: bool = True) -> tuple[time, time]:
    """When something starts and ends, in quarters of an hour; never a whole day."""
    starts = draw(st.integers(0, 94))
    ends = draw(st.integers(0, 95).filter(lambda end: end != starts if overnight else end > starts))
    return time(starts // 4, starts % 4 * 15), time(ends // 4, ends % 4 * 15)


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    """Some days without the one that most years lack; every year's may run over New Year."""
    every_year = draw(st.booleans())
    first = draw(st.dates(SINCE, UNTIL))
    last = first + timedelta(draw(st.integers(0, 60)))
    days = [day.replace(day=28) if (day.month, day.day) == (2, 29) else day for day in (first, last)]
    return Closure(days[0], days[1], every_year=every_year, note="Betriebsferien")


@st.composite
def rules(draw: st.DrawFn, *, recurrence: st.SearchStrategy[str] | None = None) -> Rule:
    """Any rule without deviations."""
    starts, ends = draw(hours())
    is_open_ended = draw(st.integers(0, 9)) == 0
    policies = st.sampled_from([OnHolidays.OPEN, OnHolidays.OPEN, OnHolidays.CLOSED, OnHolidays.ONLY])
    return Rule(
        draw(recurrence or recurrences()),
        draw(first_dates),
        starts,
        None if is_open_ended else ends,
        valid_from=draw(st.none() | st.dates(SINCE, UNTIL)),
        valid_until=draw(st.none() | st.none() | st.dates(SINCE, UNTIL)),
        on_public_holidays=draw(policies),
        on_school_holidays=draw(policies),
        closures=tuple(draw(st.lists(closures(), max_size=2))),
    )


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    """Up to three rules somewhere in Germany."""
    state = draw(st.sampled_from(["NW", "BE", "SN", "BY", None]))
    return Timetable(tuple(draw(st.lists(rules(), min_size=1, max_size=3))), ZONE, state)


@st.composite
def plain_recurrences(draw: st.DrawFn) -> str:
    """What OSM opening_hours can say, too: no intervals, no days from the end of a month or nth of a year."""
    limit = _part("BYMONTH", draw(months)) if draw(st.integers(0, 3)) == 0 else ""
    kind = draw(st.sampled_from(["weekly", "weekly", "nth", "nth", "day", "weeks"]))
    if kind == "weekly":
        return f"FREQ=WEEKLY{_part('BYDAY', draw(weekdays)[:3])}{limit}"  # more make readers slow
    if kind == "nth":
        return f"FREQ=MONTHLY{_part('BYDAY', draw(_numbered(nth_of_month)))}{limit}"
    if kind == "day":
        days = st.lists(st.integers(1, 31), min_size=1, max_size=3)
        return f"FREQ=MONTHLY{_part('BYMONTHDAY', draw(days))}{limit}"
    return f"FREQ=YEARLY{_part('BYWEEKNO', draw(week_numbers))}{_part('BYDAY', draw(weekdays))}"


@st.composite
def plain_timetables(draw: st.DrawFn, *, holidays: bool) -> Timetable:
    """One or two rules that OSM opening_hours can say, too.

    With holidays or closures nothing runs over midnight: what "off" does to the small hours, OSM leaves open.
    """
    is_public, is_school = (draw(st.booleans()) if holidays else False for _ in range(2))
    closed = tuple(draw(st.lists(closures(), max_size=1)))
    found = []
    for _ in range(draw(st.integers(1, 2))):
        starts, ends = draw(hours(overnight=not (is_public or is_school or closed)))
        rule = Rule(
            draw(plain_recurrences()),
            date(2024, 1, 1),
            starts,
            ends,
            on_public_holidays=OnHolidays.CLOSED if is_public else OnHolidays.OPEN,
            on_school_holidays=OnHolidays.CLOSED if is_school else OnHolidays.OPEN,
            closures=closed,
        )
        found.append(rule)
    return Timetable(tuple(found), ZONE, "NW")
