"""Divisions and their spaces: several ways of cutting a region, side by side."""

from datetime import date
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from api.core import tables


class Division(SQLModel, table=True):
    """One way of cutting the region, with its levels named from the coarsest to the finest."""

    __table_args__ = (
        UniqueConstraint("region_id", "slug"),
        Index(
            "uq_division_resident",
            "region_id",
            unique=True,
            postgresql_where=text("resident_level IS NOT NULL"),
        ),
        CheckConstraint("resident_level BETWEEN 1 AND cardinality(level_names)", name="resident_level"),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    source_id: int | None = tables.reference("source.id", optional=True)
    slug: str
    name: str
    level_names: list[str] = tables.texts()
    # The level that residents call Stadtteil; at most one division of a region has one.
    resident_level: int | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None


class Space(SQLModel, table=True):
    """One area of a division; known outside by its key, e.g. "lor:110306"."""

    __table_args__ = (
        UniqueConstraint("division_id", "level", "slug"),
        UniqueConstraint("division_id", "code"),
        CheckConstraint("level >= 1", name="level"),
        Index("ix_space_geom", "geom", postgresql_using="gist"),
    )

    id: int = tables.identity()
    division_id: int = tables.reference("division.id", index=False)
    parent_id: int | None = tables.reference("space.id", optional=True)
    level: int
    code: str
    key: str = Field(index=True)
    name: str
    slug: str
    geom: Any = Field(sa_type=Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False)


class SpaceOverlap(SQLModel, table=True):
    """How much of a space lies in another one of the same region: written by the database alone."""

    __tablename__ = "space_overlap"

    space_id: int = Field(primary_key=True, foreign_key="space.id", ondelete="CASCADE", sa_type=BigInteger)
    other_id: int = Field(
        primary_key=True, foreign_key="space.id", ondelete="CASCADE", sa_type=BigInteger, index=True
    )
    share: float  # of the area of space_id, 0 to 1
