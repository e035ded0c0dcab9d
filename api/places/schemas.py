"""Places as they come in and go out."""

from typing import Self

from pydantic import BaseModel, Field, model_validator

from api.places.models import Precision, Wheelchair
from api.schedules.schemas import HoursOut


class PlaceIn(BaseModel):
    """A place as somebody enters or imports it."""

    name: str | None = Field(default=None, max_length=200)
    street: str | None = Field(default=None, max_length=200)
    postcode: str | None = Field(default=None, pattern=r"^\d{5}$")
    town: str | None = Field(default=None, max_length=100)
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    precision: Precision | None = None
    address_hidden: bool = False
    wheelchair: Wheelchair = Wheelchair.UNKNOWN

    @model_validator(mode="after")
    def _both_coordinates(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat are given together or not at all")
        if self.lon is None and self.precision is not None:
            raise ValueError("only a point has a precision")
        return self


class PlaceOut(BaseModel):
    """A place as strangers may know it; of a hidden address only its name."""

    id: int
    name: str | None
    street: str | None
    postcode: str | None
    town: str | None
    lon: float | None
    lat: float | None
    # How exact the point is, where it was found by the address; null: the source gave it, or there is none.
    precision: Precision | None = None
    address_hidden: bool
    wheelchair: Wheelchair
    # Name of the Stadtteil it lies in.
    space_name: str | None
    space_slug: str | None
    # As the crow flies from the point asked for.
    distance_metres: int | None = None
    # Whether this place answers the filters on space, box and distance.
    matches: bool = True
    hours_text: str = ""
    note: str = ""
    # Of the hours here; null: not known as more than a text.
    hours: HoursOut | None = None
