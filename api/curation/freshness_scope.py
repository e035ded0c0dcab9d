"""Which entries of a region somebody looks after: in some spaces, about some topics, of one provider."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, exists, func, literal, or_
from sqlmodel import Session, col

from api.offers.models import Offer, OfferAtPlace
from api.places.models import PlaceSpace
from api.taxonomy import service as taxonomy


@dataclass(frozen=True)
class Within:
    """A part of a region; all conditions hold at once, several values of one are alternatives.

    spaces: ids, of any division. What lies in no space (hidden, coming to people, without a point) is
    everybody's business and always among them. topics: slugs, finer ones included.
    """

    spaces: Sequence[int] = ()
    topics: Sequence[str] = ()
    organization_id: int | None = None


EVERYTHING = Within()


def conditions(session: Session, within: Within) -> list[ColumnElement[bool]]:
    """Return the conditions on Offer."""
    found: list[ColumnElement[bool]] = []
    if within.spaces:
        found.append(_lies_in(within.spaces))
    if within.topics:
        slugs = literal(taxonomy.with_children(session, within.topics), ARRAY(Text))
        found.append(col(Offer.topics).op("&&")(slugs))
    if within.organization_id is not None:
        found.append(col(Offer.organization_id) == within.organization_id)
    return found


def _lies_in(space_ids: Sequence[int]) -> ColumnElement[bool]:
    anywhere = exists().where(
        col(OfferAtPlace.offer_id) == col(Offer.id),
        col(PlaceSpace.place_id) == col(OfferAtPlace.place_id),
    )
    inside = anywhere.where(col(PlaceSpace.space_id) == func.any(literal(list(space_ids), ARRAY(BigInteger))))
    return or_(inside, ~anywhere)
