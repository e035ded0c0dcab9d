"""Where an offer lies, as scopes ask it: of which organization, and in which spaces of all divisions."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import Session, col

from api.accounts.policy import Action, Person, Subject
from api.core.tables import Rows
from api.offers.models import Offer, OfferAtPlace
from api.places.models import PlaceSpace
from api.spaces.models import Division, Space


def of_offer(session: Session, offer_id: int) -> Subject:
    """Return the subject that an offer is, whatever its status; raise NoResultFound if there is none.

    Offers without a place lie in the spaces that they serve. Those that come everywhere, and those whose
    address is hidden, lie in none: only roles for the whole region reach them.
    """
    stmt = select(col(Offer.region_id), col(Offer.organization_id)).where(col(Offer.id) == offer_id)
    region_id, organization_id = session.execute(stmt).one()
    spaces = session.scalars(_spaces().where(_offer_id() == offer_id))
    served = session.scalars(_served().where(col(Offer.id) == offer_id))
    return Subject(region_id, organization_id, frozenset(spaces) | frozenset(served))


def of_place(
    session: Session, region_id: int, place_ids: list[int], organization_id: int | None = None
) -> Subject:
    """Return the subject that a new offer at these places would be."""
    stmt = select(col(PlaceSpace.space_id)).where(col(PlaceSpace.place_id).in_(place_ids))
    return Subject(region_id, organization_id, frozenset(session.scalars(stmt)))


def offers_for(person: Person, action: Action) -> ColumnElement[bool]:
    """Return the condition on Offer for those with which a person may do this; for lists and counts."""
    spaces = person.spaces_for(action)
    here = col(Offer.region_id) == person.region_id
    if spaces is None:
        return here
    found: list[ColumnElement[bool]] = [false()]
    organizations = person.organizations_for(action)
    if organizations:
        found.append(col(Offer.organization_id).in_(sorted(organizations)))
    if spaces:
        found.append(col(Offer.id).in_(_spaces(_offer_id()).where(_space_id().in_(sorted(spaces)))))
        found.append(col(Offer.id).in_(_served(col(Offer.id)).where(col(Space.id).in_(sorted(spaces)))))
    return and_(here, or_(*found))


def _offer_id() -> Any:  # noqa: ANN401 - a column
    return col(OfferAtPlace.offer_id)


def _space_id() -> Any:  # noqa: ANN401 - a column
    return col(PlaceSpace.space_id)


def _spaces(what: Any = None) -> Rows:  # noqa: ANN401 - a column
    """Return the spaces in which offers take place."""
    chosen = _space_id() if what is None else what
    same = col(OfferAtPlace.place_id) == col(PlaceSpace.place_id)
    return select(chosen).select_from(PlaceSpace).join(OfferAtPlace, same)


def _served(what: Any = None) -> Rows:  # noqa: ANN401 - a column
    """Return the spaces that offers serve by their keys."""
    chosen = col(Space.id) if what is None else what
    return (
        select(chosen)
        .select_from(Space)
        .join(Division, col(Division.id) == col(Space.division_id))
        .join(
            Offer,
            and_(
                col(Offer.region_id) == col(Division.region_id),
                col(Space.key) == col(Offer.serves).any_(),
            ),
        )
    )
