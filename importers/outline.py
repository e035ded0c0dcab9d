"""Points that lie so far outside the region that something must be wrong with them."""

from collections.abc import Sequence

from sqlalchemy import Float, case, cast, exists, false, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from api.core.geo import LonLat
from api.spaces.models import Division, Space

# Neighbours just across the border are welcome: families go there.
MARGIN_METRES = 2_000.0
# The same for the index, in degrees: of longitude in the very north of Germany, where they are shortest.
MARGIN_DEGREES = 0.032


def has_spaces(session: Session, region_id: int) -> bool:
    """Return whether a region has an outline at all."""
    of_region = (col(Space.division_id) == col(Division.id), col(Division.region_id) == region_id)
    return bool(session.scalar(select(exists().where(*of_region))))


def outside(session: Session, region_id: int, points: Sequence[LonLat]) -> set[int]:
    """Return the positions of the points farther than MARGIN_METRES from all spaces of the region.

    A region without spaces has no outline: nothing is outside of it.
    """
    if not points or not has_spaces(session, region_id):
        return set()
    lons = cast([point.lon for point in points], ARRAY(Float))
    lats = cast([point.lat for point in points], ARRAY(Float))
    asked = func.unnest(lons, lats).table_valued("lon", "lat", with_ordinality="position")
    asked = asked.render_derived(name="asked")
    point = func.ST_SetSRID(func.ST_MakePoint(asked.c.lon, asked.c.lat), 4326)
    of_region = (col(Space.division_id) == col(Division.id), col(Division.region_id) == region_id)
    # Nearly all lie inside, which is quickly seen; only the others are measured, whatever the planner thinks.
    inside = exists().where(*of_region, func.ST_Covers(col(Space.geom), point))
    close = exists().where(
        *of_region,
        func.ST_DWithin(col(Space.geom), point, MARGIN_DEGREES),
        func.ST_DWithin(func.geography(col(Space.geom)), func.geography(point), MARGIN_METRES),
    )
    is_outside = case((inside, false()), else_=~close)
    return {position - 1 for position in session.scalars(select(asked.c.position).where(is_outside))}
