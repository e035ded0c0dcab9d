"""Counts for every choice of the filters: how many offers choosing it would give."""

from typing import Any

from sqlalchemy import func, select, union_all
from sqlmodel import Session, col

from api.core.tables import Rows
from api.offers import queries
from api.offers.models import Offer, OfferAtPlace
from api.offers.schemas import Facets
from api.places.models import PlaceSpace
from api.spaces.models import Division, Space, SpaceOverlap
from api.taxonomy.models import Audience, Topic


def count(session: Session, wanted: queries.Wanted) -> Facets:
    """Return the counts of all groups; a group's own choice is left out when its choices are counted.

    Spaces of another division than the residents' are a choice of their own and stay.
    """
    total = session.scalar(select(func.count()).select_from(Offer).where(queries.conditions(wanted))) or 0
    points, offers_with_point = session.execute(_points(wanted)).one()
    free = wanted.without("cost_free")
    resident = session.scalar(_resident_division(wanted.region_id))
    return Facets(
        topic=_pairs(session, _topics(wanted.without("topic"))),
        audience=_pairs(session, _audiences(wanted.without("audience"))),
        space=_pairs(session, _spaces(wanted.without_division(resident or ""))),
        resource_level=_pairs(session, _levels(wanted.without("resource_level"))),
        cost_free=session.scalar(
            select(func.count()).select_from(Offer).where(queries.conditions(free), queries.is_cost_free())
        )
        or 0,
        total=total,
        points=points,
        without_point=total - offers_with_point,
    )


def _pairs(session: Session, stmt: Rows) -> dict[Any, int]:
    return {row[0]: row[1] for row in session.execute(stmt)}


def _points(wanted: queries.Wanted) -> Rows:
    point = queries.points(wanted).subquery()
    return select(func.count(), func.count(point.c.offer_id.distinct())).select_from(point)


def _topics(wanted: queries.Wanted) -> Rows:
    """Count offers under each topic; a topic counts what stands under the finer ones, too."""
    chosen = (
        select(col(Offer.id), func.unnest(col(Offer.topics)).label("slug"))
        .where(queries.conditions(wanted))
        .subquery()
    )
    fine, coarse = Topic.__table__.alias("fine"), Topic.__table__.alias("coarse")  # type: ignore[attr-defined]
    under = union_all(
        select(fine.c.slug.label("said"), fine.c.slug.label("counted")),
        select(fine.c.slug, coarse.c.slug).join(coarse, coarse.c.id == fine.c.parent_id),
    ).subquery()
    return (
        select(under.c.counted, func.count(chosen.c.id.distinct()))
        .join(chosen, chosen.c.slug == under.c.said)
        .group_by(under.c.counted)
    )


def _audiences(wanted: queries.Wanted) -> Rows:
    chosen = (
        select(col(Offer.id), func.unnest(col(Offer.audiences)).label("slug"))
        .where(queries.conditions(wanted))
        .subquery()
    )
    return (
        select(col(Audience.slug), func.count(chosen.c.id.distinct()))
        .join(chosen, chosen.c.slug == col(Audience.slug))
        .group_by(col(Audience.slug))
    )


def _levels(wanted: queries.Wanted) -> Rows:
    level = col(Offer.resource_level)
    return select(level, func.count()).where(queries.conditions(wanted)).group_by(level)


def _resident_division(region_id: int) -> Rows:
    return select(col(Division.slug)).where(
        col(Division.region_id) == region_id, col(Division.resident_level).is_not(None)
    )


def _spaces(wanted: queries.Wanted) -> Rows:
    """Count offers in each Stadtteil by the same rule by which choosing it would find them."""
    resident = (
        select(col(Space.id), col(Space.key))
        .join(Division, (col(Division.id) == col(Space.division_id)))
        .where(col(Division.region_id) == wanted.region_id, col(Division.resident_level) == col(Space.level))
        .cte("resident")
    )
    chosen = (
        select(
            col(Offer.id),
            col(Offer.serves),
            queries.comes_to([]).label("everywhere"),
            queries.comes_to_all(wanted).label("comes"),
        )
        .where(queries.conditions(wanted))
        .cte("chosen")
    )
    located = (
        select(resident.c.key, chosen.c.id)
        .join(PlaceSpace, col(PlaceSpace.space_id) == resident.c.id)
        .join(OfferAtPlace, col(OfferAtPlace.place_id) == col(PlaceSpace.place_id))
        .join(chosen, chosen.c.id == col(OfferAtPlace.offer_id))
        .where(queries.matching_places(wanted))
    )
    served = (
        select(resident.c.key, chosen.c.id)
        .join(SpaceOverlap, col(SpaceOverlap.space_id) == resident.c.id)
        .join(Space, col(Space.id) == col(SpaceOverlap.other_id))
        .join(chosen, chosen.c.comes & (col(Space.key) == func.any(chosen.c.serves)))
    )
    everywhere = select(resident.c.key, chosen.c.id).join(chosen, chosen.c.comes & chosen.c.everywhere)
    parts = [located] if wanted.filter.bbox or wanted.filter.near else [located, served, everywhere]
    pair = union_all(*parts).subquery()
    return select(pair.c.key, func.count(pair.c.id.distinct())).group_by(pair.c.key)
