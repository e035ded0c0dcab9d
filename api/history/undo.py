"""Taking back changes without losing what people wrote in the meantime."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.history import service
from api.history.entities import entity_named, recorded, restored
from api.history.models import Action, ImportBatch, Origin, Revision


@dataclass
class Undone:
    """What an undo did: numbers of entries, and what stayed because somebody changed it since."""

    removed: int = 0
    restored: int = 0
    kept: list[str] = field(default_factory=list)


def undo(session: Session, revision_id: int, actor: str) -> Undone:
    """Take back one change; fields that were changed again since stay as they are and are reported."""
    revision = session.get(Revision, revision_id)
    if revision is None:
        raise NotFoundError(f"There is no revision {revision_id}.")
    if _is_undone(session, revision):
        raise ConflictError(f"Revision {revision_id} has been undone already.")
    done = Undone()
    _take_back(session, revision, actor, done)
    return done


def undo_batch(session: Session, batch_id: int, actor: str) -> Undone:
    """Take back an import, newest change first.

    An entry that somebody edited after the import made it stays, with all its parts; a field that somebody
    changed after the import stays as it is now.
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFoundError(f"There is no import batch {batch_id}.")
    if batch.undone_at is not None:
        raise ConflictError(f"Batch {batch_id} has been undone already.")
    done = Undone()
    stmt = select(Revision).where(col(Revision.batch_id) == batch_id).order_by(col(Revision.id).desc())
    revisions = session.scalars(stmt).all()
    edited = _edited_since(session, batch, revisions)
    for revision in revisions:
        if _is_undone(session, revision):
            continue
        if revision.action == Action.CREATE and _whole(session, revision) in edited:
            if entity_named(revision.entity).whole is None:
                done.kept.append(f"{_called(revision)}: edited by people since")
            continue
        _take_back(session, revision, actor, done)
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
        done.kept.append(f"{_called(revision)}: something else still depends on it")


def _invert(session: Session, revision: Revision, act: service.Act, done: Undone) -> None:
    entity = entity_named(revision.entity)
    row = session.get(entity.table, revision.entity_id)
    if revision.action == Action.DELETE and row is None:
        values = {name: restored(entity, name, old["old"]) for name, old in revision.changes.items()}
        service.create(session, act, entity.table(id=revision.entity_id, **values))
        done.restored += 1
    elif revision.action == Action.CREATE and row is not None:
        service.delete(session, act, row)
        done.removed += 1
    elif revision.action == Action.CHANGE and row is not None:
        values = {}
        for name, change in revision.changes.items():
            if recorded(getattr(row, name)) == change["new"]:
                values[name] = restored(entity, name, change["old"])
            else:
                done.kept.append(f"{_called(revision)}: {name} was changed since")
        done.restored += bool(service.change(session, act, row, values))


def _edited_since(
    session: Session, batch: ImportBatch, revisions: Sequence[Revision]
) -> set[tuple[str, int]]:
    if not revisions:
        return set()
    later = session.scalars(
        select(Revision).where(
            col(Revision.region_id) == batch.region_id,
            col(Revision.id) > revisions[-1].id,
            col(Revision.batch_id).is_distinct_from(batch.id),
            col(Revision.origin) != Origin.UNDO,
            col(Revision.id).not_in(
                select(col(Revision.undoes_id)).where(col(Revision.undoes_id).is_not(None))
            ),
        )
    )
    return {_whole(session, revision) for revision in later}


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


def _is_undone(session: Session, revision: Revision) -> bool:
    return (
        session.scalars(select(col(Revision.id)).where(col(Revision.undoes_id) == revision.id)).first()
        is not None
    )


def _called(revision: Revision) -> str:
    name = revision.changes.get("name", {}).get("new")
    return f"{revision.entity} {revision.entity_id}" + (f" ({name})" if name else "")
