"""Counts for every choice of the filters: how many offers choosing it would give, in one statement."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Text,
    and_,
    cast,
    func,
    literal,
    select,
    true,
    union,
    union_all,
)
from sqlmodel import Session, col

from api.core.tables import Rows
from api.offers import opening, queries
from api.offers.models import Offer, OfferAtPlace
from api.offers.schemas import Facets
from api.places.models import PlaceSpace
from api.places.queries import public_point
from api.regions.models import Region
from api.spaces.models import Division, Space, SpaceOverlap
from api.taxonomy.models import Audience, Topic


def count(session: Session, region: Region, wanted: queries.Wanted) -> Facets:
    """Return the counts of all groups; a group's own choice is left out when its choices are counted.

    Spaces of another division than the residents' are a choice of their own and stay.
    """
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for group, choice, offers in session.execute(_counts(session, wanted)):
        found[group][choice] = offers
    one = {group: counts.get("", 0) for group, counts in found.items()}
    return Facets(
        topic=found["topic"],
        audience=found["audience"],
        language=found["language"],
        space=found["space"],
        resource_level={int(level): offers for level, offers in found["resource_level"].items()},
        when=_when(session, region, wanted),
        cost_free=one["cost_free"],
        total=one["total"],
        points=one["points"],
        without_point=one["total"] - one["with_point"],
    )


def _when(session: Session, region: Region, wanted: queries.Wanted) -> dict[str, int]:
    found = {}
    bare = wanted.without("when")
    for when, opened in opening.open_at_each(session, region).items():
        asked = queries.conditions(replace(bare, open=opened))
        found[when] = session.scalar(select(func.count()).select_from(Offer).where(asked)) or 0
    return {when: offers for when, offers in found.items() if offers}


class _Found:
    """The offers that answer everything but the groups of choices, and what of those they answer, too."""

    def __init__(self, wanted: queries.Wanted, beyond: queries.Wanted) -> None:
        """Take what is wanted, and the same without the residents' spaces."""
        fits = queries.choices(wanted)
        if beyond.spaces != wanted.spaces:
            fits["space"] = queries.somewhere(wanted)
        serves = col(Offer.serves)
        self.offer: CTE = (
            select(
                col(Offer.id),
                col(Offer.topics),
                col(Offer.audiences),
                col(Offer.languages),
                col(Offer.resource_level),
                queries.is_cost_free().label("is_free"),
                serves,
                queries.comes_everywhere(wanted.region_id).label("comes_everywhere"),
                queries.comes_to_all(beyond).label("comes"),
                *(condition.label(f"fits_{group}") for group, condition in fits.items()),
            )
            .where(
                queries.published(wanted.region_id),
                queries.among(wanted),
                queries.for_age(wanted),
                queries.somewhere(beyond),
            )
            .cte("found")
            .prefix_with("MATERIALIZED")
        )
        self.groups = list(fits)

    def but(self, group: str) -> ColumnElement[bool]:
        """Return the condition for offers that answer every group but one."""
        return and_(true(), *(self.offer.c[f"fits_{other}"] for other in self.groups if other != group))


def _counts(session: Session, wanted: queries.Wanted) -> CompoundSelect[*tuple[Any, ...]]:
    """Return rows of group, choice and number of offers."""
    beyond = wanted
    if wanted.spaces:
        resident = session.scalar(_resident_division(wanted.region_id))
        beyond = wanted.without_division(resident or "")
    found = _Found(wanted, beyond)
    c = found.offer.c
    level = cast(c.resource_level, Text)
    return union_all(
        select(literal("total"), literal(""), func.count()).select_from(found.offer).where(found.but("")),
        select(literal("cost_free"), literal(""), func.count()).where(found.but("cost_free"), c.is_free),
        select(literal("resource_level"), level, func.count())
        .where(found.but("resource_level"))
        .group_by(level),
        _topics(found),
        _audiences(found),
        _languages(found),
        _spaces(found, beyond),
        *_points(found, wanted),
    )


def _points(found: _Found, wanted: queries.Wanted) -> tuple[Rows, Rows]:
    at_offer = (
        select(func.count().label("points"))
        .select_from(found.offer)
        .join(OfferAtPlace, col(OfferAtPlace.offer_id) == found.offer.c.id)
        .join(public_point, public_point.c.place_id == col(OfferAtPlace.place_id))
        .where(
            found.but(""),
            queries.matching_places(wanted),
            # True of every point found, but only so an index leads to them.
            public_point.c.region_id == wanted.region_id,
        )
        .group_by(found.offer.c.id)
        .cte("at_offer")
    )
    return (
        select(literal("points"), literal(""), func.coalesce(func.sum(at_offer.c.points), 0)),
        select(literal("with_point"), literal(""), func.count()).select_from(at_offer),
    )


