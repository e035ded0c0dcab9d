"""Published numbers of a month as the open API gives them."""

from datetime import date

from pydantic import BaseModel, Field

from api.regions.schemas import RegionQuery
from api.uptake.models import Event, Part


class UptakeQuery(RegionQuery):
    """Which month is wanted."""

    month: str | None = Field(
        default=None,
        pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$",
        description="Year and month; by default the last one that is published",
        examples=["2026-10"],
    )


class NumberOut(BaseModel):
    """A number that is shown, or that there is one that is not."""

    part: Part = Field(
        description="cell: a topic in a Stadtteil; rest: a topic in all Stadtteile whose own numbers are not "
        "shown, together; case: a case type in the whole region"
    )
    event: Event = Field(description="What is counted")
    topic: str = Field(description="Slug of a topic; empty: offers without one, or a case type")
    space: str = Field(description="Key of the Stadtteil where the offer is; empty: several, none, or a sum")
    space_name: str = Field(description="Its name today")
    case_type: str = Field(description="Name of a case type; else empty")
    number: int | None = Field(description="Null: not shown, perhaps zero")
    below: int = Field(description="A cell or case type that is not shown is smaller than this")


class UptakeOut(BaseModel):
    """A month, published once and never changed."""

    month: date | None = Field(description="Its first day; null: it is not published")
    months: list[date] = Field(description="All months that are published, the last one first")
    numbers: list[NumberOut]
