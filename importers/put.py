"""Writing settings rows (regions, divisions, topics) so that equal values write nothing at all."""

from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

Row = TypeVar("Row", bound=SQLModel)


def put(session: Session, table: type[Row], row: Row | None, values: dict[str, Any]) -> Row:
    """Make the row or set the values that differ, save it and return it; equal values write nothing."""
    row = row or table(**values)
    for field, value in values.items():
        if getattr(row, field) != value:
            setattr(row, field, value)
    session.add(row)
    session.flush()
    return row
