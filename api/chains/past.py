"""The history of a chain: each step as people read it, taking one back, and forms that are out of date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.chains.models import HelpChain, HelpChainLink
from api.chains.service import HIGHEST
from api.core.errors import ConflictError, NotFoundError
from api.core.tables import Rows
from api.curation.sheet import hold
from api.history import undo as taking_back
from api.history.models import Action, Revision
from api.history.service import Act

CHAIN: Final = str(HelpChain.__tablename__)
LINK: Final = str(HelpChainLink.__tablename__)


@dataclass(frozen=True)
class Past:
    """One change of a chain or of one of its links."""

    id: int
    at: datetime
    actor: str
    origin: str
    action: Action
    link_id: int | None  # None: of the chain itself
    changes: dict[str, dict[str, Any]]  # field → old, new
    is_undone: bool
    can_undo: bool


def steps(session: Session, region_id: int, chain_id: int, most: int) -> list[Past]:
    """Return the last changes of a chain and its links, the last one first."""
    stmt = select(Revision).where(col(Revision.id).in_(_of_chain(region_id, chain_id)))
    rows = session.scalars(stmt.order_by(col(Revision.id).desc()).limit(most)).all()
    undone = _undone(session, [row.id for row in rows])
    return [
        Past(
            row.id,
            row.at,
            row.actor,
            row.origin,
            row.action,
            row.entity_id if row.entity == LINK else None,
            row.changes,
            row.id in undone,
            row.id not in undone and not _begins(row),
        )
        for row in rows
    ]


def undo(session: Session, act: Act, chain_id: int, step_id: int) -> bool:
    """Take one change back; return False if some of it stays because it was changed again since.

    Raises NotFoundError for a step of something else, ConflictError if it is taken back already, if nothing
    of it can be, or if the chain began with it.
    """
    if step_id > HIGHEST:
        raise NotFoundError("There is no such step in the history of this chain.")
    hold(session, act.region_id)
    wanted = select(Revision).where(
        col(Revision.id) == step_id, col(Revision.id).in_(_of_chain(act.region_id, chain_id))
    )
    revision = session.scalars(wanted).first()
    if revision is None:
        raise NotFoundError("There is no such step in the history of this chain.")
    if _begins(revision):
        raise ConflictError("This is how the chain began; it can be hidden.")
    done = taking_back.undo(session, step_id, act.actor)
    if not (done.removed or done.restored):
        raise ConflictError("It was changed again since.")
    return not done.kept


def version(session: Session, region_id: int, chain_id: int) -> int:
    """Return a number that rises with every change of a chain or of its links."""
    stmt = select(func.max(col(Revision.id))).where(col(Revision.id).in_(_of_chain(region_id, chain_id)))
    return session.scalar(stmt) or 0


def check_seen(session: Session, act: Act, chain_id: int, seen: str) -> None:
    """Raise ConflictError unless somebody has seen a chain as it is now (see version)."""
    hold(session, act.region_id)
    if seen != str(version(session, act.region_id, chain_id)):
        raise ConflictError("It was changed since.")


def _of_chain(region_id: int, chain_id: int) -> Rows:
    """Return the ids of all revisions of a chain and of every link that it ever had."""
    said = col(Revision.changes)["chain_id"]["new"].as_string()
    links = select(col(Revision.entity_id)).where(
        col(Revision.entity) == LINK, col(Revision.action) == Action.CREATE, said == str(chain_id)
    )
    of_chain = (col(Revision.entity) == CHAIN) & (col(Revision.entity_id) == chain_id)
    of_links = (col(Revision.entity) == LINK) & col(Revision.entity_id).in_(links)
    return select(col(Revision.id)).where(col(Revision.region_id) == region_id, of_chain | of_links)


def _begins(revision: Revision) -> bool:
    return revision.entity == CHAIN and revision.action == Action.CREATE


def _undone(session: Session, ids: Sequence[int]) -> set[int]:
    """Return those that are taken back, and not again in force."""
    stmt = select(col(Revision.undoes_id), col(Revision.id)).where(col(Revision.undoes_id).in_(ids))
    by = {row.undoes_id: row.id for row in session.execute(stmt)}
    again = set(_undone(session, list(by.values()))) if by else set()
    return {one for one, undo_id in by.items() if undo_id not in again}
