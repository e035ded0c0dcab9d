"""Sets of spaces, as SQL."""

from sqlalchemy import ColumnElement, false, func, select
from sqlmodel import col

from api.core.tables import Rows, columns
from api.regions.models import Region
from api.spaces.models import Division, Space, SpaceOverlap

# At the latitude of Germany one degree of latitude is about this long.
METRES_PER_DEGREE = 111_200.0


def resident() -> ColumnElement[bool]:
    """Return the condition for spaces of the level that residents call Stadtteil (needs Division joined)."""
    return col(Space.level) == col(Division.resident_level)


def refs(region: Region) -> Rows:
    """Return the spaces of a region by their names, in the order of their divisions."""
    return (
        select(
            col(Space.id),
            col(Space.key),
            col(Space.name),
            col(Space.slug),
            columns(Division).slug.label("division"),
            col(Space.level),
            func.coalesce(col(Division.level_names)[col(Space.level)], "").label("level_name"),
            func.coalesce(resident(), false()).label("is_resident"),
        )
        .join(Division, col(Division.id) == col(Space.division_id))
        .where(col(Division.region_id) == region.id)
        .order_by(col(Division.id), col(Space.level), func.lower(col(Space.name)), col(Space.code))
    )


def overlapping(space_id: int) -> Rows:
    """Return space ids and shares (0 to 1, of the named space's area) of all spaces overlapping it."""
    return (
        select(columns(SpaceOverlap).other_id.label("id"), col(SpaceOverlap.share))
        .where(col(SpaceOverlap.space_id) == space_id)
        .order_by(col(SpaceOverlap.share).desc())
    )


def touching(space_id: int) -> Rows:
    """Return the ids of the spaces of the same level and division that border on this one."""
    here, there = Space.__table__.alias("here"), Space.__table__.alias("there")  # type: ignore[attr-defined]
    return (
        select(there.c.id)
        .join(here, (here.c.division_id == there.c.division_id) & (here.c.level == there.c.level))
        .where(
            here.c.id == space_id, there.c.id != space_id, func.ST_DWithin(here.c.geom, there.c.geom, 0.0002)
        )
    )
