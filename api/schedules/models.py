"""Timetables as they are kept: the lines of an offer's hours, and the single dates that differ."""

from datetime import date, time
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel

from api.core import tables
from api.history.entities import versioned
from api.schedules.rules import Change, Entry, OnHolidays


class Schedule(SQLModel, table=True):
    """One line of an offer's timetable, at one of its places or at all; see api.schedules.rules.Rule."""

    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint("jsonb_typeof(closures) = 'array'", name="closures"),
    )

    id: int = tables.identity()
    offer_id: int = tables.reference("offer.id")
    # None: wherever the offer is, for instance on the phone.
    offer_at_place_id: int | None = tables.reference("offer_at_place.id", optional=True)
    position: int = 0  # among the lines of its timetable
    recurrence: str = ""  # RFC 5545, 3.3.10; empty: on first_date alone
    first_date: date
    starts: time
    ends: time | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    on_public_holidays: OnHolidays = tables.choice(OnHolidays, OnHolidays.OPEN, "on_public_holidays")
    on_school_holidays: OnHolidays = tables.choice(OnHolidays, OnHolidays.OPEN, "on_school_holidays")
    entry: Entry = tables.choice(Entry, Entry.UNKNOWN)
    closures: list[dict[str, Any]] = tables.document()
    note: str = ""


class ScheduleDeviation(SQLModel, table=True):
    """One date that is cancelled, moved or extra; what is empty stays as the rule has it."""

    __tablename__ = "schedule_deviation"
    __table_args__ = (
        CheckConstraint("change = 'moved' OR day_to IS NULL", name="moved_to"),
        CheckConstraint(
            "change <> 'cancelled' OR (starts IS NULL AND ends IS NULL AND place_id IS NULL)",
            name="cancelled",
        ),
    )

    id: int = tables.identity()
    offer_id: int = tables.reference("offer.id")
    schedule_id: int = tables.reference("schedule.id")
    change: Change = tables.choice(Change)
    day: date  # as the rule has it; of an extra date the date itself
    day_to: date | None = None
    starts: time | None = None
    ends: time | None = None
    place_id: int | None = tables.reference("place.id", optional=True)
    note: str = ""


versioned(Schedule, whole=("offer", "offer_id"))
versioned(ScheduleDeviation, whole=("offer", "offer_id"))
