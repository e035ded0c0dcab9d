"""Claims: somebody says „Ich kümmere mich“, so that nobody else does the same in vain.

A claim locks nothing, ends by itself, and anybody may take it over. It is no history: it is simply gone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, delete, exists, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from api.accounts.policy import Person
from api.core import clock
from api.core.errors import ConflictError
from api.curation.claims_models import About, Claim
from api.curation.duplicates_models import DuplicatePair
from api.curation.models import Proposal
from api.doubts.models import Doubt
from api.offers.models import Offer
from api.places.models import Place

__all__ = ["HOURS", "About", "Held", "Thing", "held", "release", "take", "unclaimed"]

HOURS: Final = 8  # a working day: what is claimed in the evening is free in the morning
Thing = tuple[About, int]
_NUMBERS: Final[dict[About, Any]] = {
    About.PROPOSAL: col(Proposal.id),
    About.DOUBT: col(Doubt.id),
    About.PLACE: col(Place.id),
    About.PAIR: col(DuplicatePair.id),
    About.OFFER: col(Offer.id),
}


@dataclass(frozen=True)
class Held:
    """Who looks after something, and since when."""

    account_id: int
    since: datetime


def take(session: Session, person: Person, thing: Thing, instead_of: int | None = None) -> None:
    """Look after something from now on; again: for some more hours.

    instead_of: the account that was shown to look after it. Raises ConflictError if somebody else does.
    """
    _forget(session, person.region_id)
    about, number = thing
    mine = {"account_id": person.account_id, "since": clock.now()}
    stmt = insert(Claim).values(region_id=person.region_id, about=about, number=number, **mine)
    known = [person.account_id, *([] if instead_of is None else [instead_of])]
    stmt = stmt.on_conflict_do_update(
        index_elements=["region_id", "about", "number"], set_=mine, where=col(Claim.account_id).in_(known)
    )
    if session.execute(stmt.returning(col(Claim.id))).first() is None:
        raise ConflictError("Somebody else looks after this.")


def release(session: Session, person: Person, thing: Thing) -> None:
    """Look after something no longer; what somebody else looks after stays so."""
    session.execute(delete(Claim).where(*_is(person.region_id, thing), _by(person.account_id)))


def held(session: Session, region_id: int, things: Collection[Thing]) -> dict[Thing, Held]:
    """Return who looks after which of these things."""
    if not things:
        return {}
    stmt = select(col(Claim.about), col(Claim.number), col(Claim.account_id), col(Claim.since)).where(
        col(Claim.region_id) == region_id,
        tuple_(col(Claim.about), col(Claim.number)).in_(list(things)),
        col(Claim.since) > _begin(),
    )
    return {(about, number): Held(account, since) for about, number, account, since in session.execute(stmt)}


def unclaimed(person: Person, about: About, number: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    """Return the condition for what nobody else looks after.

    number: the column with the number of the thing, unless it is the one of its table.
    """
    column = _NUMBERS[about] if number is None else number
    return ~exists().where(
        col(Claim.region_id) == person.region_id,
        col(Claim.about) == about,
        col(Claim.number) == column.cast(BigInteger),
        col(Claim.account_id) != person.account_id,
        col(Claim.since) > _begin(),
    )


def _forget(session: Session, region_id: int) -> None:
    """Clear away what has ended by itself: nobody is to read later who did what when."""
    over = col(Claim.since) <= _begin()
    session.execute(delete(Claim).where(col(Claim.region_id) == region_id, over))


def _is(region_id: int, thing: Thing) -> tuple[ColumnElement[bool], ...]:
    about, number = thing
    return col(Claim.region_id) == region_id, col(Claim.about) == about, col(Claim.number) == number


def _by(account_id: int) -> ColumnElement[bool]:
    return col(Claim.account_id) == account_id


def _begin() -> datetime:
    return clock.now() - timedelta(hours=HOURS)
