"""The rows of drafts: found for their author alone, and written under a version that goes up."""

from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation.models import Decision, Kind, Proposal
from api.curation.sheet_fields import Sheet
from api.history.service import Act

_ELSEWHERE: Final = "This draft was saved in another window in the meantime."


def begun(act: Act, kind: Kind, base: Sheet, offer_id: int | None) -> Proposal:
    """Return a draft in which nothing stands yet; it is not saved."""
    return Proposal(
        region_id=act.region_id,
        offer_id=offer_id,
        kind=kind,
        origin=act.origin,
        actor=act.actor,
        reason="",
        changes={},
        base=base,
        decision=Decision.DRAFT,
        proposed_at=clock.now(),
    )


def of_offer(session: Session, act: Act, offer_id: int) -> Proposal | None:
    """Return the author's draft of an offer."""
    stmt = select(Proposal).where(
        col(Proposal.offer_id) == offer_id,
        col(Proposal.actor) == act.actor,
        col(Proposal.decision) == Decision.DRAFT,
    )
    return session.scalars(stmt.with_for_update()).first()


def untouched(session: Session, act: Act) -> Proposal | None:
    """Return the author's draft of a new offer in which nothing stands yet."""
    stmt = select(Proposal).where(
        col(Proposal.region_id) == act.region_id,
        col(Proposal.actor) == act.actor,
        col(Proposal.decision) == Decision.DRAFT,
        col(Proposal.kind) == Kind.CREATE,
        col(Proposal.changes) == {},
        col(Proposal.about_id).is_(None),
    )
    return session.scalars(stmt.with_for_update()).first()


def own(session: Session, act: Act, draft_id: int, version: int | None = None) -> Proposal:
    """Return one's own draft and keep it from others until the transaction ends.

    Raises NotFoundError, and ConflictError if it is not in this version any more.
    """
    stmt = select(Proposal).where(
        col(Proposal.id) == draft_id,
        col(Proposal.region_id) == act.region_id,
        col(Proposal.actor) == act.actor,
        col(Proposal.decision) == Decision.DRAFT,
    )
    stmt = stmt.with_for_update().execution_options(populate_existing=True)
    proposal = session.scalars(stmt).first()
    if proposal is None:
        raise NotFoundError("There is no such draft of yours.")
    if version is not None and proposal.version != version:
        raise ConflictError(_ELSEWHERE)
    return proposal


def saved(session: Session, proposal: Proposal) -> None:
    """Write a draft under its next version."""
    proposal.version += 1
    proposal.proposed_at = clock.now()
    session.add(proposal)
    session.flush()
