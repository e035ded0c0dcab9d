"""An offer as residents would see it: written in a savepoint that is always rolled back."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from sqlmodel import Session

from api.core.errors import NotFoundError
from api.curation import deciding, drafts, merging
from api.curation.flat import STATES
from api.curation.merging_sides import Choice
from api.curation.models import Decision, Proposal
from api.curation.sheet import apply, create, get
from api.curation.sheet_difference import overlaid
from api.curation.sheet_fields import Changes, empty
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Status


@contextmanager
def of_draft(session: Session, act: Act, draft_id: int) -> Iterator[str]:
    """Let one's own draft be public for a moment, in this transaction alone; yield the slug.

    Raises InvalidInputError that names what is wrong with it. Conflicts are shown as they are now.
    """
    draft = drafts.get_draft(session, act, draft_id)
    with _as_if(session, act, draft.offer_id, draft.changes) as slug:
        yield slug


@contextmanager
def of_proposal(
    session: Session, act: Act, proposal_id: int, paths: Collection[str] | None = None
) -> Iterator[str]:
    """Let a proposal be accepted for a moment, or some of its paths; yield the slug."""
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or proposal.region_id != act.region_id or proposal.decision == Decision.DRAFT:
        raise NotFoundError("There is no such proposal.")
    changes = {
        path: change
        for path, change in deciding.look_at(session, proposal).changes.items()
        if path not in STATES and (paths is None or path in paths)
    }
    with _as_if(session, act, proposal.offer_id, changes) as slug:
        yield slug


@contextmanager
def of_merge(
    session: Session, act: Act, kept_id: int, other_id: int, choices: Mapping[str, Choice], seen: str
) -> Iterator[str]:
    """Let two offers be one for a moment; yield the slug. Raises as merging.merge, but asks for no eyes."""
    session.flush()
    savepoint = session.begin_nested()
    try:
        slug = merging.unite(session, act, kept_id, other_id, choices, seen=seen).slug
        offers.change(session, act, get(session, act.region_id, kept_id), {"status": Status.PUBLISHED})
        yield slug
    finally:
        savepoint.rollback()
        session.expire_all()


@contextmanager
def _as_if(session: Session, act: Act, offer_id: int | None, changes: Changes) -> Iterator[str]:
    session.flush()
    savepoint = session.begin_nested()
    try:
        if offer_id is None:
            offer = create(session, act, overlaid(empty(), changes))
        else:
            offer = get(session, act.region_id, offer_id)
            apply(session, act, offer, changes)
            offers.change(session, act, offer, {"status": Status.PUBLISHED})
        yield offer.slug
    finally:
        savepoint.rollback()
        session.expire_all()
