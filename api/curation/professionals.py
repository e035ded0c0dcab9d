"""What professionals read of an offer beside what everybody reads: whom to ask, and how to refer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.curation import asking
from api.curation.asking import Whom
from api.offers import referring
from api.offers.models import Offer, Status
from api.offers.referring import Referral


@dataclass(frozen=True)
class ForProfessionals:
    """One offer, for somebody who may read this of it."""

    referral: Referral = field(default_factory=Referral)
    contacts: list[Whom] = field(default_factory=list)  # public ones first


def within_reach(
    session: Session, person: Person, ids: Sequence[int], room_on: date | None = None
) -> list[int]:
    """Return those of public offers of which a person may read this, in their order.

    room_on: only those whose provider has lately said, as of this day, that there is room.
    """
    conditions: list[ColumnElement[bool]] = [
        scope.offers_for(person, Action.READ_PROFESSIONAL_CONTACTS),
        col(Offer.status) == Status.PUBLISHED,
    ]
    if room_on is not None:
        conditions.append(referring.has_room(room_on))
    found = set(session.scalars(select(col(Offer.id)).where(*conditions)))
    return [offer_id for offer_id in ids if offer_id in found]


def read(session: Session, person: Person, ids: Sequence[int]) -> dict[int, ForProfessionals]:
    """Return what a person may read of these offers; those out of reach are left out."""
    reached = within_reach(session, person, ids)
    referrals = referring.of_offers(session, reached)
    contacts = asking.contacts(session, person, reached)
    return {one: ForProfessionals(referrals.get(one, Referral()), contacts.get(one, [])) for one in reached}
