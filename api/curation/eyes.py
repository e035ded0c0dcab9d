"""Four eyes: where a region wants it so, nobody accepts what they have proposed themselves."""

from sqlmodel import Session

from api.core.errors import ConflictError
from api.regions.models import Region

NOBODY = "public"
ALONE = "In this region somebody else has to look at it first."


def wanted(session: Session, region_id: int) -> bool:
    """Return whether a region publishes nothing that only one person has seen."""
    return session.get_one(Region, region_id).four_eyes


def needs_other(session: Session, region_id: int, author: str, decider: str) -> bool:
    """Return whether this person may not accept what that one has proposed: new offers, imports as well.

    Whoever has no account is nobody to rely on, and could be the same person: that is one pair of eyes.
    """
    return author in (decider, NOBODY) and wanted(session, region_id)


def check(session: Session, region_id: int, author: str, decider: str) -> None:
    """Raise ConflictError if somebody else has to decide."""
    if needs_other(session, region_id, author, decider):
        raise ConflictError(ALONE)
