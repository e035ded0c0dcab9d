"""Spaces of a division as features and tiles, built inside PostgreSQL."""

from typing import Any, Final

from sqlalchemy import ColumnElement, LargeBinary, Text, select, text
from sqlmodel import Session, col

from api.core.errors import NotFoundError
from api.core.tables import Rows, columns
from api.ogc import boxes
from api.ogc.parts import ONE, Part, Slice, read
from api.ogc.questions import SpacesQuestion, SpaceWishes
from api.ogc.systems import System
from api.ogc.tiling import Tile
from api.spaces.models import Division, Space

TILE_FIELDS: Final = ("id", "key", "code", "name", "level", "level_name", "parent")

# "found" holds the spaces that are wanted.
_PAGE = text("""
  SELECT coalesce(cast(:matched AS bigint), (SELECT count(*) FROM found)) AS matched, count(*) AS returned,
    coalesce(string_agg(feature, ',' ORDER BY level, id), '') AS features
  FROM (
    SELECT s.level, s.id, json_build_object(
      'type', 'Feature', 'id', s.key,
      'geometry', ST_AsGeoJSON(
        CASE WHEN :north_first THEN ST_FlipCoordinates(s.geom) ELSE ST_Transform(s.geom, :srid) END,
        :digits, 0)::json,
      'properties', json_build_object(
        'key', s.key, 'code', s.code, 'name', s.name, 'slug', s.slug, 'division', d.slug, 'level', s.level,
        'level_name', d.level_names[s.level], 'parent', above.key,
        'url', CASE WHEN s.level = d.resident_level THEN cast(:pages AS text) || '/stadtteil/' || s.slug END,
        'valid_from_on', d.valid_from_on, 'valid_to_on', d.valid_to_on))::text AS feature
    FROM (SELECT * FROM found ORDER BY level, id LIMIT :limit OFFSET :offset) f
    JOIN space s ON s.id = f.id
    JOIN division d ON d.id = s.division_id
    LEFT JOIN space above ON above.id = s.parent_id
  ) page
""").columns(features=Text)

# OFFSET 0: geom is reckoned once, and not once more to ask whether it is NULL.
_TILE = text("""
  SELECT ST_AsMVT(shown, :layer, 4096, 'geom') AS tile FROM (
    SELECT ST_AsMVTGeom(ST_Transform(s.geom, 3857), ST_TileEnvelope(:z, :x, :y), 4096, 64) AS geom,
      s.key AS id, s.key, s.code, s.name, s.level, d.level_names[s.level] AS level_name, above.key AS parent
    FROM found f
    JOIN space s ON s.id = f.id
    JOIN division d ON d.id = s.division_id
    LEFT JOIN space above ON above.id = s.parent_id
    ORDER BY s.level, s.id
    OFFSET 0
  ) shown WHERE geom IS NOT NULL
""").columns(tile=LargeBinary)


def part(
    session: Session, division_id: int, asked: SpacesQuestion, pages: str, matched: int | None = None
) -> Part:
    """Return the features that are asked for; pages: where the region's pages are found.

    matched: how many answer the question, if that is known already.
    """
    found = _found(division_id, asked, _within(asked))
    wanted = Slice(asked.limit, asked.offset, matched)
    return read(session, _PAGE, found.cte("found"), asked.crs, wanted, pages)


def one(session: Session, division_id: int, key: str, system: System, pages: str) -> str:
    """Return the feature of the space with this key or raise NotFoundError."""
    if "\x00" not in key:  # PostgreSQL takes no NUL
        found = _found(division_id, SpaceWishes(), [col(Space.key) == key])
        alone = read(session, _PAGE, found.cte("found"), system, ONE, pages)
        if alone.returned:
            return alone.features
    raise NotFoundError("There is no such feature in this collection.")


def tile(session: Session, division_id: int, layer: str, where: Tile, asked: SpaceWishes) -> bytes:
    """Return the outlines in a tile as Mapbox Vector Tile; empty: none."""
    found = _found(division_id, asked, [boxes.is_near(where.around(), col(Space.geom))]).cte("found")
    values = {"layer": layer, "z": where.z, "x": where.x, "y": where.y}
    return bytes(session.scalar(_TILE.bindparams(**values).add_cte(found)) or b"")


def _found(division_id: int, asked: SpaceWishes, also: list[ColumnElement[bool]]) -> Rows:
    return (
        select(col(Space.id), col(Space.level))
        .join(Division, col(Division.id) == col(Space.division_id))
        .where(col(Space.division_id) == division_id, *_properties(asked), *also)
    )


def _properties(asked: SpaceWishes) -> list[ColumnElement[bool]]:
    found: list[Any] = [
        columns(Space)[name] == getattr(asked, name)
        for name in ("key", "code", "name", "level")
        if getattr(asked, name) is not None
    ]
    if asked.parent is not None:
        above = Space.__table__.alias("above_it")  # type: ignore[attr-defined]
        found.append(col(Space.parent_id).in_(select(above.c.id).where(above.c.key == asked.parent)))
    return found


def _within(asked: SpacesQuestion) -> list[ColumnElement[bool]]:
    found = []
    if asked.bbox is not None:
        found.append(boxes.touches_area(asked.bbox, col(Space.geom)))
    if asked.datetime is not None:
        found += boxes.within(asked.datetime, col(Division.valid_from_on), col(Division.valid_to_on))
    return found
