"""What has been proposed about an offer that is merged into another one, and back again."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.curation.flat import STATES
from api.curation.merging_parts import Handover
from api.curation.models import Decision, Kind, Proposal

MERGED: Final = "Das Angebot wurde mit einem anderen zusammengeführt."
_FIELDS: Final = (
    "offer_id", "changes", "decisions", "base", "decision", "decision_note", "decided_by", "decided_at"
)  # fmt: skip

# By the number of a proposal, its fields before and after.
Moved = dict[str, dict[str, dict[str, Any]]]


def hand_over(session: Session, doing: Handover) -> Moved:
    """Let proposals be about the other offer and return what has become of them.

    What lists have asked goes along with its answers, so that nobody is asked again. Proposals to withdraw or
    to pause the offer are done with: it is gone.
    """
    moved: Moved = {}
    found = select(Proposal).where(col(Proposal.offer_id) == doing.source.id)
    for proposal in session.scalars(found.order_by(col(Proposal.id)).with_for_update()).all():
        before = _said(proposal)
        if proposal.decision == Decision.DRAFT and _has_draft(session, proposal, doing.target.id):
            continue
        if proposal.decision == Decision.OPEN and _is_about_state(proposal):
            proposal.decision, proposal.decision_note = Decision.OBSOLETE, MERGED
            proposal.decided_by, proposal.decided_at = doing.act.actor, clock.now()
        elif proposal.decision in (Decision.OPEN, Decision.DRAFT) or proposal.source_id is not None:
            proposal.offer_id = doing.target.id
            proposal.changes = _renamed(proposal.changes, doing.paths)
            proposal.decisions = _renamed(proposal.decisions, doing.paths)
        if _said(proposal) != before:
            moved[str(proposal.id)] = {"before": before, "after": _said(proposal)}
    session.flush()
    return moved


def hand_back(session: Session, moved: Moved) -> None:
    """Let proposals be as they were, unless somebody has worked on them since."""
    numbers = [int(number) for number in moved]
    found = select(Proposal).where(col(Proposal.id).in_(numbers)).order_by(col(Proposal.id))
    for proposal in session.scalars(found.with_for_update()).all():
        before, after = (moved[str(proposal.id)][side] for side in ("before", "after"))
        is_draft = proposal.decision == Decision.DRAFT
        if _said(proposal) != after or (is_draft and _has_draft(session, proposal, before["offer_id"])):
            continue
        for name, value in before.items():
            is_time = name == "decided_at" and value is not None
            setattr(proposal, name, datetime.fromisoformat(value) if is_time else value)
    session.flush()


def _said(proposal: Proposal) -> dict[str, Any]:
    values = {name: getattr(proposal, name) for name in _FIELDS}
    decided_at = proposal.decided_at
    return {
        **values,
        "decision": proposal.decision.value,
        "decided_at": decided_at.isoformat() if decided_at else None,
    }


def _is_about_state(proposal: Proposal) -> bool:
    return proposal.kind in (Kind.WITHDRAW, Kind.PAUSE) or bool(set(STATES) & proposal.changes.keys())


def _has_draft(session: Session, proposal: Proposal, offer_id: int) -> bool:
    """Return whether the author works on the other offer already: everybody has one working copy of each."""
    same = select(col(Proposal.id)).where(
        col(Proposal.offer_id) == offer_id,
        col(Proposal.actor) == proposal.actor,
        col(Proposal.decision) == Decision.DRAFT,
    )
    return session.scalars(same).first() is not None


def _renamed(by_path: dict[str, Any], paths: dict[str, str]) -> dict[str, Any]:
    """Return the same by the paths of the other sheet; flat names of lists have none."""
    return {_new_name(path, paths): value for path, value in by_path.items()}


def _new_name(path: str, paths: dict[str, str]) -> str:
    whole, field = "/".join(path.split("/")[:2]), "/".join(path.split("/")[2:])
    new = paths.get(whole, whole)
    return f"{new}/{field}" if field else new
