"""The lines of an offer's timetable: the rule, its sentence, and what other formats make of it."""

from datetime import date, time
from typing import Annotated, Any, Self
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.core.languages import Code
from api.offers import queries, redirects
from api.offers.models import Offer
from api.regions.models import Region
from api.regions.schemas import RegionQuery
from api.schedules import service as schedules
from api.schedules.rules import Change, Entry, OnHolidays
from api.schedules.saying import say_rule
from api.schedules.service import Line
from api.schedules.writing import hsds, osm


class LinesQuery(RegionQuery):
    """In which language the lines are said."""

    locale: Code = Field(default="de", description="Language of text", examples=["tr"])


class ClosureOut(BaseModel):
    """A time of the year without dates; both days are closed."""

    model_config = ConfigDict(from_attributes=True)

    first: date
    last: date
    every_year: bool = Field(description="Month and day count, the year does not; may run over New Year")
    note: str


class DeviationOut(BaseModel):
    """One date that differs; what is null stays as the line has it."""

    model_config = ConfigDict(from_attributes=True)

    change: Change
    on: date = Field(description="The day as the rule has it; of an extra date the day itself")
    to: date | None = Field(description="Moved to another day")
    starts: time | None
    ends: time | None
    place: int | None = Field(description="Number of another place")
    note: str


class OpeningHoursOut(BaseModel):
    """A line as a value of OSM's opening_hours."""

    model_config = ConfigDict(from_attributes=True)

    value: str | None = Field(
        description="null: it would name other days", examples=["Tu[1] 09:00-12:00; PH off"]
    )
    lost: list[osm.Lost] = Field(description="What the value does not say, or why there is none")


class HsdsOut(BaseModel):
    """A line as a schedule object of HSDS 3.1."""

    model_config = ConfigDict(from_attributes=True)

    schedule: dict[str, Any] = Field(
        description="Without freq its days cannot be said, and the description is all there is",
        examples=[{"freq": "WEEKLY", "interval": 2, "byday": "TU", "opens_at": "09:00+01:00", "timezone": 1}],
    )
    lost: list[hsds.Lost] = Field(description="What the fields do not say")


class LineOut(BaseModel):
    """One line of a timetable, in words and as other formats say it."""

    id: int = Field(description="Stays the same as long as the line continues")
    place_id: int | None = Field(description="Where; null: wherever the offer is")
    text: str = Field(description="The line as a sentence", examples=["Jeden 1. Dienstag im Monat, 9–12 Uhr"])
    recurrence: str = Field(
        description="Value of an RRULE (RFC 5545, 3.3.10); empty: on first_date alone",
        examples=["FREQ=MONTHLY;BYDAY=1TU"],
    )
    first_date: date = Field(description="From here intervals are counted; itself a date only if it fits")
    starts: time = Field(description="By the clock of the region")
    ends: time | None = Field(
        description="Not after starts: on the next day; null: nobody has said until when"
    )
    valid_from: date | None
    valid_until: date | None = Field(description="The last day on which it can take place")
    on_public_holidays: OnHolidays
    on_school_holidays: OnHolidays
    entry: Entry
    closures: list[ClosureOut]
    deviations: list[DeviationOut]
    note: str
    opening_hours: OpeningHoursOut
    hsds: HsdsOut

    @classmethod
    def of(cls, line: Line, region: Region, locale: Code) -> Self:
        """Return a line as it goes out."""
        today, rule = clock.today(region.timezone), line.rule
        identity = uuid5(NAMESPACE_URL, f"landkarte:{region.slug}:schedule:{line.id}")
        return cls.model_validate(
            {
                **rule._asdict(),
                "id": line.id,
                "place_id": line.place_id,
                "text": say_rule(rule, locale, today),
                "opening_hours": osm.opening_hours([rule], today),
                "hsds": hsds.schedule(identity, rule, region.timezone, today),
            }
        )


class LinesOut(BaseModel):
    """The timetable of an offer."""

    timezone: Annotated[str, Field(description="Of all times (IANA)", examples=["Europe/Berlin"])]
    state: Annotated[str, Field(description="Whose holidays they are (ISO 3166-2:DE)", examples=["NW"])]
    lines: list[LineOut]


def of_offer(session: Session, region: Region, offer_id: int, locale: Code) -> LinesOut:
    """Return the lines of a published offer, those of each place in their order.

    Raises NotFoundError or MovedError.
    """
    published = select(col(Offer.id)).where(queries.published(region.id), col(Offer.id) == offer_id)
    if session.scalar(published) is None:
        raise redirects.missing(session, region.id, offer_id)
    lines = [LineOut.of(line, region, locale) for line in schedules.lines(session, [offer_id])]
    return LinesOut(timezone=region.timezone, state=region.state, lines=lines)
