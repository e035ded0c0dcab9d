"""Copies whole regions inside the database: the same entries under other numbers, further north.

What triggers would compute (memberships, overlaps, freshness, data versions) is copied as well, so they rest.
"""

from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg import sql

from bench.region import APART, HEIGHT
from bench.rows import Row

# For each table the columns that name a row of another one; "id" of the table itself is understood.
TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "region": {},
    "source": {"region_id": "region"},
    "organization": {"region_id": "region"},
    "place": {"region_id": "region"},
    "division": {"region_id": "region", "source_id": "source"},
    "space": {"division_id": "division", "parent_id": "space"},
    "place_space": {"place_id": "place", "division_id": "division", "space_id": "space"},
    "space_overlap": {"space_id": "space", "other_id": "space"},
    "offer": {"region_id": "region", "organization_id": "organization"},
    "offer_at_place": {"offer_id": "offer", "place_id": "place"},
    "offer_freshness": {"offer_id": "offer", "region_id": "region"},
    "contact": {"offer_id": "offer"},
    "source_record": {"source_id": "source", "offer_id": "offer", "offer_at_place_id": "offer_at_place"},
}

# "kreis-7" becomes the name of the copy; written regions are numbered like their ids.
_RENAMED: Final = "regexp_replace({}, '(kreis|Kreis)([- ])[0-9]+', '\\1\\2' || ({} + %(regions)s)::text)"
_NUMBER: Final = "substring({} from 'kreis-([0-9]+)')::integer"
_OTHERWISE: Final[Mapping[tuple[str, str], str]] = {
    ("region", "slug"): _RENAMED.format("slug", "id"),
    ("region", "name"): _RENAMED.format("name", "id"),
    ("region", "hostnames"): f"ARRAY[{_RENAMED.format('hostnames[1]', 'id')}]",
    ("region", "is_default"): "false",
    ("place", "lat"): "lat + %(north)s",
    ("division", "slug"): _RENAMED.format("slug", "region_id"),
    ("space", "key"): _RENAMED.format("key", _NUMBER.format("key")),
    ("space", "geom"): "ST_Translate(geom, 0, %(north)s)",
    ("offer", "serves"): f"ARRAY(SELECT {_RENAMED.format('key', 'region_id')} FROM unnest(serves) key)",  # noqa: S608
}

_COLUMNS: Final = """
  SELECT column_name FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


def copy_regions(connection: psycopg.Connection[Row], rounds: int) -> None:
    """Copy all regions that are there so many times; one transaction, the owner's."""
    with connection.transaction():
        strides = {table: _highest(connection, table) for table in TABLES}
        for table in TABLES:
            connection.execute(_triggers(table, sql.SQL("DISABLE")))
        for number in range(1, rounds + 1):
            values = {"north": number * (HEIGHT + APART), "regions": number * strides["region"]}
            for table in TABLES:
                shifts = {name: number * stride for name, stride in strides.items()}
                connection.execute(_copy(connection, table, shifts, strides[table]), values)
        for table in TABLES:
            connection.execute(_triggers(table, sql.SQL("ENABLE")))
            if _has_ids(table):
                connection.execute(_counter(table))


def _copy(
    connection: psycopg.Connection[Row], table: str, shifts: Mapping[str, int], written: int
) -> sql.Composed:
    """Return the statement that copies the written rows of a table with shifted numbers."""
    columns = [str(row[0]) for row in connection.execute(_COLUMNS, [table])]
    said = []
    for column in columns:
        target = table if column == "id" else TABLES[table].get(column)
        if target is not None:
            said.append(sql.SQL("{} + {}").format(sql.Identifier(column), shifts[target]))
        else:
            said.append(sql.SQL(_OTHERWISE.get((table, column), f'"{column}"')))  # type: ignore[arg-type]
    key = "id" if _has_ids(table) else next(iter(TABLES[table]))
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {said} FROM {table} WHERE {key} <= {written}"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        said=sql.SQL(", ").join(said),
        key=sql.Identifier(key),
        written=written,
    )


def _highest(connection: psycopg.Connection[Row], table: str) -> int:
    """Return the highest number of the rows that were written; a table without ids goes by its first key."""
    key = "id" if _has_ids(table) else next(iter(TABLES[table]))
    asked = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(sql.Identifier(key), sql.Identifier(table))
    row = connection.execute(asked).fetchone()
    assert row is not None
    return int(row[0])


def _has_ids(table: str) -> bool:
    return table not in ("place_space", "space_overlap", "offer_freshness")


def _triggers(table: str, what: sql.SQL) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), what)


def _counter(table: str) -> sql.Composed:
    """Return the statement that lets a table's own numbers go on after the copies."""
    return sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
        sql.Literal(table), sql.Identifier(table)
    )
