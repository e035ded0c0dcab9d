"""Whom somebody calls to ask whether an entry is still right."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.curation.freshness_models import ArchiveWarning
from api.offers.freshness import OfferFreshness
from api.offers.models import Contact


@dataclass(frozen=True)
class Whom:
    """A contact of an entry as the person who calls may know it."""

    label: str
    phone: str | None
    email: str | None
    is_public: bool


def contacts(session: Session, person: Person | None, ids: Sequence[int]) -> dict[int, list[Whom]]:
    """Return the contacts of offers, public ones first; those for professionals for who may read them.

    person: none is for what leaves the house.
    """
    stmt = select(Contact).where(col(Contact.offer_id).in_(ids))
    found: dict[int, list[Whom]] = defaultdict(list)
    may: dict[int, bool] = {}
    for one in session.scalars(stmt.order_by(col(Contact.is_public).desc(), col(Contact.id))):
        if not one.is_public and one.offer_id not in may:
            about = scope.of_offer(session, one.offer_id) if person else None
            may[one.offer_id] = bool(person and person.may(Action.READ_PROFESSIONAL_CONTACTS, about))
        if one.is_public or may[one.offer_id]:
            found[one.offer_id].append(Whom(one.label, one.phone, one.email, one.is_public))
    return found


def archive_days(session: Session, ids: Sequence[int], today: date) -> dict[int, date]:
    """Return when offers will be archived, of those that are warned of and have not been confirmed since."""
    stmt = (
        select(col(ArchiveWarning.offer_id), col(ArchiveWarning.archive_on))
        .join(OfferFreshness, col(OfferFreshness.offer_id) == col(ArchiveWarning.offer_id))
        .where(col(ArchiveWarning.offer_id).in_(ids), col(OfferFreshness.overdue_on) < today)
    )
    return {row.offer_id: row.archive_on for row in session.execute(stmt)}
