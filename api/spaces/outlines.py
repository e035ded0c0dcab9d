"""Outlines of spaces, built inside PostgreSQL: GeoJSON for maps, SVG for pages without JavaScript."""

from math import cos, radians

from pydantic import BaseModel
from sqlalchemy import Text, text
from sqlmodel import Session

from api.regions.models import Region
from api.spaces.queries import METRES_PER_DEGREE
from api.spaces.schemas import SpaceRef

_GEOJSON = text("""
  SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(
    json_build_object('type', 'Feature', 'id', key,
      'geometry', ST_AsGeoJSON(
        CASE WHEN :tolerance > 0 THEN ST_SimplifyPreserveTopology(geom, :tolerance) ELSE geom END,
        6, 0)::json,
      'properties', json_build_object(
        'key', key, 'name', name, 'slug', slug, 'code', code, 'division', division, 'level', level,
        'level_name', level_name, 'label', json_build_array(
          round(ST_X(label)::numeric, 5), round(ST_Y(label)::numeric, 5))))
    ORDER BY division_id, level, lower(name), code), '[]'))::text AS answer
  FROM (
    SELECT s.*, d.slug AS division, d.level_names[s.level] AS level_name, ST_PointOnSurface(s.geom) AS label
    FROM space s JOIN division d ON d.id = s.division_id
    WHERE d.region_id = :region
      AND (cast(:division AS text) IS NULL OR d.slug = :division)
      AND (cast(:level AS integer) IS NULL OR s.level = :level)
      AND (cast(:key AS text) IS NULL OR s.key = :key)
  ) wanted
""").columns(answer=Text)

_BOX = text("""
  SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
  FROM (SELECT ST_Extent(s.geom) AS box FROM space s JOIN division d ON d.id = s.division_id
        WHERE d.region_id = :region AND s.level = d.resident_level) extent
""")

# Longitudes shrink towards the pole: without the cosine every German city would look too wide.
_SVG = text("""
  SELECT key, name, slug, division, level, level_name, true AS is_resident, ST_AsSVG(flat, 0, 1) AS path,
    round(ST_X(ST_PointOnSurface(flat))) AS label_x, round(-ST_Y(ST_PointOnSurface(flat))) AS label_y
  FROM (
    SELECT s.key, s.name, s.slug, d.slug AS division, s.level, d.level_names[s.level] AS level_name,
      ST_Scale(
        ST_Translate(ST_SimplifyPreserveTopology(s.geom, :tolerance), :to_west, :to_south),
        :stretch_x, :stretch_y) AS flat
    FROM space s JOIN division d ON d.id = s.division_id
    WHERE d.region_id = :region AND s.level = d.resident_level
  ) drawn ORDER BY lower(name)
""")

SVG_TOLERANCE_METRES = 25.0
# The picture's width in its own units, about the pixels it is shown with: names are set in these units.
SVG_WIDTH = 600.0


class Drawing(BaseModel):
    """A space as an SVG path, with the point where its name fits."""

    space: SpaceRef
    path: str
    label_x: float
    label_y: float


class Drawings(BaseModel):
    """All spaces that residents call Stadtteil, drawn in one picture; viewbox as SVG says it."""

    viewbox: str
    spaces: list[Drawing]
    west: float = 0
    south: float = 0
    stretch_x: float = 1
    stretch_y: float = 1

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point lies in the picture, in its own units."""
        return (lon - self.west) * self.stretch_x, (self.south - lat) * self.stretch_y


def geojson(
    session: Session,
    region: Region,
    *,
    division: str | None = None,
    level: int | None = None,
    key: str | None = None,
    tolerance_metres: float = 0,
) -> str:
    """Return a GeoJSON FeatureCollection (RFC 7946) of the chosen spaces, simplified by about a tolerance."""
    values = {
        "region": region.id,
        "division": division,
        "level": level,
        "key": key,
        "tolerance": tolerance_metres / METRES_PER_DEGREE,
    }
    return str(session.scalar(_GEOJSON.bindparams(**values)))


def drawings(session: Session, region: Region) -> Drawings:
    """Return the residents' spaces as SVG paths, flat as on a paper map."""
    box = session.execute(_BOX.bindparams(region=region.id)).one()
    if box.west is None:
        return Drawings(viewbox="0 0 1 1", spaces=[])
    narrow = cos(radians((box.south + box.north) / 2))
    scale = SVG_WIDTH / ((box.east - box.west) * narrow)
    values = {
        "region": region.id,
        "tolerance": SVG_TOLERANCE_METRES / METRES_PER_DEGREE,
        "to_west": -box.west,
        "to_south": -box.south,
        "stretch_x": scale * narrow,
        "stretch_y": scale,
    }
    rows = session.execute(_SVG.bindparams(**values)).mappings()
    spaces = [Drawing.model_validate({**row, "space": SpaceRef.model_validate(row)}) for row in rows]
    width, height = (box.east - box.west) * narrow * scale, (box.north - box.south) * scale
    return Drawings(
        viewbox=f"0 {-height:.0f} {width:.0f} {height:.0f}",
        spaces=spaces,
        west=box.west,
        south=box.south,
        stretch_x=scale * narrow,
        stretch_y=scale,
    )
