"""Which offers are in reach of which spaces: one statement for all of them."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import BigInteger, Float, and_, cast, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import TEXT, aggregate_order_by
from sqlmodel import col

from api.core.tables import Rows, columns
from api.offers import queries
from api.offers.models import Offer, OfferAtPlace
from api.places.models import PlaceSpace
from api.places.queries import public_point
from api.spaces.models import Space, SpaceOverlap
from api.spaces.queries import METRES_PER_DEGREE

# ETRS89-LAEA in metres: right to half a thousandth in Germany, and many times faster than on the ellipsoid.
FLAT: Final = 3035
# Degrees of longitude are shorter: at 60 degrees north by half.
WIDER: Final = 2.0


def in_reach(region_id: int, space_ids: Sequence[int], metres: float) -> Rows:
    """Return space id, offer id and metres (0: there, or it comes there) of all that is in reach of spaces.

    With the nearest place of the offer; NULL: it comes, or nobody may know where it is.
    By the rules of api.offers.queries.somewhere and just_outside. A space id that is NULL means every space.
    What has been gathered is kept as it is: without counted rows the planner would gather it for each offer.
    """
    published = queries.published(region_id)
    found = union_all(
        _at_places(space_ids), _around(region_id, space_ids, metres), *_coming(region_id, space_ids)
    )
    reach = found.cte("reach").prefix_with("MATERIALIZED")
    place_id = reach.c.place_id
    nearest = aggregate_order_by(place_id, place_id.is_(None), reach.c.metres, place_id)
    return (
        select(
            reach.c.space_id,
            reach.c.offer_id,
            func.min(reach.c.metres).label("metres"),
            func.array_agg(nearest)[1].label("place_id"),
        )
        .join(Offer, and_(col(Offer.id) == reach.c.offer_id, published))
        .group_by(reach.c.space_id, reach.c.offer_id)
    )


def ages(region_id: int) -> Rows:
    """Return id and the lowest and highest age of the published offers that name any."""
    offer = columns(Offer)
    some = offer.min_age.is_not(None) | offer.max_age.is_not(None)
    return select(offer.id, offer.min_age, offer.max_age).where(queries.published(region_id), some)


def _at_places(space_ids: Sequence[int]) -> Rows:
    there = cast(literal(0), Float).label("metres")
    return (
        select(col(PlaceSpace.space_id), col(OfferAtPlace.offer_id), there, col(OfferAtPlace.place_id))
        .join(OfferAtPlace, col(OfferAtPlace.place_id) == col(PlaceSpace.place_id))
        .where(col(PlaceSpace.space_id).in_(space_ids))
    )


def _around(region_id: int, space_ids: Sequence[int], metres: float) -> Rows:
    space = columns(Space)
    outline = (
        select(
            space.id,
            func.ST_Expand(space.geom, WIDER * metres / METRES_PER_DEGREE).label("around"),
            func.ST_Transform(space.geom, FLAT).label("flat"),
        )
        .where(space.id.in_(space_ids))
        .cte("outline")
        .prefix_with("MATERIALIZED")
    )
    point = func.ST_Transform(public_point.c.geom, FLAT)
    is_near = and_(
        public_point.c.geom.bool_op("&&")(outline.c.around), func.ST_DWithin(point, outline.c.flat, metres)
    )
    return (
        select(
            outline.c.id,
            col(OfferAtPlace.offer_id),
            func.ST_Distance(point, outline.c.flat),
            public_point.c.place_id,
        )
        .join(public_point, is_near)
        .join(OfferAtPlace, col(OfferAtPlace.place_id) == public_point.c.place_id)
        .where(public_point.c.region_id == region_id)
    )


def _coming(region_id: int, space_ids: Sequence[int]) -> tuple[Rows, Rows]:
    published = queries.published(region_id)
    served = (
        select(col(SpaceOverlap.space_id), func.array_agg(cast(col(Space.key), TEXT)).label("known"))
        .join(Space, col(Space.id) == col(SpaceOverlap.other_id))
        .where(col(SpaceOverlap.space_id).in_(space_ids))
        .group_by(col(SpaceOverlap.space_id))
        .cte("served")
        .prefix_with("MATERIALIZED")
    )
    serves = and_(published, col(Offer.serves).op("&&")(served.c.known))
    everywhere = and_(published, queries.comes_everywhere(region_id))
    nowhere = cast(None, BigInteger)
    return (
        select(served.c.space_id, col(Offer.id), literal(0), nowhere).join(Offer, serves),
        select(nowhere, col(Offer.id), literal(0), nowhere).where(everywhere),
    )
