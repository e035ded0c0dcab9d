"""The proposals that wait, oldest first, for those who decide; drafts are never among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, and_, case, exists, func, literal, or_, select
from sqlmodel import Session, col

from api.core.pages import Page
from api.core.tables import Rows, columns
from api.curation.models import Decision, Kind, Proposal
from api.history.models import Origin
from api.offers.models import Offer, OfferAtPlace
from api.places.models import Place, PlaceSpace
from api.regions.models import Region
from api.spaces.models import Space
from api.taxonomy import service as taxonomy

# More are not counted: „1000 und mehr“ says enough, and counting stays as quick as it is.
MOST_COUNTED: Final = 1000


class Sort(StrEnum):
    """What a proposal asks of the person who decides."""

    NEW = "new"
    CHANGE = "change"
    REPORT = "report"  # words of a resident: no field of any entry
    WITHDRAW = "withdraw"
    PAUSE = "pause"


@dataclass(frozen=True)
class Wanted:
    """Which proposals are asked for; all conditions hold at once, several values of one are alternatives.

    spaces: ids, of any division; what lies nowhere yet, or hidden, is everybody's business and always there.
    """

    decisions: Sequence[Decision] = (Decision.OPEN,)
    sorts: Sequence[Sort] = ()
    spaces: Sequence[int] = ()
    topics: Sequence[str] = ()
    origins: Sequence[Origin] = ()
    actor: str | None = None  # who proposed it
    organization_id: int | None = None
    offer_id: int | None = None
    before: datetime | None = None  # proposed before, that is: older than
    reach: ColumnElement[bool] | None = None  # what the reader may see at all, asked of Offer and Proposal


@dataclass(frozen=True)
class Line:
    """A proposal as lists show it."""

    id: int
    sort: Sort
    decision: Decision
    origin: Origin
    actor: str
    reason: str
    offer_id: int | None
    slug: str | None
    name: str  # of the offer, or as it is to be called
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decided_paths: int


def proposals(
    session: Session, region: Region, wanted: Wanted, page: int = 1, per_page: int = 20
) -> Page[Line]:
    """Return a page of proposals, the oldest first, and of decided ones the last first.

    The total stops at MOST_COUNTED.
    """
    conditions = _conditions(session, region, wanted)
    is_open = tuple(wanted.decisions) == (Decision.OPEN,)
    order = (col(Proposal.proposed_at), col(Proposal.id))
    stmt = (
        _lines()
        .where(*conditions)
        .order_by(*(order if is_open else (one.desc() for one in order)))
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    counted = (
        select(col(Proposal.id)).outerjoin(Offer, _offer()).where(*conditions).limit(MOST_COUNTED).subquery()
    )
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    found = [Line(**{**row, "sort": Sort(row["sort"])}) for row in session.execute(stmt).mappings()]
    return Page[Line](total=total, results=found, page=page, per_page=per_page)


def counts(session: Session, region: Region, wanted: Wanted) -> dict[Sort, int]:
    """Return how many proposals of each sort there are; together at most MOST_COUNTED, the oldest."""
    some = (
        select(_SORT.label("sort"))
        .select_from(Proposal)
        .outerjoin(Offer, _offer())
        .where(*_conditions(session, region, wanted))
        .order_by(col(Proposal.proposed_at), col(Proposal.id))
        .limit(MOST_COUNTED)
        .subquery()
    )
    rows = session.execute(select(some.c.sort, func.count()).group_by(some.c.sort))
    found = {Sort(name): number for name, number in rows}
    return {sort: found.get(sort, 0) for sort in Sort}


_SORT: ColumnElement[str] = case(
    (columns(Proposal).changes.has_key("report"), literal(Sort.REPORT.value)),
    (col(Proposal.kind) == Kind.CREATE, literal(Sort.NEW.value)),
    (col(Proposal.kind) == Kind.WITHDRAW, literal(Sort.WITHDRAW.value)),
    (col(Proposal.kind) == Kind.PAUSE, literal(Sort.PAUSE.value)),
    else_=literal(Sort.CHANGE.value),
)


def _offer() -> ColumnElement[bool]:
    return col(Offer.id) == col(Proposal.offer_id)


def _lines() -> Rows:
    named = columns(Proposal).changes[("name", "new")].astext
    decided = select(func.count()).select_from(func.jsonb_object_keys(col(Proposal.decisions)).alias())
    own = (
        "id",
        "decision",
        "origin",
        "actor",
        "reason",
        "offer_id",
        "proposed_at",
        "decided_by",
        "decided_at",
    )
    values: list[Any] = [
        *(col(getattr(Proposal, name)) for name in own),
        _SORT.label("sort"),
        col(Offer.slug),
        func.coalesce(col(Offer.name), named, "").label("name"),
        decided.scalar_subquery().label("decided_paths"),
    ]
    return select(*values).select_from(Proposal).outerjoin(Offer, _offer())


def _conditions(session: Session, region: Region, wanted: Wanted) -> list[ColumnElement[bool]]:
    decisions = [one for one in wanted.decisions if one != Decision.DRAFT]
    found = [col(Proposal.region_id) == region.id, col(Proposal.decision).in_(decisions)]
    if wanted.sorts:
        found.append(_SORT.in_([sort.value for sort in wanted.sorts]))
    if wanted.origins:
        found.append(col(Proposal.origin).in_(wanted.origins))
    if wanted.actor is not None:
        found.append(col(Proposal.actor) == wanted.actor)
    if wanted.offer_id is not None:
        found.append(col(Proposal.offer_id) == wanted.offer_id)
    if wanted.organization_id is not None:
        found.append(col(Offer.organization_id) == wanted.organization_id)
    if wanted.before is not None:
        found.append(col(Proposal.proposed_at) < wanted.before)
    if wanted.reach is not None:
        found.append(wanted.reach)
    if wanted.topics:
        slugs = literal(taxonomy.with_children(session, wanted.topics), ARRAY(Text))
        found.append(or_(col(Offer.topics).op("&&")(slugs), col(Proposal.topics).op("&&")(slugs)))
    if wanted.spaces:
        found.append(_lies_in(wanted.spaces))
    return found


def _lies_in(space_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition for proposals about places in some spaces, or about no place that may be known.

    A hidden address belongs to every space, as it does for residents: a filter must not tell where it is.
    """
    ids = literal(list(space_ids), ARRAY(BigInteger))
    of_offer = col(OfferAtPlace.offer_id) == col(Proposal.offer_id)
    inside = exists().where(
        of_offer,
        col(PlaceSpace.place_id) == col(OfferAtPlace.place_id),
        col(PlaceSpace.space_id) == func.any(ids),
    )
    somewhere = exists().where(
        of_offer,
        col(Place.id) == col(OfferAtPlace.place_id),
        col(Place.lon).is_not(None),
        ~col(Place.address_hidden),
    )
    point = func.ST_SetSRID(func.ST_MakePoint(col(Proposal.lon), col(Proposal.lat)), 4326)
    around = exists().where(col(Space.id) == func.any(ids), func.ST_Covers(col(Space.geom), point))
    is_new = col(Proposal.offer_id).is_(None)
    return or_(
        and_(is_new, or_(col(Proposal.lon).is_(None), around)),
        and_(~is_new, or_(inside, ~somewhere)),
    )
