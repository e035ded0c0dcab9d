"""Proposals: made by strangers and imports, decided by people."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError
from api.curation.models import Decision, Kind, Proposal
from api.history import service as history
from api.history.entities import recorded
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.offers.schemas import OfferIn


def propose(  # noqa: PLR0913 - a proposal says all of this
    session: Session,
    act: history.Act,
    kind: Kind,
    reason: str,
    changes: dict[str, dict[str, Any]],
    *,
    offer_id: int | None = None,
    source_id: int | None = None,
    source_key: str | None = None,
    raw: dict[str, Any] | None = None,
) -> tuple[Proposal, bool]:
    """Return the proposal and whether it is new: an equal one that was made before is not made again."""
    same = session.scalars(
        select(Proposal).where(
            col(Proposal.region_id) == act.region_id,
            col(Proposal.kind) == kind,
            col(Proposal.offer_id).is_not_distinct_from(offer_id),
            col(Proposal.source_id).is_not_distinct_from(source_id),
            col(Proposal.source_key).is_not_distinct_from(source_key),
            col(Proposal.changes) == changes,
            col(Proposal.decision) != Decision.OBSOLETE,
        )
    ).first()
    if same is not None:
        return same, False
    proposal = Proposal(
        region_id=act.region_id,
        offer_id=offer_id,
        source_id=source_id,
        source_key=source_key,
        kind=kind,
        origin=act.origin,
        actor=act.actor,
        reason=reason,
        changes=changes,
        raw=raw,
        proposed_at=clock.now(),
    )
    session.add(proposal)
    session.flush()
    return proposal, True


def accept(session: Session, act: history.Act, proposal: Proposal, note: str = "") -> None:
    """Do what is proposed for an existing offer.

    ConflictError if the offer has changed since, or if the proposal reaches beyond the offer's own fields:
    changes of its address or contacts are made by hand until there is a page for deciding.
    """
    _must_be_open(session, proposal)
    offer = session.get(Offer, proposal.offer_id) if proposal.offer_id else None
    if offer is None:
        raise ConflictError("Only changes and withdrawals of existing offers can be accepted here.")
    beyond = sorted(proposal.changes.keys() - OfferIn.model_fields.keys())
    if beyond:
        raise ConflictError(
            f"{', '.join(beyond)}: not a field of the offer itself; please change it by hand."
        )
    newer = [
        field
        for field, change in proposal.changes.items()
        if recorded(getattr(offer, field)) != change["old"]
    ]
    if newer:
        raise ConflictError(f"{', '.join(newer)}: changed since the proposal was made.")
    values = {field: change["new"] for field, change in proposal.changes.items()}
    if proposal.kind == Kind.WITHDRAW:
        values = {"status": Status.ARCHIVED}
    offers.change(session, act, offer, values)
    _decide(session, act, proposal, Decision.ACCEPTED, note)


def decline(session: Session, act: history.Act, proposal: Proposal, note: str = "") -> None:
    """Leave everything as it is and remember that it was decided so."""
    _decide(session, act, proposal, Decision.DECLINED, note)


def settle(session: Session, act: history.Act, proposal: Proposal, note: str) -> None:
    """Close a proposal that events have overtaken."""
    _decide(session, act, proposal, Decision.OBSOLETE, note)


def _decide(session: Session, act: history.Act, proposal: Proposal, decision: Decision, note: str) -> None:
    _must_be_open(session, proposal)
    proposal.decision = decision
    proposal.decision_note = note
    proposal.decided_by = act.actor
    proposal.decided_at = clock.now()
    session.add(proposal)
    session.flush()


def _must_be_open(session: Session, proposal: Proposal) -> None:
    # Whoever decides at the same time waits here and then sees that it is done.
    session.refresh(proposal, with_for_update=True)
    if proposal.decision != Decision.OPEN:
        raise ConflictError("This proposal has been decided already.")
