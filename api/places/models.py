"""Places and the spaces they lie in."""

from enum import StrEnum
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, CheckConstraint, Computed, Index, text
from sqlmodel import Field, SQLModel

from api.core import tables
from api.history.entities import versioned


class Wheelchair(StrEnum):
    """Whether a place can be used with a wheelchair."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    """How exact a point is that was found by its address. A point that somebody gave has none."""

    HOUSE = "house"
    STREET = "street"
    POSTCODE = "postcode"


class Place(SQLModel, table=True):
    """Where something is offered. Pages and the open API read it only through the view public_place."""

    __table_args__ = (
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="both_coordinates"),
        CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_earth"),
        Index("ix_place_geom", "geom", postgresql_using="gist"),
        # Distances in metres need an index on exactly this expression (see docs/explanation/sozialraeume.md).
        Index("ix_place_geography", text("geography(geom)"), postgresql_using="gist"),
        # Few places of a region are hidden, and nearly every question has to know which.
        Index("ix_place_hidden", "region_id", "id", postgresql_where=text("address_hidden")),
        # Those that are on no map yet wait for somebody.
        Index("ix_place_unplaced", "region_id", "id", postgresql_where=text("lon IS NULL")),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id")
    name: str | None = None
    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    lon: float | None = None
    lat: float | None = None
    geom: Any = Field(
        default=None,
        sa_type=Geometry("POINT", srid=4326, spatial_index=False),
        sa_column_args=[Computed("ST_SetSRID(ST_MakePoint(lon, lat), 4326)", persisted=True)],
        nullable=True,
    )
    # Only of points that were found by the address: such a point goes when the address changes.
    precision: Precision | None = tables.choice(Precision, optional=True)
    # Shelters: neither street nor point nor distance leaves the house on any path.
    address_hidden: bool = False
    wheelchair: Wheelchair = tables.choice(Wheelchair, Wheelchair.UNKNOWN)


class AddressStreet(SQLModel, table=True):
    """A street of a table of addresses: what its houses share."""

    __tablename__ = "address_street"
    __table_args__ = (
        Index("ix_address_street_name", "region_id", "key"),
        # Misspelt names are looked for by their trigrams.
        Index("ix_address_street_key", "key", postgresql_using="gin", postgresql_ops={"key": "gin_trgm_ops"}),
        Index("ix_address_street_postcode", "region_id", "postcode"),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    source_id: int = tables.reference("source.id")
    street: str
    key: str  # the name without what people write in several ways
    postcode: str  # empty: the table does not say it
    town: str
    town_key: str
    # One of its houses, the one nearest to the middle of them all.
    lon: float
    lat: float


class Address(SQLModel, table=True):
    """A house of a street; its number is what the front door says."""

    __table_args__ = (Index("ix_address_number", "street_id", "number", "suffix"),)

    id: int = tables.identity()
    street_id: int = Field(foreign_key="address_street.id", ondelete="CASCADE", sa_type=BigInteger)
    number: int
    suffix: str
    lon: float
    lat: float


class PlaceSpace(SQLModel, table=True):
    """A place lies in this space: written by the database alone, one space for each level of a division."""

    __tablename__ = "place_space"
    __table_args__ = (Index("ix_place_space_space", "space_id", "place_id"),)

    place_id: int = Field(primary_key=True, foreign_key="place.id", ondelete="CASCADE", sa_type=BigInteger)
    division_id: int = Field(
        primary_key=True, foreign_key="division.id", ondelete="CASCADE", sa_type=BigInteger, index=True
    )
    level: int = Field(primary_key=True)
    space_id: int = Field(foreign_key="space.id", ondelete="CASCADE", sa_type=BigInteger)


versioned(Place)
