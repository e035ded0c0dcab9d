"""The one way to write entries: every creation, change and deletion leaves a revision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from api.core import clock
from api.history.entities import entity_of, recorded
from api.history.models import Action, Origin, Revision

Row = TypeVar("Row", bound=SQLModel)


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
