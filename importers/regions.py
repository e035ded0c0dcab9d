"""Loads a region from its region.toml: the region itself, its divisions and their spaces.

Loading again changes nothing. Spaces that are in no file any more are reported, never deleted.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from sqlalchemy import select
from sqlmodel import Session, col

from api.history.models import Origin
from api.history.service import Act
from api.regions.models import Region
from api.schedules.calendars import STATES
from api.sources import service as sources
from api.spaces.models import Division
from importers import spaces
from importers.errors import UnusableError
from importers.put import put
from importers.run import ACTOR
from importers.strict import DataDate, Strict, WebAddress, read_toml


def _known_state(name: str) -> str:
    if name not in STATES:
        raise ValueError(f"muss das Kürzel eines Bundeslandes sein: {', '.join(sorted(STATES))}")
    return name


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError('muss der Name einer Zeitzone sein, zum Beispiel "Europe/Berlin"')
    return name


# Whose public and school holidays hold here.
State = Annotated[str, AfterValidator(_known_state)]
Zone = Annotated[str, AfterValidator(_known_zone)]


class RegionTable(Strict):
    """The region's settings."""

    slug: str = Field(min_length=1)
    name: str = Field(min_length=1)
    state: State
    timezone: Zone = "Europe/Berlin"
    hostnames: list[str] = Field(default=[])
    default: bool = False
    space_word: Literal["stadtteil", "ort"] = "stadtteil"
    help_name: str
    help_phone: str


class DivisionSource(Strict):
    """Who drew the spaces, on what terms."""

    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    url: WebAddress = ""
    licence: str = Field(min_length=1)
    licence_url: WebAddress = ""
    attribution: str = Field(min_length=1)
    date: DataDate | None = None


class DivisionTable(Strict):
    """One way of cutting the region; levels from the coarsest to the finest."""

    slug: str = Field(min_length=1)
    name: str = Field(min_length=1)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    resident_level: int | None = None
    source: DivisionSource
    levels: list[spaces.Level] = Field(min_length=1)


class Import(Strict):
    """A file of offers with its mapping, both relative to region.toml."""

    file: str
    mapping: str


class RegionFile(Strict):
    """region.toml."""

    region: RegionTable
    divisions: list[DivisionTable] = Field(default=[])
    imports: list[Import] = Field(default=[])


def read_region(path: Path) -> RegionFile:
    """Return a region file or raise UnusableError that names file, table and key."""
    return read_toml(path, RegionFile)


def load(session: Session, path: Path, told: RegionFile) -> tuple[Region, list[str]]:
    """Bring region, divisions and spaces to what the files say; return the region and remarks."""
    region = _load_region(session, told.region)
    remarks = []
    for table in told.divisions:
        division = _load_division(session, region, table)
        remarks += spaces.load(session, division, table.levels, path.parent)
    return region, remarks


def _load_region(session: Session, table: RegionTable) -> Region:
    other = session.scalars(
        select(Region).where(col(Region.is_default), col(Region.slug) != table.slug)
    ).first()
    if table.default and other is not None:
        raise UnusableError(
            f"Es kann nur eine Region die voreingestellte sein: {table.name} oder {other.name}."
        )
    row = session.scalars(select(Region).where(col(Region.slug) == table.slug)).first()
    values = table.model_dump(exclude={"default"}) | {"is_default": table.default}
    return put(session, Region, row, values)


def _load_division(session: Session, region: Region, table: DivisionTable) -> Division:
    said = table.source.model_dump(exclude={"date"})
    slug = f"{region.slug}-{table.slug}"
    act = Act(region.id, ACTOR, Origin.IMPORT)
    source, _ = sources.register(session, act, {**said, "slug": slug, "date_on": table.source.date})
    row = session.scalars(
        select(Division).where(col(Division.region_id) == region.id, col(Division.slug) == table.slug)
    ).first()
    values = {
        "region_id": region.id,
        "slug": table.slug,
        "source_id": source.id,
        "name": table.name,
        "level_names": [level.name for level in table.levels],
        "resident_level": table.resident_level,
        "valid_from_on": table.valid_from,
        "valid_to_on": table.valid_to,
    }
    return put(session, Division, row, values)
