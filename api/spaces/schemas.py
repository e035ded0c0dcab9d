"""Divisions and spaces as pages and API show them."""

from datetime import date

from pydantic import BaseModel


class LevelOut(BaseModel):
    """One level of a division, 1 being the coarsest; offers are counted in `GET /spaces`."""

    level: int
    name: str
    spaces: int


class DivisionOut(BaseModel):
    """One way of cutting the region."""

    slug: str
    name: str
    levels: list[LevelOut]
    resident_level: int | None
    valid_from_on: date | None
    valid_to_on: date | None


class SpaceRef(BaseModel):
    """A space by its names; key is "division:code" and stable across installations."""

    key: str
    name: str
    slug: str
    division: str
    level: int
    level_name: str
    # Whether residents call it their Stadtteil: then it has a page of its own.
    is_resident: bool
