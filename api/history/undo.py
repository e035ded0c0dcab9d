"""Taking back changes without losing what people wrote in the meantime."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.history import service
from api.history.entities import entity_named, parts_of, recorded, restored
from api.history.models import Action, ImportBatch, Origin, Revision


class Reason(StrEnum):
    """Why something stays although what made it is taken back."""

    EDITED = "edited since"
    NEEDED = "something else depends on it or stands in its way"


class Kept(NamedTuple):
    """An entry, or one field of it, that an undo left as it is."""

    entity: str
    entity_id: int
    name: str | None
    reason: Reason
    field: str | None = None


@dataclass
class Undone:
    """What an undo did: numbers of entries, and what stayed."""

    removed: int = 0
    restored: int = 0
    kept: list[Kept] = dataclass_field(default_factory=list)


def undo(session: Session, revision_id: int, actor: str) -> Undone:
    """Take back one change; an entry or a field that was changed again since stays and is reported."""
    revision = session.get(Revision, revision_id)
    if revision is None:
        raise NotFoundError(f"There is no revision {revision_id}.")
    in_force = _in_force(session, revision)
    if in_force is None:
        raise ConflictError(f"Revision {revision_id} has been undone already.")
    done = Undone()
    _take_back(session, in_force, actor, done)
    return done


def undo_batch(session: Session, batch_id: int, actor: str) -> Undone:
    """Take back an import, newest change first.

    An entry that somebody edited after the import made it stays, with all its parts, and so does one that
    something else needs; a field that somebody changed after the import stays as it is now.
    """
    batch = session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None:
        raise NotFoundError(f"There is no import batch {batch_id}.")
    if batch.undone_at is not None:
        raise ConflictError(f"Batch {batch_id} has been undone already.")
    done = Undone()
    stmt = select(Revision).where(col(Revision.batch_id) == batch_id).order_by(col(Revision.id).desc())
    revisions = session.scalars(stmt).all()
    staying = _staying(session, batch, revisions)
    kept: dict[tuple[str, int], Reason] = {}
    for revision in revisions:
        in_force = _in_force(session, revision)
        if in_force is None:
            continue
        whole = _whole(session, revision)
        if revision.action == Action.CREATE and whole in staying:
            kept[whole] = staying[whole]
        else:
            _take_back(session, in_force, actor, done)
    for (name, entry_id), reason in kept.items():
        row = session.get(entity_named(name).table, entry_id)
        done.kept.append(Kept(name, entry_id, getattr(row, "name", None), reason))
    batch.undone_at = clock.now()
    session.add(batch)
    session.flush()
    return done


def _take_back(session: Session, revision: Revision, actor: str, done: Undone) -> None:
    act = service.Act(revision.region_id, actor, Origin.UNDO, undoes_id=revision.id)
    try:
        # A savepoint for each step: what others still need stays, and the rest goes on.
        with session.begin_nested():
            _invert(session, revision, act, done)
    except IntegrityError:
        session.expire_all()
        done.kept.append(_kept(revision, Reason.NEEDED))


def _invert(session: Session, revision: Revision, act: service.Act, done: Undone) -> None:
    entity = entity_named(revision.entity)
    row = session.get(entity.table, revision.entity_id)
    if revision.action == Action.DELETE and row is None:
        values = {name: restored(entity, name, old["old"]) for name, old in revision.changes.items()}
        service.create(session, act, entity.table(id=revision.entity_id, **values))
        done.restored += 1
    elif revision.action == Action.CREATE and row is not None:
        if _changed_since(session, revision):
            done.kept.append(_kept(revision, Reason.EDITED))
        else:
            service.delete(session, act, row)
            done.removed += 1
    elif revision.action == Action.CHANGE and row is not None:
        values = {}
        since = _changed_since(session, revision)
        for name, change in revision.changes.items():
            if name not in since and recorded(getattr(row, name)) == change["new"]:
                values[name] = restored(entity, name, change["old"])
            else:
                done.kept.append(_kept(revision, Reason.EDITED, name))
        done.restored += bool(service.change(session, act, row, values))


def _staying(
    session: Session, batch: ImportBatch, revisions: Sequence[Revision]
) -> dict[tuple[str, int], Reason]:
    """Return the entries that must not be removed, with the reasons."""
    if not revisions:
        return {}
    created = {
        (revision.entity, revision.entity_id) for revision in revisions if revision.action == Action.CREATE
    }
    needed = dict.fromkeys(_needed_elsewhere(session, created), Reason.NEEDED)
    edited = dict.fromkeys(_edited_since(session, batch, revisions[-1].id), Reason.EDITED)
    return needed | edited


def _edited_since(session: Session, batch: ImportBatch, oldest_id: int) -> set[tuple[str, int]]:
    later = session.scalars(
        select(Revision).where(
            col(Revision.region_id) == batch.region_id,
            col(Revision.id) > oldest_id,
            col(Revision.batch_id).is_distinct_from(batch.id),
        )
    ).all()
    return {_whole(session, revision) for revision in _standing(later)}


def _changed_since(session: Session, revision: Revision) -> set[str]:
    """Return the fields of an entry that somebody set after a change, even to the same value."""
    later = session.scalars(
        select(Revision).where(
            col(Revision.entity) == revision.entity,
            col(Revision.entity_id) == revision.entity_id,
            col(Revision.id) > revision.id,
        )
    ).all()
    return {name for one in _standing(later) for name in one.changes}


def _standing(later: Sequence[Revision]) -> list[Revision]:
    """Return those that are neither undone nor undos themselves, of all revisions after a point in time."""
    undone_by = {revision.undoes_id: revision.id for revision in later}

    def stands(revision_id: int) -> bool:
        undo_id = undone_by.get(revision_id)
        return undo_id is None or not stands(undo_id)

    return [revision for revision in later if revision.origin != Origin.UNDO and stands(revision.id)]


def _needed_elsewhere(session: Session, entries: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Return those of the entries with parts that are referred to by more than their own parts.

    They could not be removed, but their parts could: known too late, an offer would lose its places.
    """
    found: set[tuple[str, int]] = set()
    for name in {name for name, _id in entries}:
        parts = parts_of(name)
        if not parts:
            continue
        ids = [entry_id for entity, entry_id in entries if entity == name]
        for table in SQLModel.metadata.tables.values():
            for key in table.foreign_keys:
                # What goes with the entry by itself (ON DELETE CASCADE) holds nothing.
                holds = key.ondelete is None and table.name not in parts
                if key.column.table.name == name and holds:
                    stmt = select(key.parent).where(key.parent.in_(ids))
                    found.update((name, entry_id) for entry_id in session.scalars(stmt))
    return found


def _whole(session: Session, revision: Revision) -> tuple[str, int]:
    """Return the entry that a revision is about: of a part (a contact, say) the offer it belongs to."""
    whole = entity_named(revision.entity).whole
    if whole is None:
        return revision.entity, revision.entity_id
    name, column = whole
    said = revision.changes.get(column, {})
    owner: int | None = said.get("new", said.get("old"))
    if owner is None:
        row = session.get(entity_named(revision.entity).table, revision.entity_id)
        owner = getattr(row, column, 0)
    return name, owner or 0


def _in_force(session: Session, revision: Revision) -> Revision | None:
    """Return the revision by which a change holds now: itself or the undo of its undo; none if undone."""
    undo_ids = select(col(Revision.id)).where(col(Revision.undoes_id) == revision.id)
    undo_id = session.scalars(undo_ids).first()
    if undo_id is None:
        return revision
    redo = session.scalars(select(Revision).where(col(Revision.undoes_id) == undo_id)).first()
    return None if redo is None else _in_force(session, redo)


def _kept(revision: Revision, reason: Reason, field: str | None = None) -> Kept:
    name = revision.changes.get("name", {}).get("new")
    return Kept(revision.entity, revision.entity_id, name, reason, field)
