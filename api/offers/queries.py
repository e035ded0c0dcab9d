"""Sets of offers, as SQL: small conditions that can be combined."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, func, literal, not_, or_, select, true, union_all
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import col

from api.core.geo import LonLat
from api.core.tables import Rows
from api.offers.models import Cost, Offer, OfferAtPlace, Status
from api.offers.schemas import DEFAULT_METRES, OfferFilter
from api.places import queries as places
from api.places.queries import public_point
from api.spaces.models import Space


@dataclass(frozen=True)
class Chosen:
    """Spaces of one division that are asked for: any of them will do."""

    division: str
    ids: list[int]
    # Of all spaces of any division that overlap them.
    keys: list[str]


class Open(NamedTuple):
    """What takes place at some time: offers, and offers at places."""

    offers: Sequence[int]  # ids of Offer
    at_places: Sequence[int]  # ids of OfferAtPlace


@dataclass(frozen=True)
class Wanted:
    """A filter with its names resolved: ids of spaces by division, topics with the finer ones."""

    region_id: int
    filter: OfferFilter
    topics: Sequence[str] = ()
    spaces: Sequence[Chosen] = ()  # one for each division that is asked for
    ids: Sequence[int] | None = None  # only these offers: what answers a text
    open: Open | None = None  # what takes place when it is wanted; looked up only for the database

    def only(self, ids: Sequence[int]) -> "Wanted":
        """Return the same wish for some offers alone."""
        return replace(self, ids=ids)

    def without(self, group: str) -> "Wanted":
        """Return the same wish with one group of conditions left out, for counting its choices."""
        bare = self.filter.model_copy(update={group: type(self.filter).model_fields[group].get_default()})
        topics = () if group == "topic" else self.topics
        spaces = () if group == "space" else self.spaces
        opened = None if group == "when" else self.open
        return replace(self, filter=bare, topics=topics, spaces=spaces, open=opened)

    def without_division(self, division: str) -> "Wanted":
        """Return the same wish without its spaces of one division; those of other divisions stay."""
        return replace(self, spaces=[chosen for chosen in self.spaces if chosen.division != division])


def published(region_id: int) -> ColumnElement[bool]:
    """Return the condition for what is public in a region."""
    return and_(col(Offer.region_id) == region_id, col(Offer.status) == Status.PUBLISHED)


def _overlaps(column: Any, values: Sequence[str]) -> ColumnElement[bool]:  # noqa: ANN401
    found: ColumnElement[bool] = column.op("&&")(literal(list(values), ARRAY(TEXT)))
    return found


def matching_places(wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition on OfferAtPlace for the places that answer all conditions on places."""
    conditions: list[ColumnElement[bool]] = [true()]
    place_id = col(OfferAtPlace.place_id)
    conditions += [place_id.in_(places.in_spaces(chosen.ids)) for chosen in wanted.spaces]
    if wanted.filter.bbox is not None:
        conditions.append(place_id.in_(places.in_box(wanted.filter.bbox)))
    if wanted.filter.near is not None:
        metres = wanted.filter.metres or DEFAULT_METRES
        conditions.append(place_id.in_(places.near(wanted.filter.near, metres)))
    if wanted.open is not None:
        conditions.append(_any_of(col(OfferAtPlace.id), wanted.open.at_places))
    return and_(*conditions)


def comes_everywhere(region_id: int) -> ColumnElement[bool]:
    """Return the condition for offers that serve the whole region without being found in a space.

    Those are offers that come to people, and those whose address is hidden: nobody may learn from a filter
    where they are, so they belong to every space.
    """
    at_hidden = col(Offer.id).in_(_at_hidden_places(region_id))
    return and_(func.cardinality(col(Offer.serves)) == 0, or_(col(Offer.outreach), at_hidden))


