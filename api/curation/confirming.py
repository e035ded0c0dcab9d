"""„Unverändert bestätigt“: somebody has looked at entries as they are, in all their languages at once.

A confirmation sets the day of the last check and nothing else, so nobody else has to look at it (four eyes).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlmodel import Session

from api.core import clock
from api.core.errors import ConflictError, FieldError, NotFoundError
from api.curation import freshness
from api.curation.sheet import get, hold
from api.history.models import Action, Revision
from api.history.service import Act
from api.history.undo import Undone, undo
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.regions.models import Region

# What a confirmation writes: campaigns tell it by this from other changes.
FIELD: Final = "verified_on"
_ALIVE: Final = (Status.PUBLISHED, Status.PAUSED)


@dataclass
class Confirmed:
    """What came of confirming: offers in their order, and revisions for take_back."""

    offers: list[int] = field(default_factory=list)
    changed_since: list[int] = field(default_factory=list)  # left as they are: to be looked at again
    revisions: list[int] = field(default_factory=list)


def confirm(session: Session, act: Act, offer_id: int, seen: int) -> Confirmed:
    """Say that an offer is right as it was seen; seen: its last revision then (freshness.Line.seen).

    Raises ConflictError if something of it has changed since, or if it is neither public nor paused.
    """
    confirmed = confirm_all(session, act, {offer_id: seen})
    if confirmed.changed_since:
        raise ConflictError(
            "The offer has changed since you saw it.", [FieldError(str(offer_id), "changed since")]
        )
    return confirmed


def confirm_all(
    session: Session, act: Act, seen: Mapping[int, int], organization_id: int | None = None
) -> Confirmed:
    """Say of several offers, by id, that they are right as they were seen; the changed ones are left out.

    organization_id: all must be this provider's, as who has its link may speak for these alone; then
    NotFoundError is raised for another one, as it is for one of another region.
    """
    hold(session, act.region_id)
    today = clock.today(session.get_one(Region, act.region_id).timezone)
    found = [get(session, act.region_id, offer_id) for offer_id in seen]
    _check(found, organization_id)
    last = freshness.seen(session, list(seen))
    confirmed, written = Confirmed(), []
    for offer in found:
        if last[offer.id] != seen[offer.id]:
            confirmed.changed_since.append(offer.id)
            continue
        confirmed.offers.append(offer.id)
        # Confirmed twice on one day, it is confirmed.
        if offers.change(session, act, offer, {FIELD: today}):
            written.append(offer.id)
    session.flush()
    confirmed.revisions = list(freshness.seen(session, written).values())
    return confirmed


def take_back(session: Session, act: Act, revisions: Sequence[int]) -> Undone:
    """Take back confirmations by their revisions; what was confirmed or changed again since stays so.

    Raises NotFoundError if one is no confirmation of the region; those taken back already are passed over.
    """
    hold(session, act.region_id)
    done = Undone()
    for revision_id in sorted(set(revisions), reverse=True):
        revision = session.get(Revision, revision_id)
        if revision is None or not _is_confirmation(revision, act.region_id):
            raise NotFoundError("There is no such confirmation.")
        try:
            once = undo(session, revision_id, act.actor)
        except ConflictError:
            continue
        done.restored += once.restored
        done.kept += once.kept
    return done


def _check(found: Sequence[Offer], organization_id: int | None) -> None:
    if organization_id is not None and any(offer.organization_id != organization_id for offer in found):
        raise NotFoundError("There is no such offer of this provider.")
    gone = [FieldError(str(offer.id), offer.status.value) for offer in found if offer.status not in _ALIVE]
    if gone:
        raise ConflictError("Only an offer that is public or paused can be confirmed.", gone)


def _is_confirmation(revision: Revision, region_id: int) -> bool:
    is_offer = revision.entity == "offer" and revision.action == Action.CHANGE
    return revision.region_id == region_id and is_offer and set(revision.changes) == {FIELD}
