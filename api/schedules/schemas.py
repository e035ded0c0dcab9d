"""Timetables as they come in: lines and their deviations, checked, with errors that name the field."""

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from api.regions.schemas import RegionQuery
from api.schedules import recurrence
from api.schedules.agenda import CHOICES
from api.schedules.dates import Why
from api.schedules.recurrence import RecurrenceError
from api.schedules.rules import Change, Closure, Deviation, Entry, OnHolidays, Rule
from api.schedules.timetable import State, Status

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)
DAY = r"(199\d|2[01]\d\d|2200)-\d{2}-\d{2}"
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]


def _a_choice_or_a_day(said: str) -> str:
    if said not in CHOICES and not EARLIEST <= date.fromisoformat(said) <= LATEST:
        raise ValueError(f"must be between {EARLIEST} and {LATEST}")
    return said


# A day has to be within the years that a timetable can name.
When = Annotated[
    str,
    StringConstraints(pattern=rf"^(now|today|week|evening|weekend|{DAY})$"),
    AfterValidator(_a_choice_or_a_day),
]
MOST_LINES = 50  # of an offer at one place
MOST_DEVIATIONS = 500


class ClosureIn(BaseModel):
    """A time of the year without dates; both days are closed."""

    model_config = ConfigDict(extra="forbid")

    first: Day
    last: Day
    every_year: bool = False
    note: Note = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first and not self.every_year:
            raise ValueError("last must not be before first")
        return self


class DeviationIn(BaseModel):
    """One date that is cancelled, moved or extra; what is left out stays as the line has it."""

    model_config = ConfigDict(extra="forbid")

    change: Change
    on: Day
    to: Day | None = None
    starts: time | None = None
    ends: time | None = None
    place: int | None = Field(default=None, description="Number of another place")
    place_name: str | None = Field(default=None, description="Its name, where the number is not known")
    note: Note = ""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.change is not Change.MOVED and self.to is not None:
            raise ValueError("only a date that is moved has to")
        if self.change is Change.CANCELLED and (self.starts or self.ends or self.place):
            raise ValueError("a cancelled date has neither times nor a place")
        if self.change is Change.MOVED and not any(
            (self.to, self.starts, self.ends, self.place, self.place_name)
        ):
            raise ValueError("a moved date needs another day, other times or another place")
        return self


class HoursOut(BaseModel):
    """What can be said of hours just now."""

    state: State = Field(description="unknown: it has begun, and nobody has said until when")
    until: AwareDatetime | None = Field(
        description="open: when it closes; else when it next begins; null: not known, or never again"
    )
    certain: bool = Field(description="false: it depends on school holidays that are not known yet")

    @classmethod
    def of(cls, status: Status) -> Self:
        """Return a status as it goes out."""
        return cls(state=status.state, until=status.until, certain=status.certain)


class ScheduleIn(BaseModel):
    """One line of a timetable; see api.schedules.rules.Rule."""

    model_config = ConfigDict(extra="forbid")

    recurrence: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=300)] = ""
    first_date: Day
    starts: time
    ends: time | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    on_public_holidays: OnHolidays = OnHolidays.OPEN
    on_school_holidays: OnHolidays = OnHolidays.OPEN
    entry: Entry = Entry.UNKNOWN
    closures: Annotated[list[ClosureIn], Field(max_length=20)] = []
    deviations: Annotated[list[DeviationIn], Field(max_length=MOST_DEVIATIONS)] = []
    note: Note = ""

    @field_validator("recurrence")
    @classmethod
    def _can_be_read(cls, said: str) -> str:
        if said:
            try:
                recurrence.read(said)
            except RecurrenceError as error:
                raise ValueError(str(error)) from error
        return said

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until must not be before valid_from")
        return self

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """Return a rule as it comes in."""
        return cls.model_validate(
            {
                **rule._asdict(),
                "closures": [closure._asdict() for closure in rule.closures],
                "deviations": [deviation._asdict() for deviation in rule.deviations],
            }
        )

    def rule(self) -> Rule:
        """Return the line as the calculation takes it."""
        said = {name: getattr(self, name) for name in type(self).model_fields}
        return Rule(
            **{
                **said,
                "closures": tuple(Closure(**closure.model_dump()) for closure in self.closures),
                "deviations": tuple(
                    Deviation(**deviation.model_dump(exclude={"place_name"})) for deviation in self.deviations
                ),
            }
        )


# How a day is described to who asks: JSON Schema compares no dates.
AskedDay = Annotated[date, Field(ge=EARLIEST, le=LATEST, json_schema_extra={"pattern": rf"^{DAY}$"})]


class OccurrencesQuery(RegionQuery):
    """The days whose dates are asked for, both included."""

    first: AskedDay | None = Field(
        default=None, alias="from", description="First day; today by default", examples=["2026-12-01"]
    )
    last: AskedDay | None = Field(
        default=None,
        alias="to",
        description="Last day, at most a year after the first; four weeks by default",
        examples=["2026-12-31"],
    )


class OccurrenceOut(BaseModel):
    """One date of an offer; times are those of the region, with their offset from UTC."""

    starts: AwareDatetime
    ends: AwareDatetime | None = Field(description="null: nobody has said until when")
    place_id: int | None = Field(description="Where; null: wherever the offer is")
    usual_place_id: int | None = Field(description="Where it would be if this date had not been moved")
    on: date = Field(description="The day as the rule has it; another than that of starts if it was moved")
    change: Literal["moved", "extra"] | None
    certain: bool = Field(description="false: it depends on school holidays that are not known yet")
    note: str


class LeftOutOut(BaseModel):
    """A day on which something does not take place, and why."""

    on: date
    place_id: int | None
    why: Why
    name: str = Field(description="Of the holiday, or what was said of the closure")


class OccurrencesOut(BaseModel):
    """The dates of an offer on some days, in order, and those that are left out."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    occurrences: list[OccurrenceOut]
    left_out: list[LeftOutOut]
