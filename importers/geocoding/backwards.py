"""From a point to words: in which space it lies, and which house is near, by the region's own tables."""

from typing import Final, NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from importers.geocoding.lookup import Point

FAR: Final = 0.02  # degrees of latitude between a point and the middle of a street that may pass by it
# The middle of a long street is far away from its ends: of the nearest ones all houses are looked at.
_NEAREST: Final = text("""
  WITH near AS (
    SELECT id, street FROM address_street
    WHERE region_id = :region AND lat BETWEEN :lat - :far AND :lat + :far
      AND lon BETWEEN :lon - 2 * :far AND :lon + 2 * :far
    ORDER BY (lat - :lat) ^ 2 + ((lon - :lon) * cos(radians(:lat))) ^ 2 LIMIT 60
  )
  SELECT n.street, h.number, h.suffix, h.metres FROM near n
  CROSS JOIN LATERAL (
    SELECT a.number, a.suffix,
      111195 * sqrt((a.lat - :lat) ^ 2 + ((a.lon - :lon) * cos(radians(:lat))) ^ 2) AS metres
    FROM address a WHERE a.street_id = n.id ORDER BY metres LIMIT 1
  ) h ORDER BY h.metres, n.id LIMIT 1
""")
_SPACES: Final = text("""
  SELECT EXISTS (SELECT FROM division WHERE region_id = :region) AS has_spaces, count(*) > 0 AS is_inside,
    min(s.name) FILTER (WHERE at.level = d.resident_level) AS name
  FROM spaces_at(:region, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) at
  JOIN space s ON s.id = at.space_id JOIN division d ON d.id = at.division_id
""")


class Around(NamedTuple):
    """What lies around a point."""

    is_inside: bool  # of the region; where nobody has drawn any spaces, everything is
    space: str  # as residents call it; empty: none
    house: str  # the nearest one that the tables know, "Lindenweg 3"; empty: none
    metres: float = 0.0  # to this house


def around(session: Session, region_id: int, point: Point) -> Around:
    """Return what lies around a point."""
    here = {"region": region_id, "lon": point.lon, "lat": point.lat}
    spaces = session.execute(_SPACES, here).one()
    house = session.execute(_NEAREST, here | {"far": FAR}).one_or_none()
    is_inside = spaces.is_inside or not spaces.has_spaces
    if house is None:
        return Around(is_inside, spaces.name or "", "")
    return Around(
        is_inside, spaces.name or "", f"{house.street} {house.number}{house.suffix}", float(house.metres)
    )
