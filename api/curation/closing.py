"""The end of a proposal: once, by somebody, with a note."""

from sqlmodel import Session

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation.models import Decision, Proposal
from api.history.service import Act

BY_THE_WAY = "Erledigt mit einer Änderung, die dazu vorgeschlagen war."


def open_one(session: Session, act: Act, proposal_id: int) -> Proposal:
    """Return a proposal that waits for a decision, or raise NotFoundError or ConflictError.

    Drafts are nobody's business but their author's: here they are not found.
    """
    proposal = session.get(Proposal, proposal_id)
    is_here = proposal is not None and proposal.region_id == act.region_id
    if proposal is None or not is_here or proposal.decision == Decision.DRAFT:
        raise NotFoundError("There is no such proposal.")
    must_be_open(session, proposal)
    return proposal


def must_be_open(session: Session, proposal: Proposal) -> None:
    """Raise ConflictError if a proposal has been decided."""
    # Whoever decides at the same time waits here and then sees that it is done.
    session.refresh(proposal, with_for_update=True)
    if proposal.decision != Decision.OPEN:
        raise ConflictError("This proposal has been decided already.")


def close(session: Session, act: Act, proposal: Proposal, decision: Decision, note: str) -> None:
    """Decide a proposal that is open; what it was about is done with it."""
    must_be_open(session, proposal)
    finish(session, act, proposal, decision, note)


def finish(session: Session, act: Act, proposal: Proposal, decision: Decision, note: str) -> None:
    """Write down how a proposal has ended."""
    proposal.decision = decision
    proposal.decision_note = note
    proposal.decided_by = act.actor
    proposal.decided_at = clock.now()
    proposal.base = None
    session.add(proposal)
    session.flush()
    if decision == Decision.ACCEPTED and proposal.about_id is not None:
        about = session.get_one(Proposal, proposal.about_id)
        session.refresh(about, with_for_update=True)
        if about.decision == Decision.OPEN:
            finish(session, act, about, Decision.ACCEPTED, BY_THE_WAY)
