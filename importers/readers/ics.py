"""iCalendar: a row for each series of events, its dates as lines of a timetable.

What a timetable cannot say (RFC 5545 can say more than people do) stays a text, which the import then
names as not understood.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar

from api.schedules import recurrence
from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers.markup import plain
from importers.readers.row import Row
from importers.readers.text import decoded

HERE: Final = ZoneInfo("Europe/Berlin")
EVERY_DAY: Final = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
# Property → column.
SAID: Final = {
    "SUMMARY": "summary", "DESCRIPTION": "description", "X-ALT-DESC": "description", "LOCATION": "location",
    "URL": "url", "STATUS": "status",
}  # fmt: skip
Event = Any  # of icalendar, whose values say nothing of types


class _BeyondError(ValueError):
    """A timetable has no words for these dates."""


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the series in their order; events of one UID are one series."""
    text = decoded(path, table.encoding)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError) as error:
        raise UnusableError(f"{path.name}: Der Kalender ist beschädigt oder nicht vollständig.") from error
    series: dict[str, list[Event]] = defaultdict(list)
    for event in (event for calendar in calendars for event in calendar.walk("VEVENT")):
        series[str(event.get("UID") or f"ohne UID {len(series) + 1}")].append(event)
    if not series:
        raise UnusableError(f"{path.name}: Der Kalender enthält keine Termine.")
    for number, (uid, events) in enumerate(series.items(), start=1):
        yield _row(number, uid, events)


def _row(number: int, uid: str, events: list[Event]) -> Row:
    first = next((event for event in events if "RECURRENCE-ID" not in event), events[0])
    values: dict[str, Any] = {"uid": uid}
    for name, column in SAID.items():
        if first.get(name) is not None and not values.get(column):
            values[column] = plain(str(first[name]))
    values["categories"] = list(getattr(first.get("CATEGORIES"), "cats", []))
    values["categories"] = [str(word) for word in values["categories"]]
    if geo := first.get("GEO"):
        values |= {"lon": geo.longitude, "lat": geo.latitude}
    if "DTSTART" not in first:
        return Row(number, values, "Der Termin hat keinen Beginn")
    begin = first["DTSTART"].dt
    values["first_date"] = str(begin.date() if isinstance(begin, datetime) else begin)
    try:
        return Row(number, values | {"hours": "", "schedules": [_line(first, events)]})
    except (_BeyondError, recurrence.RecurrenceError):
        return Row(number, values | {"hours": _text(first), "schedules": []})


def _line(first: Event, events: list[Event]) -> dict[str, Any]:
    starts, ends = _times(first)
    line: dict[str, Any] = {"first_date": str(starts.date()), "starts": _clock(starts), "ends": _clock(ends)}
    if "RRULE" in first:
        line["recurrence"] = _recurrence(first["RRULE"])
        recurrence.read(line["recurrence"])
    deviations = [{"change": "cancelled", "on": str(day)} for day in _days(first, "EXDATE")]
    deviations += [{"change": "extra", "on": str(day)} for day in _days(first, "RDATE")]
    deviations += [_deviation(event) for event in events if event is not first]
    return line | {"deviations": deviations}


def _deviation(event: Event) -> dict[str, Any]:
    if "RECURRENCE-ID" not in event:
        raise _BeyondError
    on = str(_local(event["RECURRENCE-ID"].dt).date())
    if event.get("STATUS") == "CANCELLED":
        return {"change": "cancelled", "on": on}
    starts, ends = _times(event)
    moved = {"change": "moved", "on": on, "to": str(starts.date())}
    return moved | {"starts": _clock(starts), "ends": _clock(ends)}


def _recurrence(rule: Any) -> str:  # noqa: ANN401
    """Return a rule as timetables have it: days, not moments, and weeks of seven days instead of days."""
    parts = dict(rule)
    if until := parts.get("UNTIL"):
        parts["UNTIL"] = [_local(until[0]).date() if isinstance(until[0], datetime) else until[0]]
    text = str(type(rule)(parts).to_ical().decode())
    if parts.get("FREQ") == ["DAILY"] and not parts.keys() - {"FREQ", "INTERVAL", "UNTIL", "COUNT", "WKST"}:
        if parts.get("INTERVAL", [1]) != [1]:
            raise _BeyondError
        text = text.replace(";INTERVAL=1", "").replace("FREQ=DAILY", EVERY_DAY)
    return text


def _days(event: Event, name: str) -> list[date]:
    found = event.get(name, [])
    lists = found if isinstance(found, list) else [found]
    said = [one.dt for several in lists for one in several.dts]
    if any(isinstance(one, tuple) for one in said):  # periods
        raise _BeyondError
    return [_local(one).date() if isinstance(one, datetime) else one for one in said]


def _times(event: Event) -> tuple[datetime, datetime | None]:
    """Return when a date begins and ends, by the clock on the wall."""
    begin = event["DTSTART"].dt if "DTSTART" in event else None
    if not isinstance(begin, datetime):
        raise _BeyondError  # whole days
    end = None
    if "DTEND" in event:
        end = event["DTEND"].dt
    elif "DURATION" in event:
        end = begin + event["DURATION"].dt
    if end is None:
        return _local(begin), None
    if not isinstance(end, datetime):
        raise _BeyondError
    starts, ends = _local(begin), _local(end)
    if not timedelta(0) < ends - starts < timedelta(days=1):
        raise _BeyondError
    return starts, ends


def _local(moment: datetime) -> datetime:
    """Return a moment by the clock on the wall; what names no zone is meant so already."""
    return moment.astimezone(HERE).replace(tzinfo=None) if moment.tzinfo else moment


def _clock(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%H:%M}"


def _text(event: Event) -> str:
    begin = event["DTSTART"].dt
    said = f"ab {begin:%d.%m.%Y}"
    if isinstance(begin, datetime):
        said += f", {_clock(_local(begin))} Uhr"
    rule = event.get("RRULE")
    return f"{said} ({rule.to_ical().decode()})" if rule and not isinstance(rule, list) else said
