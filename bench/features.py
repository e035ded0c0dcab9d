"""Features and vector tiles: what we, tipg and pygeoapi are asked for, and the tables that the two are given.

Both get all that a feature of ours says in one table without a join to make: the best that a general server
can be given. Ours joins the tables that people work with.
"""

import math
from collections.abc import Iterator
from typing import Final

import psycopg

from bench.installation import Installation
from bench.region import Plan
from bench.servers import Server
from bench.targets import GZIP, Target

Box = tuple[float, float, float, float]

FEW: Final = 20
MANY: Final = 1_000
ZOOMS: Final = (15, 16)  # pygeoapi takes eleven seconds for a tile two steps further out
QUESTIONS: Final = {
    "few": f"{FEW} Angebote",
    "box": f"{FEW} Angebote in einem Ausschnitt",
    "many": "1.000 Angebote",
    "tiles": "Kacheln",
}

_TABLES: Final = """
  CREATE SCHEMA IF NOT EXISTS bench;
  DROP TABLE IF EXISTS bench.offer_feature, bench.offer_tile;
  CREATE TABLE bench.offer_feature AS
  SELECT row_number() OVER (ORDER BY o.id, a.place_id) AS id, o.id AS offer, a.place_id AS place,
    o.name::text, o.summary::text, o.description::text, provider.name::text AS provider,
    o.topics[1]::text AS topic, array_to_string(o.topics, ',') AS topics,
    array_to_string(o.audiences, ',') AS audiences, array_to_string(o.languages, ',') AS languages,
    o.min_age, o.max_age, o.cost::text, o.cost_note::text, o.access::text, o.access_note::text,
    o.resource_level, o.outreach, o.hours_text::text, at.name::text AS place_name, at.street::text,
    at.postcode::text, at.town::text, coalesce(at.address_hidden, false) AS address_hidden,
    at.wheelchair::text, s.key::text AS space, s.name::text AS space_name,
    (SELECT phone::text FROM contact c WHERE c.offer_id = o.id AND c.is_public AND phone IS NOT NULL
      ORDER BY c.id LIMIT 1) AS phone,
    (SELECT email::text FROM contact c WHERE c.offer_id = o.id AND c.is_public AND email IS NOT NULL
      ORDER BY c.id LIMIT 1) AS email,
    o.website::text, '/angebot/' || o.slug AS url, o.verified_on, o.is_example, point.geom
  FROM offer o
  JOIN offer_at_place a ON a.offer_id = o.id
  LEFT JOIN organization provider ON provider.id = o.organization_id
  LEFT JOIN public_place at ON at.id = a.place_id
  JOIN public_point point ON point.place_id = a.place_id
  LEFT JOIN division d ON d.region_id = o.region_id AND d.resident_level IS NOT NULL
  LEFT JOIN place_space lies ON lies.place_id = a.place_id AND lies.division_id = d.id
    AND lies.level = d.resident_level
  LEFT JOIN space s ON s.id = lies.space_id
  WHERE o.status = 'published' AND o.region_id = (SELECT id FROM region WHERE is_default);
  CREATE TABLE bench.offer_tile AS
  SELECT id, offer, place, name, topic, cost, resource_level, place_name, is_example, geom
  FROM bench.offer_feature;
  ALTER TABLE bench.offer_feature ADD PRIMARY KEY (id);
  ALTER TABLE bench.offer_tile ADD PRIMARY KEY (id);
  CREATE INDEX ON bench.offer_feature USING gist (geom);
  CREATE INDEX ON bench.offer_tile USING gist (geom);
  ANALYZE bench.offer_feature;
  ANALYZE bench.offer_tile;
"""
_EXTENT: Final = """
  SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (
    SELECT ST_Extent(geom) AS e FROM bench.offer_feature) extent
"""


def make_tables(installation: Installation) -> Box:
    """Write the offers of the default region into tables in a schema that the service does not know.

    Return the box around their points in degrees.
    """
    with psycopg.connect(installation.plain_url) as connection:
        connection.execute(_TABLES)
        row = connection.execute(_EXTENT).fetchone()
    assert row is not None
    west, south, east, north = row
    return west, south, east, north


def ours(server: Server, plan: Plan, around: Box, kind: str) -> Iterator[Target]:
    """Yield what we are asked for, computed ("first") or remembered ("again")."""
    host = f"{plan.host}:{{n}}" if kind == "first" else plan.host
    items = "/ogc/collections/offers/items"
    tile = "/ogc/collections/offers/tiles/WebMercatorQuad/{z}/{y}/{x}"
    for key, paths in _paths(items, "", tile, around):
        yield Target(f"ours.{key}.{kind}", QUESTIONS[key], server, paths, {**GZIP, "Host": host})


def of_tipg(server: Server, around: Box) -> Iterator[Target]:
    """Yield what tipg is asked for."""
    items = "/collections/bench.offer_feature/items"
    tile = "/collections/bench.offer_tile/tiles/WebMercatorQuad/{z}/{x}/{y}"
    for key, paths in _paths(items, "f=geojson&", tile, around):
        yield Target(f"tipg.{key}", QUESTIONS[key], server, paths)


def of_pygeoapi(server: Server, around: Box) -> Iterator[Target]:
    """Yield what pygeoapi is asked for."""
    items = "/collections/offer_feature/items"
    tile = "/collections/offer_tile/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt"
    for key, paths in _paths(items, "f=json&", tile, around):
        yield Target(f"pygeoapi.{key}", QUESTIONS[key], server, paths)


def _paths(items: str, form: str, tile: str, around: Box) -> Iterator[tuple[str, list[str]]]:
    west, south, east, north = around
    quarter = (west + (east - west) / 4, south + (north - south) / 4, (west + east) / 2, (south + north) / 2)
    yield "few", [f"{items}?{form}limit={FEW}"]
    yield "box", [f"{items}?{form}limit={FEW}&bbox={','.join(f'{edge:.5f}' for edge in quarter)}"]
    yield "many", [f"{items}?{form}limit={MANY}"]
    middle = (west + east) / 2, (south + north) / 2
    yield "tiles", [tile.format(z=zoom, x=x, y=y) for zoom in ZOOMS for x, y in [tile_at(zoom, *middle)]]


def tile_at(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    """Return column and row of the tile of Web Mercator in which a point lies (OGC 17-083r4, annex D.1)."""
    across = 2**zoom
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * across), int(down * across)
