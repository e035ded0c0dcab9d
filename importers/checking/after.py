"""What people publish is looked over at once: in the same transaction, whoever has changed it and how.

A Watched session remembers the revisions that are written by it. Before it commits, the checks look over the
offers that these revisions speak of, so that what is settled closes and what is odd shows. Nobody who changes
an entry has to think of it.
"""

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, event, func, literal, select
from sqlmodel import Session, col

from api.history.entities import entity_named
from api.history.models import Revision
from api.offers.models import Offer, OfferAtPlace
from api.regions.models import Region
from importers.checking.run import AT_ONCE, again

_WRITTEN: Final = "revisions"  # in Session.info
_OF_PROVIDER: Final = 2  # as many as run.again looks at: a provider is asked about with its first offer


class Watched(Session):
    """A session whose changes of public entries are looked over before they are committed."""


@event.listens_for(Watched, "after_flush")
def _remember(session: Watched, _context: object) -> None:
    found = [row.id for row in session.new if isinstance(row, Revision)]
    if found:
        session.info.setdefault(_WRITTEN, []).extend(found)


@event.listens_for(Watched, "before_commit")
def _look(session: Watched) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    written = session.info.pop(_WRITTEN, [])
    for region_id, offer_ids in _offers(session, written).items():
        region = session.get_one(Region, region_id)
        ids = sorted(offer_ids)
        for start in range(0, len(ids), AT_ONCE):
            again(session, region, ids[start : start + AT_ONCE])


def _offers(session: Session, revision_ids: list[int]) -> dict[int, set[int]]:
    """Return by region the offers of which these revisions speak; what was rolled back is not there."""
    found: dict[int, set[int]] = defaultdict(set)
    if not revision_ids:
        return found
    rows = session.execute(
        select(
            col(Revision.region_id), col(Revision.entity), col(Revision.entity_id), col(Revision.changes)
        ).where(col(Revision.id) == _any(revision_ids))
    )
    by_entity: dict[tuple[int, str], list[int]] = defaultdict(list)
    for region_id, name, number, changes in rows:
        by_entity[region_id, name].append(number)
        said = changes.get("offer_id", {})  # of parts that came or went
        found[region_id].update(one for one in (said.get("old"), said.get("new")) if one is not None)
    for (region_id, name), numbers in by_entity.items():
        found[region_id].update(_of_entity(session, name, numbers))
    return {region_id: offer_ids for region_id, offer_ids in found.items() if offer_ids}


def _of_entity(session: Session, name: str, numbers: list[int]) -> set[int]:
    entity = entity_named(name)
    table: Any = entity.table
    if name == "offer":
        return set(numbers)
    if entity.whole is not None and entity.whole[0] == "offer":
        return set(session.scalars(select(getattr(table, entity.whole[1])).where(table.id == _any(numbers))))
    if name == "place":
        there = select(col(OfferAtPlace.offer_id)).where(col(OfferAtPlace.place_id) == _any(numbers))
        return set(session.scalars(there))
    if name == "organization":
        first = select(col(Offer.id)).order_by(col(Offer.id)).limit(_OF_PROVIDER)
        return {
            one for number in numbers
            for one in session.scalars(first.where(col(Offer.organization_id) == number))
        }  # fmt: skip
    return set()


def _any(numbers: list[int]) -> Any:  # noqa: ANN401 - SQL expressions
    # One array: an import that is taken back has more revisions than a statement can have values.
    return func.any(literal(numbers, ARRAY(BigInteger)))
