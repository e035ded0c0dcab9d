"""What was confirmed just now, by its revisions, so that a page can name it and offer to take it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from api.curation.confirming import FIELD
from api.history.models import Action, Revision
from api.offers.models import Offer


@dataclass(frozen=True)
class Confirmation:
    """A confirmation that stands."""

    revision_id: int
    offer_id: int
    name: str
    actor: str


def standing(session: Session, region_id: int, revision_ids: Sequence[int]) -> list[Confirmation]:
    """Return those of some revisions that are confirmations and stand, by the names of the offers."""
    undo = aliased(Revision)
    stmt = (
        select(col(Revision.id), col(Offer.id), col(Offer.name), col(Revision.actor), col(Revision.changes))
        .join(Offer, col(Offer.id) == col(Revision.entity_id))
        .outerjoin(undo, col(undo.undoes_id) == col(Revision.id))
        .where(
            col(Revision.id).in_(revision_ids),
            col(Revision.region_id) == region_id,
            col(Revision.entity) == "offer",
            col(Revision.action) == Action.CHANGE,
            col(undo.id).is_(None),
        )
        .order_by(col(Offer.name), col(Offer.id))
    )
    return [Confirmation(*row[:4]) for row in session.execute(stmt) if set(row.changes) == {FIELD}]