def _topics(found: _Found) -> Rows:
    """Count offers under each topic; a topic counts what stands under the finer ones, too."""
    # Many offers have the same topics: they are taken apart once.
    said = (
        select(found.offer.c.topics, func.count().label("offers"))
        .where(found.but("topic"))
        .group_by(found.offer.c.topics)
        .subquery()
    )
    one = select(said, func.unnest(said.c.topics).label("slug")).subquery()
    fine, coarse = Topic.__table__.alias("fine"), Topic.__table__.alias("coarse")  # type: ignore[attr-defined]
    under = union_all(
        select(fine.c.slug.label("said"), fine.c.slug.label("counted")),
        select(fine.c.slug, coarse.c.slug).join(coarse, coarse.c.id == fine.c.parent_id),
    ).subquery()
    once = (
        select(under.c.counted, one.c.topics, one.c.offers)
        .join(one, one.c.slug == under.c.said)
        .distinct()
        .subquery()
    )
    return select(literal("topic"), once.c.counted, func.sum(once.c.offers)).group_by(once.c.counted)


def _audiences(found: _Found) -> Rows:
    said = (
        select(found.offer.c.audiences, func.count().label("offers"))
        .where(found.but("audience"))
        .group_by(found.offer.c.audiences)
        .subquery()
    )
    once = select(said, func.unnest(said.c.audiences).label("slug")).distinct().subquery()
    return (
        select(literal("audience"), col(Audience.slug), func.sum(once.c.offers))
        .join(once, once.c.slug == col(Audience.slug))
        .group_by(col(Audience.slug))
    )


def _languages(found: _Found) -> Rows:
    said = (
        select(found.offer.c.id, func.unnest(found.offer.c.languages).label("code"))
        .where(found.but("language"))
        .distinct()
        .subquery()
    )
    return select(literal("language"), said.c.code, func.count()).group_by(said.c.code)


def _resident_division(region_id: int) -> Rows:
    return select(col(Division.slug)).where(
        col(Division.region_id) == region_id, col(Division.resident_level).is_not(None)
    )


def _spaces(found: _Found, beyond: queries.Wanted) -> Rows:
    """Count offers in each Stadtteil by the same rule by which choosing it would find them."""
    resident = (
        select(col(Space.id), col(Space.key))
        .join(Division, (col(Division.id) == col(Space.division_id)))
        .where(col(Division.region_id) == beyond.region_id, col(Division.resident_level) == col(Space.level))
        .cte("resident")
    )
    asks_for_points = bool(beyond.filter.bbox or beyond.filter.near)
    offer = found.offer.c
    single = and_(found.but("space"), true() if asks_for_points else ~offer.comes_everywhere)
    located = (
        select(resident.c.id.label("space_id"), offer.id.label("offer_id"))
        .join(PlaceSpace, col(PlaceSpace.space_id) == resident.c.id)
        .join(OfferAtPlace, col(OfferAtPlace.place_id) == col(PlaceSpace.place_id))
        .join(found.offer, offer.id == col(OfferAtPlace.offer_id))
        .where(single, queries.matching_places(beyond))
    )
    serving = select(offer.id, func.unnest(offer.serves).label("key")).where(single, offer.comes).subquery()
    served = (
        select(resident.c.id, serving.c.id)
        .join(SpaceOverlap, col(SpaceOverlap.space_id) == resident.c.id)
        .join(Space, col(Space.id) == col(SpaceOverlap.other_id))
        .join(serving, serving.c.key == col(Space.key))
    )
    pair = union(located) if asks_for_points else union(located, served)
    here = pair.subquery()
    counted = select(here.c.space_id, func.count().label("offers")).group_by(here.c.space_id).subquery()
    # What comes everywhere is counted once for all spaces, not once in each of them.
    comes = and_(offer.comes_everywhere, found.but("space"), literal(not asks_for_points))
    everywhere = select(func.count().label("offers")).where(comes).cte("everywhere")
    offers = func.coalesce(counted.c.offers, 0) + everywhere.c.offers
    return (
        select(literal("space"), resident.c.key, offers)
        .select_from(resident)
        .join(everywhere, true())
        .outerjoin(counted, counted.c.space_id == resident.c.id)
        .where(offers > 0)
    )
