"""Which proposals somebody reaches, and how much of them: asked of one, and as a condition for lists."""

from typing import Final

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlmodel import Session, col

from api.accounts import scope
from api.accounts.policy import Action, Person, Subject
from api.core.errors import NotFoundError
from api.curation.models import Decision, Proposal
from api.curation.sight import Sight
from api.history.models import Origin
from api.offers.models import Offer, OfferAtPlace
from api.places.models import Place
from api.spaces.models import Division, Space

HIGHEST: Final = 2**63 - 1  # number that a row can have
BY_LISTS: Final = (Origin.IMPORT,)
BY_PEOPLE: Final = tuple(origin for origin in Origin if origin not in BY_LISTS)


def reach(person: Person, action: Action) -> ColumnElement[bool]:
    """Return the condition on Offer and Proposal for what a person may do this with.

    A new offer lies where its point is. Without one it lies nowhere, as an offer without a place does:
    only roles for the whole region reach it.
    """
    spaces = person.spaces_for(action)
    if spaces is None:
        here: ColumnElement[bool] = true()
    elif spaces:
        here = exists().where(col(Space.id).in_(sorted(spaces)), func.ST_Covers(col(Space.geom), _point()))
    else:
        here = false()
    is_new = col(Proposal.offer_id).is_(None)
    return or_(scope.offers_for(person, action), and_(is_new, here))


def subject(session: Session, proposal: Proposal) -> Subject:
    """Return what a proposal is about, as scopes ask it."""
    if proposal.offer_id is not None:
        return scope.of_offer(session, proposal.offer_id)
    stmt = (
        select(col(Space.id))
        .join(Division, col(Division.id) == col(Space.division_id))
        .join(Proposal, func.ST_Covers(col(Space.geom), _point()))
        .where(col(Proposal.id) == proposal.id, col(Division.region_id) == proposal.region_id)
    )
    return Subject(proposal.region_id, None, frozenset(session.scalars(stmt)))


def proposal_for(session: Session, person: Person, action: Action, proposal_id: int) -> Subject:
    """Return what a proposal is about; raise NotFoundError, also if it is no business of this person."""
    found = session.get(Proposal, proposal_id) if proposal_id <= HIGHEST else None
    if found is None or found.region_id != person.region_id or found.decision == Decision.DRAFT:
        raise NotFoundError("There is no such proposal.")
    about = subject(session, found)
    if not person.may(action, about):
        raise NotFoundError("There is no such proposal.")
    return about


def offer_for(session: Session, person: Person, action: Action, offer_id: int) -> Subject:
    """Return where an offer lies; raise NotFoundError, also if it is no business of this person."""
    found = session.get(Offer, offer_id) if offer_id <= HIGHEST else None
    if found is None or found.region_id != person.region_id:
        raise NotFoundError("There is no such offer.")
    about = scope.of_offer(session, offer_id)
    if not person.may(action, about):
        raise NotFoundError("There is no such offer.")
    return about


def check_hidden(session: Session, person: Person, offer_id: int) -> None:
    """Raise NotAllowedError if an offer has a hidden address and this person may not know it.

    Who edits an entry, or sees how it would look, could show the address: that is for those who decide there,
    and for the provider whose house it is.
    """
    hidden = (
        select(col(OfferAtPlace.id))
        .join(Place, col(Place.id) == col(OfferAtPlace.place_id))
        .where(col(OfferAtPlace.offer_id) == offer_id, col(Place.address_hidden))
    )
    if session.scalars(hidden).first() is None:
        return
    about = scope.of_offer(session, offer_id)
    if about.organization_id not in person.organizations_for(Action.DRAFT):
        person.require(Action.DECIDE, about)


def check_hidden_of(session: Session, person: Person, proposal_id: int) -> None:
    """Raise NotAllowedError if the offer of a proposal has an address that this person may not know."""
    found = session.get_one(Proposal, proposal_id)
    if found.offer_id is not None:
        check_hidden(session, person, found.offer_id)


def sight(person: Person, about: Subject) -> Sight:
    """Return how much of an entry a person sees: hidden addresses only who decides about it.

    How to refer to it is in part its provider's own word: who writes for that provider sees it, too.
    """
    professionals = person.may(Action.READ_PROFESSIONAL_CONTACTS, about)
    is_own = about.organization_id in person.organizations_for(Action.DRAFT)
    return Sight(
        hidden_addresses=person.may(Action.DECIDE, about),
        professionals=professionals,
        referral=professionals or is_own,
    )


def _point() -> ColumnElement[object]:
    return func.ST_SetSRID(func.ST_MakePoint(col(Proposal.lon), col(Proposal.lat)), 4326)
