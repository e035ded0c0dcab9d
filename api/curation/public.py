"""What anybody may say without an account: that something is wrong, or that something is missing.

It becomes a proposal and changes nothing by itself. No field asks who says it; nothing about them is kept.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import TooManyError
from api.curation import eyes, service
from api.curation.models import Decision, Kind, Proposal
from api.history.models import Origin
from api.history.service import Act
from api.regions.models import Region

ACTOR: Final = eyes.NOBODY
# Of one region, so that nobody can fill the database; people decide on a few dozen a day at most.
MOST_IN_AN_HOUR: Final = 60
MOST_OPEN: Final = 1000
ANSWERED_PART: Final = 0.5  # of that for answers: whoever makes lists to answer them leaves people room


class About(StrEnum):
    """What is wrong with an entry."""

    HOURS = "hours"
    CONTACT = "contact"
    ADDRESS = "address"
    COST = "cost"
    GONE = "gone"
    FULL = "full"  # an answer on a referral list, as the next one
    DETAILS = "details"
    OTHER = "other"


_ANSWERS: Final = frozenset({About.FULL, About.DETAILS})


def report(session: Session, region: Region, offer_id: int, about: About, text: str) -> None:
    """Keep that something is wrong with an offer; raise TooManyError if too much waits already.

    Answers are refused sooner: they take one tap, and whoever writes must not be shut out by them.
    """
    _check_room(session, region, ANSWERED_PART if about in _ANSWERS else 1.0)
    said = {"about": about.value, "text": text}
    # No field of the offer, so it cannot be accepted unread: a person changes what is wrong.
    _keep(session, region, Kind.CHANGE, f"report: {about.value}", {"report": said}, offer_id)


def suggest(session: Session, region: Region, values: dict[str, Any]) -> None:
    """Keep the values of an offer that is missing; raise TooManyError if too much waits already."""
    _check_room(session, region)
    _keep(session, region, Kind.CREATE, "suggestion", values)


def _keep(
    session: Session,
    region: Region,
    kind: Kind,
    reason: str,
    values: dict[str, Any],
    offer_id: int | None = None,
) -> None:
    changes = {field: {"old": None, "new": value} for field, value in values.items()}
    act = Act(region.id, ACTOR, Origin.FORM)
    service.propose(session, act, kind, reason, changes, offer_id=offer_id, is_said_anew=True)


def _check_room(session: Session, region: Region, part: float = 1.0) -> None:
    lately = col(Proposal.proposed_at) > clock.now() - timedelta(hours=1)
    waiting, of_late = session.execute(
        select(func.count(), func.count().filter(lately)).where(
            col(Proposal.region_id) == region.id,
            col(Proposal.decision) == Decision.OPEN,
            col(Proposal.actor) == ACTOR,
        )
    ).one()
    if waiting >= part * MOST_OPEN or of_late >= part * MOST_IN_AN_HOUR:
        raise TooManyError("So much has been sent that somebody has to read it first.")
