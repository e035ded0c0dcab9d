"""Hours of HSDS: as lines of a timetable where all of them can be one, and as a text in any case."""

import json
import re
from typing import Any, Final

from api.hsds.terms import HOURS
from importers.readers import hsds_marks

Record = dict[str, Any]
DAYS: Final = {"MO": "Mo", "TU": "Di", "WE": "Mi", "TH": "Do", "FR": "Fr", "SA": "Sa", "SU": "So"}
# The parts of a recurrence (RFC 5545) that HSDS writes in columns of their own.
PARTS: Final = ("interval", "byday", "byweekno", "bymonthday", "count", "wkst")
PLAIN: Final = frozenset({"", "1", "WEEKLY"})
CLOCK: Final = 5  # letters of 10:00
CLOCK_TIME: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
ENTRIES: Final = {"walk-in": "walk_in", "by appointment": "appointment"}


def as_text(schedules: list[Record], *, is_ours: bool = False) -> str:
    """Return what the source says in words, else the days and times of its weeks.

    is_ours: they come from our own export, which has the words of the source in a schedule of their own.
    """
    if is_ours:
        return "\n".join(str(one.get("description") or "") for one in schedules if _is_text(one))
    return "\n".join(dict.fromkeys(filter(None, map(_text, schedules))))


def as_lines(schedules: list[Record], *, is_ours: bool = False) -> list[Record]:
    """Return lines as ScheduleIn reads them; none if one of the schedules says too little for that."""
    wanted = [one for one in schedules if not (is_ours and _is_text(one))]
    lines = [line for schedule in wanted if (line := _whole(schedule) or _line(schedule, is_ours))]
    return lines if len(lines) == len(wanted) else []


def _is_text(schedule: Record) -> bool:
    return hsds_marks.is_marked(schedule, HOURS)


def _whole(schedule: Record) -> Record | None:
    said = hsds_marks.line(schedule)
    try:
        found = json.loads(said) if said else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _text(schedule: Record) -> str:
    weekday = _said(schedule, "weekday")  # of 1.1
    days = weekday or ", ".join(DAYS.get(day, day) for day in _said(schedule, "byday").split(",") if day)
    opens, closes = _said(schedule, "opens_at")[:CLOCK], _said(schedule, "closes_at")[:CLOCK]
    is_week = _said(schedule, "freq") in PLAIN and _said(schedule, "interval") in PLAIN
    in_words = f"{days} {opens}–{closes}" if days and opens and closes and is_week else ""
    return " – ".join(filter(None, [in_words, _said(schedule, "description"), _said(schedule, "notes")]))


def _line(schedule: Record, is_ours: bool) -> Record | None:
    first = _said(schedule, "dtstart") or _said(schedule, "valid_from")
    opens = _said(schedule, "opens_at")
    if not first or not opens or _said(schedule, "byyearday"):
        return None
    recurrence = ""
    if frequency := _said(schedule, "freq"):
        # Weeks of the year are those of a weekly recurrence in HSDS, of a yearly one in RFC 5545.
        parts = [f"FREQ={'YEARLY' if _said(schedule, 'byweekno') else frequency}"]
        parts += [f"{name.upper()}={value}" for name in PARTS if (value := _said(schedule, name))]
        # Both would be one too many.
        if (until := _said(schedule, "until")) and not _said(schedule, "count"):
            parts.append(f"UNTIL={until.replace('-', '')}")
        recurrence = ";".join(parts)
    line = {"recurrence": recurrence, "first_date": first, "starts": _clock(opens)}
    given = {"ends": "closes_at", "valid_from": "valid_from", "valid_until": "valid_to"}
    line |= {field: value for field, name in given.items() if (value := _said(schedule, name))}
    if "ends" in line:
        line["ends"] = _clock(line["ends"])
    if is_ours:
        entry = ENTRIES.get(_said(schedule, "attending_type"))
        line |= {"note": _said(schedule, "notes"), **({"entry": entry} if entry else {})}
    return line


def _clock(said: str) -> str:
    """Return a time without its offset from UTC: it is that of the clock on the wall."""
    found = CLOCK_TIME.match(said)
    return found[0] if found else said


def _said(schedule: Record, name: str) -> str:
    value = schedule.get(name)
    return "" if value is None else str(value).strip()
