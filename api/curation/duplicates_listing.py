"""Pairs of offers that may be one, for those who decide: first what waits longest, then what is surest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from api.core.errors import NotFoundError
from api.core.pages import Page
from api.curation.duplicates_kinds import Likeness, PairDecision
from api.curation.duplicates_models import DuplicatePair
from api.offers.models import Offer, OfferAtPlace, Status
from api.organizations.models import Organization
from api.places.models import Place, PlaceSpace
from api.regions.models import Region
from api.taxonomy import service as taxonomy

# More are not counted, as in the list of proposals.
MOST_COUNTED: Final = 1000
# The two offers of a pair with their providers; SQLModel's types know nothing of aliases.
_ONE: Any = aliased(Offer)
_OTHER: Any = aliased(Offer)
_BY_ONE: Any = aliased(Organization)
_BY_OTHER: Any = aliased(Organization)


@dataclass(frozen=True)
class Wanted:
    """Which pairs are asked for; all conditions hold at once, several values of one are alternatives.

    spaces, topics: one of the two offers lies there or has it. What lies nowhere is everybody's business.
    """

    decisions: Sequence[PairDecision] = (PairDecision.OPEN,)
    spaces: Sequence[int] = ()
    topics: Sequence[str] = ()
    offer_id: int | None = None
    reach: ColumnElement[bool] | None = None  # of both offers, asked of Offer; of merged ones: of what stays
    free: ColumnElement[bool] | None = None  # asked of DuplicatePair


@dataclass(frozen=True)
class Side:
    """One of the two offers of a pair, as lists show it."""

    id: int
    slug: str
    name: str
    provider: str | None
    status: Status


@dataclass(frozen=True)
class PairLine:
    """A pair as lists show it."""

    id: int
    one: Side
    other: Side
    verdict: Likeness
    score: float
    reasons: list[str]
    found_at: datetime
    decision: PairDecision
    decided_by: str | None
    decided_at: datetime | None
    note: str
    kept_id: int | None  # of a merge: the one that stays
    batch_id: int | None
    planned_by: str | None  # who has suggested how to merge them, where four eyes are wanted


def pairs(
    session: Session, region: Region, wanted: Wanted, page: int = 1, per_page: int = 20
) -> Page[PairLine]:
    """Return a page of pairs, those first that wait longest, and of decided ones the last first.

    Of those that were found by one search, the most alike come first. The total stops at MOST_COUNTED.
    """
    stmt, conditions = _lines(), _conditions(session, region, wanted)
    order: list[Any] = [
        col(DuplicatePair.found_at), col(DuplicatePair.score).desc(), col(DuplicatePair.id)
    ]  # fmt: skip
    if tuple(wanted.decisions) != (PairDecision.OPEN,):
        order = [col(DuplicatePair.decided_at).desc().nulls_last(), col(DuplicatePair.id).desc()]
    rows = session.execute(
        stmt.where(*conditions).order_by(*order).offset((page - 1) * per_page).limit(per_page)
    )
    counted = count(session, region, wanted)
    return Page[PairLine](total=counted, results=[_line(row) for row in rows], page=page, per_page=per_page)


def count(session: Session, region: Region, wanted: Wanted) -> int:
    """Return how many pairs there are, at most MOST_COUNTED."""
    some = select(col(DuplicatePair.id)).select_from(DuplicatePair)
    some = some.join(_ONE, _ONE.id == col(DuplicatePair.offer_a))
    some = some.join(_OTHER, _OTHER.id == col(DuplicatePair.offer_b))
    limited = some.where(*_conditions(session, region, wanted)).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(limited)) or 0


def pair(session: Session, region: Region, pair_id: int) -> PairLine:
    """Return a pair of a region, or raise NotFoundError."""
    is_it = (col(DuplicatePair.region_id) == region.id, col(DuplicatePair.id) == pair_id)
    row = session.execute(_lines().where(*is_it)).first()
    if row is None:
        raise NotFoundError("There is no such pair.")
    return _line(row)


def _lines() -> Any:  # noqa: ANN401 - a statement of many columns
    return (
        select(DuplicatePair, _ONE, _BY_ONE.name.label("by_one"), _OTHER, _BY_OTHER.name.label("by_other"))
        .join(_ONE, _ONE.id == col(DuplicatePair.offer_a))
        .join(_OTHER, _OTHER.id == col(DuplicatePair.offer_b))
        .outerjoin(_BY_ONE, _BY_ONE.id == _ONE.organization_id)
        .outerjoin(_BY_OTHER, _BY_OTHER.id == _OTHER.organization_id)
    )


def _line(row: Any) -> PairLine:  # noqa: ANN401 - a row of _lines
    found, one, by_one, other, by_other = row
    same = ("id", "verdict", "score", "reasons", "found_at", "decision", "decided_by", "decided_at", "note")
    return PairLine(
        **{name: getattr(found, name) for name in (*same, "kept_id", "batch_id")},
        one=Side(one.id, one.slug, one.name, by_one, one.status),
        other=Side(other.id, other.slug, other.name, by_other, other.status),
        planned_by=found.plan["by"] if found.plan else None,
    )


def _conditions(session: Session, region: Region, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [
        col(DuplicatePair.region_id) == region.id,
        col(DuplicatePair.decision).in_(wanted.decisions),
    ]
    if wanted.offer_id is not None:
        found.append(
            or_(col(DuplicatePair.offer_a) == wanted.offer_id, col(DuplicatePair.offer_b) == wanted.offer_id)
        )
    if wanted.free is not None:
        found.append(wanted.free)
    if wanted.reach is not None:
        within = select(col(Offer.id)).where(wanted.reach)
        both = and_(col(DuplicatePair.offer_a).in_(within), col(DuplicatePair.offer_b).in_(within))
        found.append(or_(both, col(DuplicatePair.kept_id).in_(within)))
    if wanted.topics:
        slugs = literal(taxonomy.with_children(session, wanted.topics), ARRAY(Text))
        found.append(or_(*(col(one.topics).op("&&")(slugs) for one in (_ONE, _OTHER))))
    if wanted.spaces:
        found.append(or_(*(_lies_in(one, wanted.spaces) for one in (_ONE, _OTHER))))
    return found


def _lies_in(offer: Any, space_ids: Sequence[int]) -> ColumnElement[bool]:  # noqa: ANN401 - an alias
    ids = literal(list(space_ids), ARRAY(BigInteger))
    of_offer = col(OfferAtPlace.offer_id) == offer.id
    inside = exists().where(
        of_offer,
        col(PlaceSpace.place_id) == col(OfferAtPlace.place_id),
        col(PlaceSpace.space_id) == func.any(ids),
    )
    somewhere = exists().where(
        of_offer, col(Place.id) == col(OfferAtPlace.place_id), col(Place.lon).is_not(None)
    )
    return or_(inside, ~somewhere)