def comes_to_all(wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition for offers that serve a chosen space of every division asked for."""
    return or_(_serves_all(wanted, col(Offer.serves)), comes_everywhere(wanted.region_id))


def _serves_all(wanted: Wanted, serves: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return and_(true(), *(_overlaps(serves, chosen.keys) for chosen in wanted.spaces))


def _at_hidden_places(region_id: int) -> Rows:
    hidden = col(OfferAtPlace.place_id).in_(places.hidden(region_id))
    return select(col(OfferAtPlace.offer_id)).where(hidden)


def _coming(wanted: Wanted) -> tuple[Rows, Rows]:
    """Return the ids of the offers of comes_to_all in two parts, found without a look at all the others."""
    offer = Offer.__table__.alias("coming")  # type: ignore[attr-defined]
    public = and_(offer.c.region_id == wanted.region_id, offer.c.status == Status.PUBLISHED)
    anywhere = func.cardinality(offer.c.serves) == 0
    said = or_(offer.c.outreach, func.cardinality(offer.c.serves) > 0)  # as ix_offer_coming has it
    return (
        select(offer.c.id).where(public, said, or_(anywhere, _serves_all(wanted, offer.c.serves))),
        select(offer.c.id).where(public, anywhere, offer.c.id.in_(_at_hidden_places(wanted.region_id))),
    )


def choices(wanted: Wanted) -> dict[str, ColumnElement[bool]]:
    """Return the condition of each group of choices in which something is chosen, by the group's name."""
    asked = wanted.filter
    found: dict[str, ColumnElement[bool]] = {}
    if asked.topic:
        found["topic"] = _overlaps(col(Offer.topics), wanted.topics)
    if asked.audience:
        found["audience"] = _overlaps(col(Offer.audiences), asked.audience)
    if asked.language:
        found["language"] = _overlaps(col(Offer.languages), asked.language)
    if asked.cost_free:
        found["cost_free"] = is_cost_free()
    if asked.resource_level:
        found["resource_level"] = col(Offer.resource_level).in_(asked.resource_level)
    return found


def somewhere(wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition for what is found, or comes, where it is wanted: spaces, a box, near a point."""
    if not (wanted.spaces or wanted.filter.bbox or wanted.filter.near):
        return true()
    at_place = select(col(OfferAtPlace.offer_id)).where(matching_places(wanted))
    if wanted.filter.bbox or wanted.filter.near:
        # A box or a distance asks for points, and only public points can answer.
        return col(Offer.id).in_(at_place)
    return col(Offer.id).in_(union_all(at_place, *_coming(wanted)))


def for_age(wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition for what is meant for the age asked for."""
    age = wanted.filter.age
    if age is None:
        return true()
    return and_(func.coalesce(col(Offer.min_age), 0) <= age, func.coalesce(col(Offer.max_age), age) >= age)


def by_itself(wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition on Offer for all that is wanted of an offer itself, wherever it may be."""
    return and_(published(wanted.region_id), among(wanted), for_age(wanted), *choices(wanted).values())


def among(wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition for the offers to which a wish is limited: what answers a text, what is open."""
    limits = [ids for ids in (wanted.ids, wanted.open.offers if wanted.open else None) if ids is not None]
    return and_(true(), *(_any_of(col(Offer.id), ids) for ids in limits))


def _any_of(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:  # noqa: ANN401
    found: ColumnElement[bool] = column == func.any(literal(list(ids), ARRAY(BigInteger)))
    return found


def conditions(wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition on Offer for everything that is wanted."""
    return and_(by_itself(wanted), somewhere(wanted))


def is_cost_free() -> ColumnElement[bool]:
    """Return the condition for offers that cost people with little money nothing."""
    return col(Offer.cost).in_([Cost.FREE, Cost.COVERED])


def distance(point: LonLat) -> ColumnElement[float]:
    """Return the metres to the nearest public point of an offer."""
    return (
        select(func.min(places.metres_from(point)))
        .select_from(OfferAtPlace)
        .join(public_point, public_point.c.place_id == col(OfferAtPlace.place_id))
        .where(col(OfferAtPlace.offer_id) == col(Offer.id))
        .scalar_subquery()
    )


def points(wanted: Wanted) -> Rows:
    """Return offer id, place id, longitude, latitude and topics of every point that answers the wish."""
    return (
        select(
            col(Offer.id).label("offer_id"),
            col(OfferAtPlace.place_id),
            public_point.c.lon,
            public_point.c.lat,
            col(Offer.topics),
        )
        .join(OfferAtPlace, col(OfferAtPlace.offer_id) == col(Offer.id))
        .join(public_point, public_point.c.place_id == col(OfferAtPlace.place_id))
        .where(
            by_itself(wanted),
            matching_places(wanted),
            # True of every point found, but only so an index leads to them.
            public_point.c.region_id == wanted.region_id,
        )
    )


def just_outside(wanted: Wanted, space_ids: list[int], metres: float) -> Rows:
    """Return offer ids and metres to the nearest of the spaces, for offers found nearby but not in them.

    The other conditions of the wish hold; spaces are compared as geography, so the distance is in metres.
    """
    space = Space.__table__.alias("space")  # type: ignore[attr-defined]
    away = func.ST_Distance(func.geography(public_point.c.geom), func.geography(space.c.geom))
    near_it = func.ST_DWithin(func.geography(public_point.c.geom), func.geography(space.c.geom), metres)
    return (
        select(col(Offer.id), func.min(away).label("metres"))
        .select_from(space)
        .join(public_point, near_it)
        .join(OfferAtPlace, col(OfferAtPlace.place_id) == public_point.c.place_id)
        .join(Offer, col(Offer.id) == col(OfferAtPlace.offer_id))
        .where(
            space.c.id.in_(space_ids),
            public_point.c.region_id == wanted.region_id,
            conditions(wanted.without("space")),
            not_(somewhere(wanted)),
        )
        .group_by(col(Offer.id))
        .order_by(func.min(away), col(Offer.id))
    )
