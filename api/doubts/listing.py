"""The doubts that wait, oldest first, and how many there are of each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, func, literal, or_, select
from sqlmodel import Session, col

from api.core.pages import Page
from api.core.tables import Rows
from api.doubts import words
from api.doubts.models import Doubt, Kind, State
from api.offers.models import Offer, OfferAtPlace
from api.places.models import Place, PlaceSpace
from api.regions.models import Region
from api.taxonomy import service as taxonomy

# More are not counted: „1000 und mehr“ says enough, and counting stays as quick as it is.
MOST_COUNTED: Final = 1000


@dataclass(frozen=True)
class Wanted:
    """Which doubts are asked for; all conditions hold at once, several values of one are alternatives.

    spaces: ids, of any division; what lies nowhere is everybody's business and always among them. only: a
    condition on Offer, such as api.accounts.scope.offers_for gives it.
    """

    kinds: Sequence[Kind] = ()
    state: State = State.OPEN
    spaces: Sequence[int] = ()
    topics: Sequence[str] = ()
    organization_id: int | None = None
    offer_id: int | None = None
    before: datetime | None = None  # found before, that is: older than
    only: ColumnElement[bool] | None = None
    free: ColumnElement[bool] | None = None  # a condition on Doubt: what nobody else looks after


@dataclass(frozen=True)
class Line:
    """A doubt as people read it."""

    id: int
    kind: Kind
    title: str
    sentence: str
    state: State
    offer_id: int
    slug: str
    name: str  # of the offer
    path: str  # of its sheet; empty: the whole offer
    seen: str  # what a person has before them when they answer
    proposed: dict[str, Any]  # path → new value
    found_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    note: str


def doubts(session: Session, region: Region, wanted: Wanted, page: int = 1, per_page: int = 20) -> Page[Line]:
    """Return a page of doubts, the oldest first; the total stops at MOST_COUNTED."""
    conditions = [*_conditions(session, region.id, wanted), *_of_kinds(wanted)]
    stmt = (
        lines()
        .where(*conditions)
        .order_by(col(Doubt.found_at), col(Doubt.id))
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    found = [line(row) for row in session.execute(stmt).mappings()]
    total = number(session, region, wanted)
    return Page[Line](total=total, results=found, page=page, per_page=per_page)


def number(session: Session, region: Region, wanted: Wanted) -> int:
    """Return how many doubts there are of all the kinds that are asked for, at most MOST_COUNTED."""
    conditions = [*_conditions(session, region.id, wanted), *_of_kinds(wanted)]
    counted = _counted(wanted).where(*conditions).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(counted)) or 0


def counts(session: Session, region: Region, wanted: Wanted) -> dict[Kind, int]:
    """Return how many doubts there are of each kind that has any, each at most MOST_COUNTED.

    wanted.kinds does not narrow it: the counts stand beside the choices.
    """
    asked = func.unnest(literal([kind.value for kind in Kind], ARRAY(Text))).table_valued("kind")
    asked = asked.render_derived(name="asked")
    conditions = _conditions(session, region.id, wanted)
    some = _counted(wanted).where(*conditions, col(Doubt.kind) == asked.c.kind).limit(MOST_COUNTED)
    number = select(func.count()).select_from(some.correlate(asked).subquery("some").lateral())
    rows = session.execute(select(asked.c.kind, number.correlate(asked).scalar_subquery()))
    found = {Kind(kind): count for kind, count in rows if count}
    return {kind: found[kind] for kind in Kind if kind in found}


def lines() -> Rows:
    """Return the statement for doubts with the names of their offers."""
    own = [name for name in Doubt.model_fields if name != "region_id"]
    values: list[Any] = [*(col(getattr(Doubt, name)) for name in own), col(Offer.slug), col(Offer.name)]
    return select(*values).select_from(Doubt).join(Offer, col(Offer.id) == col(Doubt.offer_id))


def line(row: Any) -> Line:  # noqa: ANN401 - a row of lines()
    """Return a row of lines() with its words."""
    values = dict(row)
    details = values.pop("details")
    kind = values["kind"]
    return Line(title=words.TITLES[kind], sentence=words.sentence(kind, details), **values)


def _counted(wanted: Wanted) -> Rows:
    stmt = select(col(Doubt.id))
    if not (wanted.topics or wanted.organization_id is not None or wanted.only is not None):
        return stmt
    return stmt.join(Offer, col(Offer.id) == col(Doubt.offer_id))


def _of_kinds(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [col(Doubt.kind).in_(wanted.kinds)] if wanted.kinds else []


def _conditions(session: Session, region_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [col(Doubt.region_id) == region_id, col(Doubt.state) == wanted.state]
    if wanted.offer_id is not None:
        found.append(col(Doubt.offer_id) == wanted.offer_id)
    if wanted.organization_id is not None:
        found.append(col(Offer.organization_id) == wanted.organization_id)
    if wanted.before is not None:
        found.append(col(Doubt.found_at) < wanted.before)
    if wanted.only is not None:
        found.append(wanted.only)
    if wanted.free is not None:
        found.append(wanted.free)
    if wanted.topics:
        slugs = literal(taxonomy.with_children(session, wanted.topics), ARRAY(Text))
        found.append(col(Offer.topics).op("&&")(slugs))
    if wanted.spaces:
        found.append(_lies_in(wanted.spaces))
    return found


def _lies_in(space_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition for doubts about offers in some spaces, or at no place that is known."""
    place_id = col(OfferAtPlace.place_id)
    of_offer = select(place_id).where(col(OfferAtPlace.offer_id) == col(Doubt.offer_id))
    inside = of_offer.join(PlaceSpace, col(PlaceSpace.place_id) == place_id).where(
        col(PlaceSpace.space_id) == func.any(literal(list(space_ids), ARRAY(BigInteger)))
    )
    somewhere = of_offer.join(Place, col(Place.id) == place_id).where(col(Place.lon).is_not(None))
    return or_(inside.correlate(Doubt).exists(), ~somewhere.correlate(Doubt).exists())
