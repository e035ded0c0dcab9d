"""Loads a table of addresses into a region: all of it or nothing, and nothing at all if nothing is new."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from api.core.errors import NotFoundError
from api.history.models import Origin
from api.history.service import Act
from api.regions import service as regions
from api.regions.models import Region
from api.sources import service as sources
from api.sources.models import Source
from importers.errors import UnusableError
from importers.geocoding import table
from importers.geocoding.table import AddressMapping, Counted, House

_COPIED = text("""
  DROP TABLE IF EXISTS pg_temp.address_copied, pg_temp.address_new;
  CREATE TEMP TABLE address_copied (
    street text, key text, number integer, suffix text, postcode text, town text, town_key text,
    x double precision, y double precision
  ) ON COMMIT DROP
""")
_COPY = f"COPY pg_temp.address_copied ({', '.join(House._fields)}) FROM STDIN"
# The same house twice (a building and its door, say) is one; which of the two is always the same.
_NEW = text("""
  CREATE TEMP TABLE address_new ON COMMIT DROP AS
  SELECT DISTINCT ON (key, postcode, town_key, number, suffix) street, key, number, suffix, postcode, town,
    town_key, round(ST_X(point)::numeric, 6)::float8 AS lon, round(ST_Y(point)::numeric, 6)::float8 AS lat
  FROM pg_temp.address_copied,
    LATERAL (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(x, y), :srid), 4326) AS point) made
  ORDER BY key, postcode, town_key, number, suffix, x, y
""")
_INSIDE = text("""
  SELECT outline IS NULL OR EXISTS (
    SELECT FROM pg_temp.address_new WHERE ST_Intersects(ST_SetSRID(ST_MakePoint(lon, lat), 4326), outline))
  FROM (
    SELECT ST_SetSRID(ST_Expand(ST_Extent(s.geom)::geometry, 0.02), 4326) AS outline
    FROM space s JOIN division d ON d.id = s.division_id WHERE d.region_id = :region
  ) AS region
""")
_DIFFERS = text("""
  WITH present AS (
    SELECT s.key, s.postcode, s.town_key, a.number, a.suffix, a.lon, a.lat
    FROM address a JOIN address_street s ON s.id = a.street_id WHERE s.source_id = :source
  ), wanted AS (
    SELECT key, postcode, town_key, number, suffix, lon, lat FROM pg_temp.address_new
  )
  SELECT EXISTS (SELECT * FROM present EXCEPT SELECT * FROM wanted)
    OR EXISTS (SELECT * FROM wanted EXCEPT SELECT * FROM present)
""")
_STREETS = text("""
  WITH middle AS (
    SELECT key, postcode, town_key, mode() WITHIN GROUP (ORDER BY street) AS street,
      mode() WITHIN GROUP (ORDER BY town) AS town, avg(lon) AS lon, avg(lat) AS lat
    FROM pg_temp.address_new GROUP BY key, postcode, town_key
  )
  INSERT INTO address_street (region_id, source_id, street, key, postcode, town, town_key, lon, lat)
  SELECT DISTINCT ON (n.key, n.postcode, n.town_key) :region, :source, m.street, n.key, n.postcode, m.town,
    n.town_key, n.lon, n.lat
  FROM middle m JOIN pg_temp.address_new n USING (key, postcode, town_key)
  ORDER BY n.key, n.postcode, n.town_key,
    ((n.lon - m.lon) * cos(radians(m.lat))) ^ 2 + (n.lat - m.lat) ^ 2, n.number, n.suffix
""")
_HOUSES = text("""
  INSERT INTO address (street_id, number, suffix, lon, lat)
  SELECT s.id, n.number, n.suffix, n.lon, n.lat
  FROM pg_temp.address_new n JOIN address_street s USING (key, postcode, town_key)
  WHERE s.source_id = :source ORDER BY s.id, n.number, n.suffix
""")


@dataclass
class Loaded:
    """What a load did."""

    title: str
    rows: int = 0
    streets: int = 0
    houses: int = 0
    changed: bool = False
    unusable: Counter[str] = field(default_factory=Counter)

    def text(self) -> str:
        """Return it in German."""
        state = "geladen" if self.changed else "war schon da, nichts geändert"
        lines = [f"{self.title}: {self.houses} Häuser in {self.streets} Straßen ({state})."]
        if skipped := self.unusable.total():
            lines.append(f"{skipped} von {self.rows} Zeilen sind keine Adresse mit Punkt:")
            lines += [f"  {number} × {reason}" for reason, number in self.unusable.most_common()]
        return "\n".join(lines)


def load(
    session: Session, path: Path, mapping: AddressMapping, actor: str, region: str | None = None
) -> Loaded:
    """Replace what a source of addresses has given before; raise UnusableError if the file cannot be used.

    The caller commits or rolls back.
    """
    here = _region(session, region or mapping.source.region)
    act = Act(here.id, actor, Origin.COMMAND)
    source, _ = sources.register(session, act, _source_values(mapping))
    # Who loads the same table at the same time waits here.
    session.execute(select(col(Source.id)).where(col(Source.id) == source.id).with_for_update())
    counted = Counted()
    _copy(session, path, mapping, counted)
    try:
        session.execute(_NEW, {"srid": mapping.srid})
    except DBAPIError as error:
        raise UnusableError(
            f"{path.name}: Die Koordinaten passen nicht zu {mapping.file.crs}. Bitte [file] crs prüfen."
        ) from error
    if not session.scalar(text("SELECT EXISTS (SELECT FROM pg_temp.address_new)")):
        raise UnusableError(f"{path.name}: Die Datei enthält keine Adresse mit Punkt.{_most(counted)}")
    if not session.scalar(_INSIDE, {"region": here.id}):
        raise UnusableError(
            f"{path.name}: Keine der Adressen liegt in der Region. Bitte [file] crs und die Reihenfolge von"
            " x (Länge, Rechtswert) und y (Breite, Hochwert) prüfen."
        )
    names = {"region": here.id, "source": source.id}
    changed = bool(session.scalar(_DIFFERS, {"source": source.id}))
    if changed:
        session.execute(text("DELETE FROM address_street WHERE source_id = :source"), {"source": source.id})
        session.execute(_STREETS, names)
        session.execute(_HOUSES, {"source": source.id})
    streets, found = session.execute(
        text(
            "SELECT count(DISTINCT s.id), count(*) FROM address_street s JOIN address a ON a.street_id = s.id"
            " WHERE s.source_id = :source"
        ),
        {"source": source.id},
    ).one()
    return Loaded(source.title, counted.rows, streets, found, changed, counted.unusable)


def _copy(session: Session, path: Path, mapping: AddressMapping, counted: Counted) -> None:
    for statement in _COPIED.text.split(";"):
        session.execute(text(statement))
    connection: psycopg.Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for house in table.houses(path, mapping, counted):
            copy.write_row(house)


def _region(session: Session, slug: str) -> Region:
    try:
        return regions.get(session, slug)
    except NotFoundError as error:
        raise UnusableError(f"Die Region „{slug}“ gibt es nicht.") from error


def _source_values(mapping: AddressMapping) -> dict[str, Any]:
    said = mapping.source
    named = {"slug", "title", "publisher", "url", "licence", "licence_url", "attribution"}
    return {**said.model_dump(include=named), "date_on": said.date}


def _most(counted: Counted) -> str:
    return f" Meist: {counted.unusable.most_common(1)[0][0]}." if counted.unusable else ""
