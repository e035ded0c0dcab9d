"""tipg (OGC API Features by Development Seed) beside us: its table, its settings, what it is asked."""

import subprocess
from typing import Final
from urllib.parse import quote

import psycopg

from api.core.build import ROOT
from bench.installation import Installation

PYTHON: Final = ROOT / ".venv-bench" / "bin" / "python"
COLLECTION: Final = "bench.offer_point"
MOST: Final = 10_000  # tipg's own limit of features in one answer

# A table of its own, without a join to make: the best that a general server can be given.
_TABLE: Final = """
  CREATE SCHEMA IF NOT EXISTS bench;
  DROP TABLE IF EXISTS bench.offer_point;
  CREATE TABLE bench.offer_point AS
  SELECT row_number() OVER (ORDER BY o.id, p.place_id) AS id, o.id AS offer, p.place_id AS place,
    top.slug AS topic, p.geom
  FROM offer o
  JOIN offer_at_place a ON a.offer_id = o.id
  JOIN public_point p ON p.place_id = a.place_id
  LEFT JOIN topic t ON t.slug = o.topics[1]
  LEFT JOIN topic top ON top.id = coalesce(t.parent_id, t.id)
  WHERE o.status = 'published' AND o.region_id = (SELECT id FROM region WHERE is_default);
  ALTER TABLE bench.offer_point ADD PRIMARY KEY (id);
  CREATE INDEX ON bench.offer_point USING gist (geom);
  ANALYZE bench.offer_point;
"""


def make_table(installation: Installation) -> None:
    """Write the points of the default region into a table in a schema that the service does not know."""
    with psycopg.connect(installation.plain_url) as connection:
        connection.execute(_TABLE)


def environment(installation: Installation) -> dict[str, str]:
    """Return tipg's settings: our database, and no watching for new tables while it is measured."""
    url = installation.address
    host = str(url.query.get("host", url.host or ""))
    password = f":{quote(url.password, safe='')}" if url.password else ""
    return {
        "DATABASE_URL": (
            f"postgresql://{url.username}{password}@{quote(host, safe='')}:{url.port or 5432}/{url.database}"
        ),
        "TIPG_DB_SCHEMAS": '["bench"]',
        "TIPG_CATALOG_TTL": "0",
    }


def page(features: int) -> str:
    """Return the path that asks for so many features as GeoJSON."""
    return f"/collections/{COLLECTION}/items?f=geojson&limit={features}"


def version() -> str:
    """Return tipg's version and the event loop that uvicorn finds beside it."""
    said = (
        "from importlib.metadata import version; from importlib.util import find_spec;"
        "print(version('tipg'), 'uvloop' if find_spec('uvloop') else 'asyncio')"
    )
    done = subprocess.run([PYTHON, "-c", said], check=True, capture_output=True, text=True)
    return " mit ".join(done.stdout.split())
