"""Which tables have a history: the field values that a revision records for each of them."""

from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from typing import Any

from sqlmodel import SQLModel


@dataclass(frozen=True)
class Entity:
    """A table whose every change is recorded.

    whole names the entry this one is a part of, as (entity, column): parts stay as long as their whole stays.
    """

    name: str
    table: type[SQLModel]
    whole: tuple[str, str] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the recorded fields: all columns that are neither the key nor computed."""
        columns = self.table.__table__.columns  # type: ignore[attr-defined]
        return tuple(c.name for c in columns if not c.primary_key and c.computed is None)


_ENTITIES: dict[str, Entity] = {}


def versioned(table: type[SQLModel], whole: tuple[str, str] | None = None) -> None:
    """Register a table; from then on it is written through api.history.service only."""
    name = str(table.__tablename__)
    _ENTITIES[name] = Entity(name, table, whole)


def entity_of(row: SQLModel) -> Entity:
    """Return the registered entity of a row; KeyError if its table has no history."""
    return _ENTITIES[str(type(row).__tablename__)]


def entity_named(name: str) -> Entity:
    """Return the registered entity of this name."""
    return _ENTITIES[name]


def parts_of(name: str) -> set[str]:
    """Return the names of the entities that are parts of this one."""
    return {entity.name for entity in _ENTITIES.values() if entity.whole and entity.whole[0] == name}


_PLAIN = (str, int, float, bool, list, dict)


def recorded(value: Any) -> Any:  # noqa: ANN401 - a field may hold anything that JSON can say
    """Return a field's value as it stands in a revision (JSON)."""
    if value is None or value.__class__ in _PLAIN:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def restored(entity: Entity, field: str, value: Any) -> Any:  # noqa: ANN401
    """Return a value from a revision as the field holds it."""
    kind = entity.table.__table__.columns[field].type.python_type  # type: ignore[attr-defined]
    return kind.fromisoformat(value) if value is not None and kind in (date, time) else value
