"""The one way to write entries: every creation, change and deletion leaves a revision."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from api.core import clock
from api.history.entities import Entity, entity_named, entity_of, recorded
from api.history.models import Action, Origin, Revision

Row = TypeVar("Row", bound=SQLModel)

# The rows are numbered as they come, before they are written, so that each goes in with its revision.
_CREATE_MANY = """
  WITH said AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('{table}', 'id')) AS number, listed.*
    FROM ROWS FROM (
      jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb)),
      jsonb_array_elements(CAST(:changes AS jsonb))
    ) AS listed
  ), made AS (
    INSERT INTO {table} (id, {columns}) SELECT number, {columns} FROM said
  ), noted AS (
    INSERT INTO revision
      (region_id, batch_id, undoes_id, entity, entity_id, action, origin, actor, changes, at)
    SELECT CAST(:region_id AS bigint), CAST(:batch_id AS bigint), CAST(:undoes_id AS bigint), '{table}',
      number, 'create', :origin, :actor, value, :at
    FROM said
  )
  SELECT number FROM said
"""


@dataclass(frozen=True)
class Act:
    """Who does something, on which way, as part of which batch."""

    region_id: int
    actor: str
    origin: Origin
    batch_id: int | None = None
    undoes_id: int | None = None


def create(session: Session, act: Act, row: Row) -> Row:
    """Add a new entry and record all its values."""
    session.add(row)
    session.flush()
    values = {field: {"new": recorded(getattr(row, field))} for field in entity_of(row).fields}
    _record(session, act, row, Action.CREATE, values)
    return row


def create_many(
    session: Session, act: Act, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Add new entries of one table with a single statement, each with its revision; return their ids.

    Each row holds the fields that are not left at their defaults. The same comes of it as of create for each.
    """
    if not rows:
        return []
    entity = entity_named(str(table.__tablename__))
    usual = _usual(entity)
    values = [{**usual, **row} for row in rows]
    fields = set(entity.fields)
    assert all(row.keys() == fields for row in values), f"{entity.name}: fields missing or unknown"
    statement = _CREATE_MANY.format(
        table=entity.name, columns=", ".join(f'"{name}"' for name in entity.fields)
    )
    said = {
        "rows": _json(values),
        "changes": _json([{field: {"new": value} for field, value in row.items()} for row in values]),
        "region_id": act.region_id,
        "batch_id": act.batch_id,
        "undoes_id": act.undoes_id,
        "origin": act.origin,
        "actor": act.actor,
        "at": clock.now(),
    }
    return list(session.scalars(text(statement), said))


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=recorded, check_circular=False)


@cache
def _usual(entity: Entity) -> dict[str, Any]:
    """Return what the fields of a table hold that nobody sets; without those that somebody must set."""
    fields = entity.table.model_fields
    return {
        name: fields[name].get_default(call_default_factory=True)
        for name in entity.fields
        if not fields[name].is_required()
    }


def change(session: Session, act: Act, row: SQLModel, values: Mapping[str, Any]) -> list[str]:
    """Set the fields that differ and record them; return their names."""
    changes = {}
    for field, value in values.items():
        old, new = recorded(getattr(row, field)), recorded(value)
        if old != new:
            changes[field] = {"old": old, "new": new}
            setattr(row, field, value)
    if changes:
        session.flush()
        _record(session, act, row, Action.CHANGE, changes)
    return list(changes)


def delete(session: Session, act: Act, row: SQLModel) -> None:
    """Remove an entry and record all its values, so that it can be brought back."""
    values = {field: {"old": recorded(getattr(row, field))} for field in entity_of(row).fields}
    session.delete(row)
    session.flush()
    _record(session, act, row, Action.DELETE, values)


def _record(session: Session, act: Act, row: SQLModel, action: Action, changes: dict[str, Any]) -> None:
    revision = Revision(
        region_id=act.region_id,
        batch_id=act.batch_id,
        undoes_id=act.undoes_id,
        entity=entity_of(row).name,
        entity_id=row.id,  # type: ignore[attr-defined]
        action=action,
        origin=act.origin,
        actor=act.actor,
        changes=changes,
        at=clock.now(),
    )
    session.add(revision)  # written with the next flush, in this order
