"""Puts many rows into a table at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import Cursor, sql

Row = tuple[Any, ...]


def insert(cursor: Cursor[Row], table: str, values: Mapping[str, object]) -> int:
    """Insert one row and return its id."""
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.Placeholder() * len(values)),
    )
    row = cursor.execute(statement, list(values.values())).fetchone()
    assert row is not None
    return int(row[0])


def copy(cursor: Cursor[Row], table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Copy rows into a table."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)


def copy_numbered(
    cursor: Cursor[Row], table: str, region: int, columns: Sequence[str], rows: Iterable[Row]
) -> list[int]:
    """Copy rows of a region into a table and return their ids, taken from the table's own sequence."""
    listed = list(rows)
    taken = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    ids = [int(row[0]) for row in cursor.execute(taken, [table, len(listed)])]
    numbered = ((number, region, *row) for number, row in zip(ids, listed, strict=True))
    copy(cursor, table, ("id", "region_id", *columns), numbered)
    return ids
