"""Hours of HSDS: as lines of a timetable where all of them can be one, and as a text in any case."""

from typing import Any, Final

Record = dict[str, Any]
DAYS: Final = {"MO": "Mo", "TU": "Di", "WE": "Mi", "TH": "Do", "FR": "Fr", "SA": "Sa", "SU": "So"}
# The parts of a recurrence (RFC 5545) that HSDS writes in columns of their own.
PARTS: Final = ("interval", "byday", "byweekno", "bymonthday", "count", "wkst")
PLAIN: Final = frozenset({"", "1", "WEEKLY"})
CLOCK: Final = 5  # letters of 10:00


def as_text(schedules: list[Record]) -> str:
    """Return what the source says in words, else the days and times of its weeks."""
    return "\n".join(dict.fromkeys(filter(None, map(_text, schedules))))


def as_lines(schedules: list[Record]) -> list[Record]:
    """Return lines as ScheduleIn reads them; none if one of the schedules says too little for that."""
    lines = [line for schedule in schedules if (line := _line(schedule))]
    return lines if len(lines) == len(schedules) else []


def _text(schedule: Record) -> str:
    weekday = _said(schedule, "weekday")  # of 1.1
    days = weekday or ", ".join(DAYS.get(day, day) for day in _said(schedule, "byday").split(",") if day)
    opens, closes = _said(schedule, "opens_at")[:CLOCK], _said(schedule, "closes_at")[:CLOCK]
    is_week = _said(schedule, "freq") in PLAIN and _said(schedule, "interval") in PLAIN
    in_words = f"{days} {opens}–{closes}" if days and opens and closes and is_week else ""
    return " – ".join(filter(None, [in_words, _said(schedule, "description"), _said(schedule, "notes")]))


def _line(schedule: Record) -> Record | None:
    first = _said(schedule, "dtstart") or _said(schedule, "valid_from")
    opens = _said(schedule, "opens_at")
    if not first or not opens or _said(schedule, "byyearday"):
        return None
    recurrence = ""
    if frequency := _said(schedule, "freq"):
        parts = [f"FREQ={frequency}"]
        parts += [f"{name.upper()}={value}" for name in PARTS if (value := _said(schedule, name))]
        # Both would be one too many.
        if (until := _said(schedule, "until")) and not _said(schedule, "count"):
            parts.append(f"UNTIL={until.replace('-', '')}")
        recurrence = ";".join(parts)
    line = {"recurrence": recurrence, "first_date": first, "starts": opens}
    given = {"ends": "closes_at", "valid_from": "valid_from", "valid_until": "valid_to"}
    return line | {field: value for field, name in given.items() if (value := _said(schedule, name))}


def _said(schedule: Record, name: str) -> str:
    value = schedule.get(name)
    return "" if value is None else str(value).strip()
