"""Sets of places that strangers may see, as SQL: through the views public_place and public_point only."""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    MetaData,
    Table,
    Text,
    func,
    select,
)
from sqlmodel import col

from api.core.geo import BBox, LonLat
from api.core.tables import Rows
from api.places.models import PlaceSpace

_views = MetaData()

public_place = Table(
    "public_place",
    _views,
    Column("id", BigInteger),
    Column("region_id", BigInteger),
    Column("name", Text),
    Column("address_hidden", Boolean),
    Column("wheelchair", Text),
    Column("street", Text),
    Column("postcode", Text),
    Column("town", Text),
    Column("lon", Float),
    Column("lat", Float),
    Column("precision", Text),
)

public_point = Table(
    "public_point",
    _views,
    Column("place_id", BigInteger),
    Column("region_id", BigInteger),
    Column("lon", Float),
    Column("lat", Float),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False)),
)


def _geography(point: LonLat) -> ColumnElement[Any]:
    return func.geography(func.ST_SetSRID(func.ST_MakePoint(point.lon, point.lat), 4326))


def metres_from(point: LonLat) -> ColumnElement[float]:
    """Return the distance of a public point as the crow flies, in metres."""
    return func.ST_Distance(func.geography(public_point.c.geom), _geography(point))


def near(point: LonLat, metres: float) -> Rows:
    """Return the ids of places within metres of a point (uses the index on geography(geom))."""
    within = func.ST_DWithin(func.geography(public_point.c.geom), _geography(point), metres)
    return select(public_point.c.place_id).where(within)


def in_box(box: BBox) -> Rows:
    """Return the ids of places inside a box of degrees, borders included."""
    envelope = func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, 4326)
    return select(public_point.c.place_id).where(
        # The index compares rounded boxes; the figures themselves decide, even if the box is but a point.
        public_point.c.geom.bool_op("&&")(envelope),
        public_point.c.lon.between(box.west, box.east),
        public_point.c.lat.between(box.south, box.north),
    )


def in_spaces(space_ids: list[int]) -> Rows:
    """Return the ids of places that lie in one of the spaces."""
    return select(col(PlaceSpace.place_id)).where(col(PlaceSpace.space_id).in_(space_ids))


def hidden(region_id: int) -> Rows:
    """Return the ids of a region's places whose address is not public."""
    return select(public_place.c.id).where(
        public_place.c.region_id == region_id, public_place.c.address_hidden
    )
