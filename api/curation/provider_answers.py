"""What providers say by their link: changes, a pause, that something is gone, words. Each is a proposal.

Saying the same twice is saying it once. Who says something holds the link (freshness_links.held).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from api.core.errors import TooManyError
from api.curation import service, states
from api.curation.freshness_links import act_of
from api.curation.freshness_models import ProviderLink
from api.curation.models import Decision, Kind, Proposal
from api.curation.public import About
from api.curation.sheet import get
from api.curation.sheet_fields import Changes
from api.history.entities import recorded
from api.history.models import Origin
from api.offers.models import Status

MOST_OPEN: Final = 500  # of one organization: nobody fills the queue with a link that has got about


class What(StrEnum):
    """What kind of thing is said about an entry."""

    CHANGES = "changes"  # by path
    PAUSE = "pause"
    GONE = "gone"
    WORDS = "words"  # they fit no field: a person reads and answers them


@dataclass(frozen=True)
class Answer:
    """One thing that is said about an entry."""

    what: What
    changes: Changes = field(default_factory=dict)
    until: date | None = None  # of a pause: the day on which it is over, if that is known
    note: str = ""


def answered(session: Session, link: ProviderLink) -> dict[int, Decision]:
    """Return the entries about which something was said by a link, and what has become of the last of it."""
    rows = session.execute(
        select(col(Proposal.offer_id), col(Proposal.decision))
        .where(*_of(link), col(Proposal.proposed_at) >= link.created_at, col(Proposal.offer_id).is_not(None))
        .order_by(col(Proposal.id))
    )
    return {row.offer_id: row.decision for row in rows}


def check_day(session: Session, link: ProviderLink, until: date | None) -> None:
    """Raise InvalidInputError if nothing can pause until this day."""
    states.check_day(session, link.region_id, until)


def say(session: Session, link: ProviderLink, offer_id: int, answer: Answer) -> None:
    """Propose what is said, unless just this waits already.

    Raises InvalidInputError that names what cannot be written, TooManyError if too much waits for a decision.
    """
    if is_said(session, link, offer_id, answer):
        return
    _check_room(session, link)
    act, note = act_of(link), answer.note
    if answer.what == What.CHANGES:
        service.suggest_changes(session, act, offer_id, answer.changes, note)
    elif answer.what == What.WORDS:
        _, changes = _proposed(session, link, offer_id, answer)
        reason = f"report: {About.OTHER}"
        service.propose(session, act, Kind.CHANGE, reason, changes, offer_id=offer_id, is_said_anew=True)
    else:
        status = Status.PAUSED if answer.what == What.PAUSE else Status.ARCHIVED
        service.ask_for_state(session, act, offer_id, status, answer.until, note)


def is_said(session: Session, link: ProviderLink, offer_id: int, answer: Answer) -> bool:
    """Return whether just this waits already for a decision."""
    kind, changes = _proposed(session, link, offer_id, answer)
    same = select(col(Proposal.id)).where(
        *_of(link),
        col(Proposal.decision) == Decision.OPEN,
        col(Proposal.offer_id) == offer_id,
        col(Proposal.kind) == kind,
        col(Proposal.changes) == changes,
    )
    if answer.what != What.WORDS:  # other words about the same are more than was said
        same = same.where(col(Proposal.reason) == answer.note)
    return session.scalar(same.limit(1)) is not None


def _proposed(session: Session, link: ProviderLink, offer_id: int, answer: Answer) -> tuple[Kind, Changes]:
    if answer.what == What.GONE:
        return Kind.WITHDRAW, {}
    if answer.what == What.PAUSE:
        old = get(session, link.region_id, offer_id).paused_until
        return Kind.PAUSE, {"paused_until": {"old": recorded(old), "new": recorded(answer.until)}}
    if answer.what == What.WORDS:
        said = {"about": About.OTHER.value, "text": answer.note}
        return Kind.CHANGE, {"report": {"old": None, "new": said}}
    return Kind.CHANGE, answer.changes


def _check_room(session: Session, link: ProviderLink) -> None:
    waiting = select(func.count()).where(*_of(link), col(Proposal.decision) == Decision.OPEN)
    if (session.scalar(waiting) or 0) >= MOST_OPEN:
        raise TooManyError("So much has been sent that somebody has to read it first.")


def _of(link: ProviderLink) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Proposal.region_id) == link.region_id,
        col(Proposal.actor) == act_of(link).actor,
        col(Proposal.origin) == Origin.LINK,
        col(Proposal.decision) != Decision.DRAFT,
    )
