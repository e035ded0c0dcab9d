"""Which entries of a region somebody looks after: in some spaces, about some topics, of one provider."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from api.accounts.policy import Action, Person
from api.core.tables import Rows
from api.offers.models import Offer, OfferAtPlace
from api.places.models import PlaceSpace
from api.spaces.models import Division, Space
from api.taxonomy import service as taxonomy


@dataclass(frozen=True)
class Reach:
    """What somebody's roles reach: what lies in one of the spaces (None: anywhere), or is of one of these."""

    spaces: frozenset[int] | None
    organizations: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Within:
    """A part of a region; all conditions hold at once, several values of one are alternatives.

    spaces: ids, of any division. An entry lies in a space as it does for roles (api/accounts/scope.py): by
    its places, or because it comes to the people there. What is hidden, comes everywhere or is found nowhere
    lies in none, and is for those who look after the whole region. topics: slugs, finer ones included.
    """

    spaces: Sequence[int] = ()
    topics: Sequence[str] = ()
    organization_id: int | None = None
    reach: Reach | None = None  # none: nobody asks whose business it is


EVERYTHING = Within()


def reach(person: Person, action: Action) -> Reach:
    """Return what a person may do this with; the same as api.accounts.scope.offers_for, of public entries."""
    return Reach(person.spaces_for(action), person.organizations_for(action))


def conditions(session: Session, within: Within) -> list[ColumnElement[bool]]:
    """Return the conditions on Offer; those on spaces list ids, so that no other entry is looked at."""
    found: list[ColumnElement[bool]] = []
    if within.spaces:
        found.append(col(Offer.id).in_(union_all(*_in_spaces(within.spaces))))
    if within.reach is not None and within.reach.spaces is not None:
        found.append(col(Offer.id).in_(_reached(within.reach.spaces, within.reach.organizations)))
    if within.topics:
        slugs = literal(taxonomy.with_children(session, within.topics), ARRAY(Text))
        found.append(col(Offer.topics).op("&&")(slugs))
    if within.organization_id is not None:
        found.append(col(Offer.organization_id) == within.organization_id)
    return found


def _reached(spaces: Collection[int], organizations: Collection[int]) -> ColumnElement[int]:
    owned = aliased(Offer)
    wanted = literal(sorted(organizations), ARRAY(BigInteger))
    own = select(col(owned.id)).where(col(owned.organization_id) == func.any(wanted))
    return union_all(*_in_spaces(spaces), own)  # type: ignore[return-value]


def _in_spaces(space_ids: Collection[int]) -> tuple[Rows, Rows]:
    """Return the ids of offers that take place in spaces, and of those that come to them."""
    wanted = func.any(literal(sorted(space_ids), ARRAY(BigInteger)))
    there = (
        select(col(OfferAtPlace.offer_id))
        .join(PlaceSpace, col(PlaceSpace.place_id) == col(OfferAtPlace.place_id))
        .where(col(PlaceSpace.space_id) == wanted)
    )
    coming = aliased(Offer)
    # As ix_offer_coming says it, which holds the few of them.
    comes = (col(coming.status) == literal_column("'published'")) & or_(
        col(coming.outreach), func.cardinality(col(coming.serves)) > literal_column("0")
    )
    served = (
        select(col(coming.id))
        .join(Division, col(Division.region_id) == col(coming.region_id))
        .join(Space, col(Space.division_id) == col(Division.id))
        .where(col(Space.id) == wanted, comes, col(Space.key) == col(coming.serves).any_())
    )
    return there, served
