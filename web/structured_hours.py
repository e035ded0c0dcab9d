"""Rules of a timetable as schema.org says them: weekly hours, schedules of events, single dates."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from api.regions.models import Region
from api.schedules.changes import changes
from api.schedules.recurrence import WEEKDAYS, Frequency, Recurrence
from api.schedules.rules import OnHolidays, Rule
from api.schedules.writing.series import Series, series

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SCHEMA: Final = "https://schema.org/"
_YEAR: Final = timedelta(days=365)  # how far ahead dates are named
_SINGLE: Final = 10  # dates of one rule that no schedule can say
_UNIT: Final = {Frequency.WEEKLY: "W", Frequency.MONTHLY: "M", Frequency.YEARLY: "Y"}


class Hours(NamedTuple):
    """When an offer is open every week, and when it takes place otherwise, as parts of an Event."""

    weekly: list[dict[str, Any]]
    dates: list[dict[str, Any]]


def hours_of(rules: Sequence[Rule], region: Region, today: date) -> Hours:
    """Return the hours from today on; what schema.org cannot say exactly becomes dates or is left out."""
    weekly: list[dict[str, Any]] = []
    dates: list[dict[str, Any]] = []
    for rule in rules:
        said = list(_weekly(rule, region, today))
        weekly += [one for one in said if one not in weekly]
        if not said:
            dates += _dates(rule, region, today)
    return Hours(weekly, dates)


def _weekly(rule: Rule, region: Region, today: date) -> Iterator[dict[str, Any]]:
    """Yield a rule of every week that nothing but public holidays keeps."""
    free = rule
    if rule.on_public_holidays == OnHolidays.CLOSED:
        free = rule._replace(on_public_holidays=OnHolidays.OPEN)
    parts = list(series(free, region.state, today, today + _YEAR))
    said = parts[0].recurrence if len(parts) == 1 else None
    is_plain = said is not None and said.frequency == Frequency.WEEKLY and said.interval == 1
    if said is None or not is_plain or len(parts[0].left_out) or changes(rule).instead:
        return
    first, last = _first(parts[0]), None if parts[0].is_endless else _last(parts[0])
    ends = last if last and last < today + _YEAR - timedelta(weeks=1) else None
    week = timedelta(days=len(_DAYS))
    yield {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": [_SCHEMA + _DAYS[day.weekday] for day in said.weekdays],
        "opens": f"{rule.starts:%H:%M}",
        **({"closes": f"{rule.ends:%H:%M}"} if rule.ends else {}),
        **({"validFrom": first.isoformat()} if first >= today + week else {}),
        **({"validThrough": ends.isoformat()} if ends else {}),
    }
    if rule.on_public_holidays == OnHolidays.CLOSED:
        yield {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"{_SCHEMA}PublicHolidays"],
            "opens": "00:00",  # which is how it is said that nothing is open
            "closes": "00:00",
        }


def _dates(rule: Rule, region: Region, today: date) -> Iterator[dict[str, Any]]:
    zone = region.timezone
    instead = [one for one in changes(rule).instead if today <= one.day <= today + _YEAR]
    moved = {one.on for one in changes(rule).instead}
    for part in series(rule, region.state, today, today + _YEAR):
        if not part.is_certain:
            continue
        if part.recurrence is not None and _is_sayable(part.recurrence):
            yield _recurring(part, part.recurrence, rule, zone, moved)
        else:
            days = [day for day in map(date.fromordinal, part.days.tolist()) if day not in moved]
            yield from (_single(day, rule.starts, rule.ends, zone) for day in days[:_SINGLE])
    yield from (_single(one.day, one.starts, one.ends, zone) for one in instead)


def _is_sayable(said: Recurrence) -> bool:
    """Return whether it is no matter on which day weeks begin, which a Schedule cannot say."""
    return said.interval == 1 or not said.week_starts


def _recurring(part: Series, said: Recurrence, rule: Rule, zone: str, moved: set[date]) -> dict[str, Any]:
    left_out = sorted({*map(date.fromordinal, part.left_out.tolist()), *moved})
    first = _first(part)
    schedule: dict[str, Any] = {
        "@type": "Schedule",
        "repeatFrequency": f"P{said.interval}{_UNIT[said.frequency]}",
        "startDate": first.isoformat(),
        "startTime": f"{rule.starts:%H:%M}",
        "scheduleTimezone": zone,
    }
    if rule.ends:
        schedule["endTime"] = f"{rule.ends:%H:%M}"
    if not part.is_endless:
        schedule["endDate"] = _last(part).isoformat()
    # A weekday of a month is said as iCalendar has it: 1TU.
    days = [
        f"{day.nth}{WEEKDAYS[day.weekday]}" if day.nth else _SCHEMA + _DAYS[day.weekday]
        for day in said.weekdays
    ]
    for name, values in (("byDay", days), ("byMonthDay", said.month_days), ("byMonth", said.months)):
        if values:
            schedule[name] = list(values)
    if left_out:
        schedule["exceptDate"] = [day.isoformat() for day in left_out]
    begins = next(
        day for day in map(date.fromordinal, part.days.tolist()) if day not in moved or len(part.days) == 1
    )
    return {**_single(begins, rule.starts, rule.ends, zone), "eventSchedule": schedule}


def _single(day: date, starts: time, ends: time | None, zone: str) -> dict[str, Any]:
    where = ZoneInfo(zone)
    said = {"startDate": datetime.combine(day, starts, where).isoformat()}
    if ends is not None:
        last = day if ends > starts else day + timedelta(days=1)
        said["endDate"] = datetime.combine(last, ends, where).isoformat()
    return said


def _first(part: Series) -> date:
    return date.fromordinal(int(part.days[0]))


def _last(part: Series) -> date:
    return date.fromordinal(int(part.days[-1]))
