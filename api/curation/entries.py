"""The entries of those who look after them: found by name within their scope, with their state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.curation.sheet import get
from api.history.models import Origin
from api.history.service import Act
from api.offers.models import Offer, OfferAtPlace, Status
from api.organizations.models import Organization
from api.places.models import Place

PAGE: Final = 50


@dataclass(frozen=True)
class Entry:
    """An offer as a list of staff shows it; in whatever state it is."""

    id: int
    slug: str
    name: str
    organization: str
    status: Status
    paused_until: date | None
    verified_on: date | None

    @property
    def is_public(self) -> bool:
        """Whether residents see it."""
        return self.status == Status.PUBLISHED


def by_form(person: Person) -> Act:
    """Return how somebody acts who fills in a form."""
    return Act(person.region_id, person.actor, Origin.FORM)


def entry(session: Session, region_id: int, offer_id: int) -> Entry:
    """Return an offer of a region, or raise NotFoundError."""
    offer = get(session, region_id, offer_id)
    provider = session.get(Organization, offer.organization_id) if offer.organization_id else None
    return Entry(
        offer.id,
        offer.slug,
        offer.name,
        provider.name if provider else "",
        offer.status,
        offer.paused_until,
        offer.verified_on,
    )


def entries(
    session: Session, person: Person, said: str, page: int, action: Action = Action.SEE_ENTRIES
) -> tuple[list[Entry], int]:
    """Return a page of the offers in somebody's scope by name, and how many there are.

    said: part of the name of the offer or of its provider; page: from 1; action: what the scope is of.
    """
    stmt = (
        select(
            col(Offer.id),
            col(Offer.slug),
            col(Offer.name),
            func.coalesce(col(Organization.name), ""),
            col(Offer.status),
            col(Offer.paused_until),
            col(Offer.verified_on),
        )
        .outerjoin(Organization, col(Organization.id) == col(Offer.organization_id))
        .where(scope.offers_for(person, action))
    )
    for word in said.split():
        is_there = col(Offer.name).icontains(word, autoescape=True)
        stmt = stmt.where(is_there | col(Organization.name).icontains(word, autoescape=True))
    count = session.scalar(select(func.count()).select_from(stmt.subquery())) or 0
    rows = session.execute(
        stmt.order_by(func.lower(col(Offer.name)), col(Offer.id)).offset((page - 1) * PAGE).limit(PAGE)
    )
    return [Entry(*row) for row in rows], count


@dataclass(frozen=True)
class Whereabouts:
    """Where an offer takes place, for telling offers apart; said: never a hidden address."""

    id: int  # of OfferAtPlace
    said: str


def whereabouts(session: Session, offer_ids: Sequence[int]) -> dict[int, list[Whereabouts]]:
    """Return the places of offers, by offer."""
    stmt = (
        select(col(OfferAtPlace.offer_id), col(OfferAtPlace.id), Place)
        .join(Place, col(Place.id) == col(OfferAtPlace.place_id))
        .where(col(OfferAtPlace.offer_id).in_(offer_ids))
        .order_by(col(OfferAtPlace.id))
    )
    found: dict[int, list[Whereabouts]] = {offer_id: [] for offer_id in offer_ids}
    for offer_id, number, place in session.execute(stmt):
        found[offer_id].append(Whereabouts(number, _said(place)))
    return found


def _said(place: Place) -> str:
    if place.address_hidden:
        return "Adresse verborgen"
    town = " ".join(one for one in (place.postcode, place.town) if one)
    return ", ".join(one for one in (place.name, place.street, town) if one) or "Ort ohne Adresse"
