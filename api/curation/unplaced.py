"""Places of public offers that are on no map: without a point they lie in no space and near nobody.

Hidden addresses are not among them: nobody is to find them on a map.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ARRAY, ColumnElement, Text, exists, func, literal, select, true
from sqlmodel import Session, col

from api.core.errors import NotFoundError
from api.core.pages import Page
from api.curation import deciding, service
from api.curation.models import Kind
from api.curation.sheet import hold, of_offer
from api.curation.sheet_fields import Changes
from api.history.models import Action, Revision
from api.history.service import Act
from api.offers.models import Offer, OfferAtPlace, Status
from api.places.models import Place
from api.taxonomy import service as taxonomy

# More are not counted, as in the list of proposals.
MOST_COUNTED: Final = 1000


@dataclass(frozen=True)
class Wanted:
    """Which places are asked for; all conditions hold at once.

    only: a condition on Offer, such as api.accounts.scope.offers_for gives it; free: one on Place.
    """

    topics: Sequence[str] = ()
    only: ColumnElement[bool] = field(default_factory=true)
    free: ColumnElement[bool] = field(default_factory=true)


@dataclass(frozen=True)
class Line:
    """A place without a point; since: when it was entered, None if nobody has written that down."""

    id: int
    name: str
    address: str
    since: datetime | None


@dataclass(frozen=True)
class Use:
    """A public offer that takes place there."""

    offer_id: int
    at_place_id: int
    name: str
    slug: str


@dataclass(frozen=True)
class Unplaced:
    """A place without a point, with the offers under its roof."""

    id: int
    name: str
    street: str
    postcode: str
    town: str
    uses: list[Use]


def count(session: Session, region_id: int, wanted: Wanted) -> int:
    """Return how many places wait, at most MOST_COUNTED."""
    some = select(col(Place.id)).where(*_conditions(session, region_id, wanted)).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def places(session: Session, region_id: int, wanted: Wanted, page: int = 1, per_page: int = 20) -> Page[Line]:
    """Return a page of places, the oldest first; the total stops at MOST_COUNTED."""
    entered = (
        select(func.min(col(Revision.at)))
        .where(
            col(Revision.entity) == "place",
            col(Revision.entity_id) == col(Place.id),
            col(Revision.action) == Action.CREATE,
        )
        .correlate(Place)
        .scalar_subquery()
    )
    stmt = (
        select(
            col(Place.id), col(Place.name), col(Place.street), col(Place.postcode), col(Place.town), entered
        )
        .where(*_conditions(session, region_id, wanted))
        .order_by(col(Place.id))
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    found = [
        Line(number, name or "", address(street, postcode, town), since)
        for number, name, street, postcode, town, since in session.execute(stmt)
    ]
    total = count(session, region_id, wanted)
    return Page[Line](total=total, results=found, page=page, per_page=per_page)


def get(session: Session, region_id: int, place_id: int, wanted: Wanted) -> Unplaced:
    """Return a place that waits, with the public offers that are asked for, or raise NotFoundError."""
    wanted_one = col(Place.id) == place_id
    place = session.scalars(select(Place).where(wanted_one, *_conditions(session, region_id, wanted))).first()
    if place is None:
        raise NotFoundError("There is no such place without a point.")
    rows = session.execute(
        select(col(Offer.id), col(OfferAtPlace.id), col(Offer.name), col(Offer.slug))
        .join(OfferAtPlace, col(OfferAtPlace.offer_id) == col(Offer.id))
        .where(col(OfferAtPlace.place_id) == place_id, col(Offer.status) == Status.PUBLISHED, wanted.only)
        .order_by(col(Offer.id))
    )
    uses = [Use(*row) for row in rows]
    return Unplaced(
        place.id, place.name or "", place.street or "", place.postcode or "", place.town or "", uses
    )


def suggest(session: Session, act: Act, offer_id: int, changes: Changes, reason: str) -> int:
    """Let others decide where an offer is; return the number of the proposal, said twice the same one.

    Raises InvalidInputError that names what cannot be written.
    """
    hold(session, act.region_id)  # of two at the same time, the second one finds it
    present = of_offer(session, act.region_id, offer_id)
    deciding.can_be_written(session, act.region_id, present, changes)
    proposal, _ = service.propose(
        session, act, Kind.CHANGE, reason, changes, offer_id=offer_id, is_said_anew=True
    )
    return proposal.id


def address(street: str | None, postcode: str | None, town: str | None) -> str:
    """Return an address in one line; empty if nothing of it is known."""
    return ", ".join(part for part in (street, " ".join(filter(None, (postcode, town)))) if part)


def _conditions(session: Session, region_id: int, wanted: Wanted) -> list[Any]:
    offers = [
        col(OfferAtPlace.place_id) == col(Place.id),
        col(Offer.id) == col(OfferAtPlace.offer_id),
        col(Offer.status) == Status.PUBLISHED,
        wanted.only,
    ]
    if wanted.topics:
        slugs = literal(taxonomy.with_children(session, wanted.topics), ARRAY(Text))
        offers.append(col(Offer.topics).op("&&")(slugs))
    return [
        col(Place.region_id) == region_id,
        col(Place.lon).is_(None),
        ~col(Place.address_hidden),
        exists().where(*offers).correlate(Place),
        wanted.free,
    ]
