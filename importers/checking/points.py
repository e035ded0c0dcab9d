"""Doubts about points on the map, against the address, the postcode and the outline of the region.

Hidden addresses are never looked at: a doubt about one would tell something about where it is.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Row, text
from sqlmodel import Session

from api.core.geo import LonLat
from api.doubts.finding import Finding, fingerprint
from api.doubts.models import Kind
from api.places.models import Precision
from importers import outline
from importers.geocoding import lookup
from importers.geocoding.addresses import parse
from importers.geocoding.lookup import Answer, Point

FAR: Final = 300.0  # metres from the door; entrances and large sites are nearer
ACROSS: Final = 200.0  # metres into the area of another postcode; outlines and points are not exact
AT_ONCE: Final = 1_000  # addresses for each round of statements
KILOMETRE: Final = 1_000.0

# Under a roof that several share each is asked: who corrects a point moves one offer alone.
_PLACES: Final = text("""
  SELECT p.id, a.id AS at_place, a.offer_id, p.street, p.postcode, p.town, p.lon, p.lat, p.precision
  FROM offer o JOIN offer_at_place a ON a.offer_id = o.id JOIN place p ON p.id = a.place_id
  WHERE o.id = ANY (CAST(:offers AS bigint[])) AND o.status IN ('published', 'paused')
    AND p.region_id = :region AND NOT p.address_hidden
  ORDER BY p.id, a.id
""")
# Spaces of a division of postcodes: all their codes are five digits, and at least one is a postcode here.
_DIVISIONS: Final = text("""
  SELECT d.id FROM division d
  WHERE d.region_id = :region AND (d.slug ~* 'plz|postleit' OR d.name ~* 'plz|postleit')
    AND NOT EXISTS (SELECT FROM space s WHERE s.division_id = d.id AND s.code !~ '^[0-9]{5}$')
""")
_ACROSS: Final = text("""
  SELECT p.id, min(s.code) AS code
  FROM place p
  JOIN place_space ps ON ps.place_id = p.id AND ps.division_id = ANY (CAST(:divisions AS bigint[]))
  JOIN space s ON s.id = ps.space_id
  WHERE p.id = ANY (CAST(:places AS bigint[])) AND NOT p.address_hidden
  GROUP BY p.id, p.postcode, p.geom
  HAVING bool_and(s.code <> p.postcode) AND NOT EXISTS (
    SELECT FROM space said
    WHERE said.division_id = ANY (CAST(:divisions AS bigint[])) AND said.code = p.postcode
      AND ST_DWithin(geography(said.geom), geography(p.geom), :metres))
""")


def check(session: Session, region_id: int, offer_ids: Sequence[int]) -> Iterator[Finding]:
    """Yield what looks wrong about the points of places at which these offers are."""
    rows = session.execute(_PLACES, {"region": region_id, "offers": list(offer_ids)}).all()
    places = list({row.id: row for row in rows}.values())
    placed = [row for row in places if row.lon is not None]
    answers = _looked_up(session, region_id, places)
    positions = outline.outside(session, region_id, [LonLat(row.lon, row.lat) for row in placed])
    outside = {placed[position].id for position in positions}
    across = _across(session, region_id, placed)
    for row in rows:
        answer = answers.get(row.id)
        if row.lon is None:
            yield _finding(row, Kind.POINT_MISSING, "point", {}, _point(answer))
        elif (metres := _metres(row, answer)) > FAR:
            yield _finding(row, Kind.POINT_ADDRESS, "point", {"metres": _rounded(metres)}, _point(answer))
        elif row.id in outside:
            yield _finding(row, Kind.POINT_OUTSIDE, "point", {}, _point(answer))
        elif row.id in across:
            # The house is where the point is: then it is the postcode.
            is_house = answer is not None and answer.precision == Precision.HOUSE
            yield _finding(row, Kind.POINT_POSTCODE, "postcode", {}, across[row.id] if is_house else None)


def _looked_up(session: Session, region_id: int, rows: Sequence[Row[Any]]) -> dict[int, Answer]:
    """Return what the region's table says of addresses whose points somebody gave, or nobody."""
    asked = [row for row in rows if row.precision is None and (row.street or row.postcode)]
    if not asked or not lookup.has_table(session, region_id):
        return {}
    found: dict[int, Answer] = {}
    for start in range(0, len(asked), AT_ONCE):
        part = asked[start : start + AT_ONCE]
        answers = lookup.find(session, region_id, [parse(row.street, row.postcode, row.town) for row in part])
        found |= {row.id: answer for row, answer in zip(part, answers, strict=True) if answer.point}
    return found


def _metres(row: Row[Any], answer: Answer | None) -> float:
    """Return how far a point is from its house; streets are too long to tell."""
    if answer is None or answer.point is None or answer.precision != Precision.HOUSE:
        return 0.0
    return lookup.metres(Point(row.lon, row.lat), answer.point)


def _across(session: Session, region_id: int, placed: Sequence[Row[Any]]) -> dict[int, str]:
    """Return the postcode of the area in which a place lies that says another one."""
    divisions = list(session.scalars(_DIVISIONS, {"region": region_id}))
    said = [row.id for row in placed if row.postcode and row.precision != Precision.POSTCODE]
    if not divisions or not said:
        return {}
    values = {"divisions": divisions, "places": said, "metres": ACROSS}
    return {row.id: row.code for row in session.execute(_ACROSS, values)}


def _point(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None or answer.point is None:
        return None
    precision = answer.precision.value if answer.precision else None
    return {"lon": answer.point.lon, "lat": answer.point.lat, "precision": precision}


def _rounded(metres: float) -> int:
    return int(round(metres, -1 if metres < KILOMETRE else -2))


def _finding(row: Row[Any], kind: Kind, field: str, details: dict[str, Any], proposed: object) -> Finding:
    path = f"places/{row.at_place}/{field}"
    seen = fingerprint(row.street, row.postcode, row.town, row.lon, row.lat)
    return Finding(row.offer_id, kind, path, seen, details, {} if proposed is None else {path: proposed})
