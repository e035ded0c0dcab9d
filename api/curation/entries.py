"""The entries of those who look after them: found by name within their scope, with their state."""

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
from api.offers.models import Offer, Status
from api.organizations.models import Organization

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


def entries(session: Session, person: Person, said: str, page: int) -> tuple[list[Entry], int]:
    """Return a page of the offers in somebody's scope by name, and how many there are.

    said: part of the name of the offer or of its provider; page: from 1.
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
        .where(scope.offers_for(person, Action.SEE_ENTRIES))
    )
    for word in said.split():
        is_there = col(Offer.name).icontains(word, autoescape=True)
        stmt = stmt.where(is_there | col(Organization.name).icontains(word, autoescape=True))
    count = session.scalar(select(func.count()).select_from(stmt.subquery())) or 0
    rows = session.execute(
        stmt.order_by(func.lower(col(Offer.name)), col(Offer.id)).offset((page - 1) * PAGE).limit(PAGE)
    )
    return [Entry(*row) for row in rows], count
