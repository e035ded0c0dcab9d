"""Offers as features and tiles, built inside PostgreSQL: one feature for each offer at each of its places."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, LargeBinary, bindparam, func, literal, or_, select, text, true
from sqlmodel import Session, col

from api.core.errors import MovedError, NotFoundError
from api.core.tables import Rows, columns
from api.offers import queries, redirects, service
from api.offers.models import Offer, OfferAtPlace
from api.offers.schemas import OfferFilter
from api.ogc import boxes
from api.ogc.parts import Part, written
from api.ogc.questions import OffersQuestion, OfferWishes
from api.ogc.ready import Ready
from api.ogc.systems import System
from api.ogc.tiling import Tile
from api.organizations.models import Organization
from api.places.queries import public_place, public_point
from api.regions.models import Region

MOST_KEPT: Final = 1_000  # statements of one kind that are ready
TILE_FIELDS: Final = (
    "id",
    "offer",
    "place",
    "name",
    "topic",
    "cost",
    "resource_level",
    "place_name",
    "is_example",
)
_ID: Final = re.compile(r"([1-9][0-9]{0,17})(?:\.([1-9][0-9]{0,17}))?")

# One text whatever is asked for, so that PostgreSQL plans its joins once for each connection and not for each
# page. Views leave out what is hidden: docs/adr/0003.
_FEATURES = Ready(
    text("""
  SELECT count(*) AS returned, coalesce(string_agg(feature, ',' ORDER BY position), '') AS features
  FROM (
    SELECT f.position, json_build_object(
      'type', 'Feature', 'id', concat_ws('.', f.offer_id, f.place_id),
      'geometry', ST_AsGeoJSON(
        CASE WHEN cast(:north_first AS boolean) THEN ST_FlipCoordinates(point.geom)
          ELSE ST_Transform(point.geom, cast(:srid AS int)) END,
        cast(:digits AS int), 0)::json,
      'properties', json_build_object(
        'offer', f.offer_id, 'place', f.place_id, 'name', o.name, 'summary', o.summary,
        'description', o.description, 'provider', provider.name, 'topic', o.topics[1],
        'topics', o.topics, 'audiences', o.audiences, 'languages', o.languages,
        'min_age', o.min_age, 'max_age', o.max_age, 'cost', o.cost, 'cost_note', o.cost_note,
        'access', o.access, 'access_note', o.access_note, 'resource_level', o.resource_level,
        'outreach', o.outreach, 'hours_text', coalesce(nullif(here.hours_text, ''), o.hours_text),
        'place_name', at.name, 'street', at.street, 'postcode', at.postcode, 'town', at.town,
        'address_hidden', coalesce(at.address_hidden, false), 'wheelchair', at.wheelchair,
        'space', stadtteil.key, 'space_name', stadtteil.name,
        'phone', (SELECT phone FROM contact c WHERE c.offer_id = f.offer_id AND c.is_public
          AND c.phone IS NOT NULL ORDER BY c.id LIMIT 1),
        'email', (SELECT email FROM contact c WHERE c.offer_id = f.offer_id AND c.is_public
          AND c.email IS NOT NULL ORDER BY c.id LIMIT 1),
        'website', o.website, 'url', cast(:pages AS text) || '/angebot/' || o.slug,
        'verified_on', o.verified_on, 'is_example', o.is_example))::text AS feature
    FROM unnest(cast(:offers AS bigint[]), cast(:places AS bigint[]))
      WITH ORDINALITY AS f (offer_id, place_id, position)
    JOIN offer o ON o.id = f.offer_id
    LEFT JOIN organization provider ON provider.id = o.organization_id
    LEFT JOIN offer_at_place here ON here.offer_id = f.offer_id AND here.place_id = f.place_id
    LEFT JOIN public_place at ON at.id = f.place_id
    LEFT JOIN public_point point ON point.place_id = f.place_id
    LEFT JOIN division residents ON residents.region_id = o.region_id AND residents.resident_level IS NOT NULL
    LEFT JOIN place_space lies ON lies.place_id = f.place_id AND lies.division_id = residents.id
      AND lies.level = residents.resident_level
    LEFT JOIN space stadtteil ON stadtteil.id = lies.space_id
  ) page
""")
)

# "found" holds the offers and places that are wanted.
# OFFSET 0: geom is reckoned once, and not once more to ask whether it is NULL.
_TILE = text("""
  SELECT ST_AsMVT(shown, 'offers', 4096, 'geom') AS tile FROM (
    SELECT ST_AsMVTGeom(ST_Transform(point.geom, 3857),
        ST_TileEnvelope(cast(:z AS int), cast(:x AS int), cast(:y AS int)), 4096, 64) AS geom,
      f.offer_id || '.' || f.place_id AS id, f.offer_id AS offer, f.place_id AS place, o.name,
      o.topics[1] AS topic, o.cost, o.resource_level, at.name AS place_name, o.is_example
    FROM found f
    JOIN public_point point ON point.place_id = f.place_id
    JOIN public_place at ON at.id = f.place_id
    JOIN offer o ON o.id = f.offer_id
    ORDER BY f.offer_id, f.place_id
    OFFSET 0
  ) shown WHERE geom IS NOT NULL
""").columns(tile=LargeBinary)


def part(
    session: Session, region: Region, asked: OffersQuestion, pages: str, matched: int | None = None
) -> Part:
    """Return the features that are asked for; pages: where the region's pages are found.

    matched: how many answer the question, if that is known already.
    """
    if matched is None:
        found = _found(session, region, asked, _within(asked))
        matched = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    if asked.is_for_all and (asked.bbox is None or asked.bbox.is_plain):
        # Few of many are found by walking, many by sorting: PostgreSQL has to know how many when it plans.
        numbers = {"limit": asked.limit, "offset": asked.offset, **(asked.bbox.edges if asked.bbox else {})}
        ready = _ready_page(region.id, in_box=asked.bbox is not None)
        return _part(session, ready.run(session, {}, numbers).all(), matched, asked.crs, pages)
    limit, offset = (literal(number, literal_execute=True) for number in (asked.limit, asked.offset))
    found = _in_order(_found(session, region, asked, _within(asked))).limit(limit).offset(offset)
    return _part(session, session.execute(found).all(), matched, asked.crs, pages)


def one(session: Session, region: Region, name: str, system: System, pages: str) -> str:
    """Return the feature of this id ("17.4": offer 17 at place 4) or raise NotFoundError or MovedError."""
    said = _ID.fullmatch(name)
    if said is not None:
        offer, place = (int(number) if number else None for number in said.groups())
        only = (col(Offer.id) == offer, col(OfferAtPlace.place_id).is_not_distinct_from(place))
        found = _found(session, region, OfferWishes(), only)
        alone = _part(session, session.execute(found).all(), 1, system, pages)
        if alone.returned:
            return alone.features
        _lead_on(session, region, name, int(said[1]), place)
    raise NotFoundError("There is no such feature in this collection.")


def _lead_on(session: Session, region: Region, name: str, offer: int, place: int | None) -> None:
    """Raise MovedError if an offer has become part of another one: to the same place, or the first it has."""
    moved = redirects.of_ids(session, region.id, [offer]).get(offer)
    if moved is None:
        return
    at = select(col(OfferAtPlace.place_id)).where(col(OfferAtPlace.offer_id) == moved.id)
    there = session.scalars(at.order_by(col(OfferAtPlace.place_id) != place, col(OfferAtPlace.id))).first()
    raise MovedError(name, str(moved.id) if there is None else f"{moved.id}.{there}")


def tile(session: Session, region: Region, where: Tile, asked: OfferWishes) -> bytes:
    """Return the points in a tile as Mapbox Vector Tile; empty: no points."""
    values = {**where._asdict(), **where.around().edges}
    if asked.is_for_all:
        return bytes(_ready_tile(region.id).run(session, values).scalar() or b"")
    found = _found(session, region, asked, [_near_plain_box()]).cte("found")
    return bytes(session.scalar(_TILE.add_cte(found), values) or b"")


def _part(session: Session, rows: Sequence[Any], matched: int, system: System, pages: str) -> Part:
    """Return the features of offers at places, in their order."""
    ids = {"offers": [row.offer_id for row in rows], "places": [row.place_id for row in rows]}
    row = _FEATURES.run(session, {**ids, **written(system), "pages": pages}).one()
    return Part(matched, row.returned, row.features)


@lru_cache(MOST_KEPT)
def _ready_page(region_id: int, *, in_box: bool) -> Ready:
    """Return the statement for offer and place of part of all features of a region."""
    inside = [_at(boxes.holds_plain_point(public_point.c))] if in_box else []
    found = _in_order(_which(queries.Wanted(region_id, OfferFilter()), inside))
    return Ready(found.limit(bindparam("limit")).offset(bindparam("offset")))


@lru_cache(MOST_KEPT)
def _ready_tile(region_id: int) -> Ready:
    """Return the statement for a tile of all features of a region."""
    found = _which(queries.Wanted(region_id, OfferFilter()), [_near_plain_box()])
    return Ready(_TILE.add_cte(found.cte("found")))


def _in_order(found: Rows) -> Rows:
    """Return what is found in an order that does not change from page to page."""
    return found.order_by(col(Offer.id), col(OfferAtPlace.place_id).nulls_first())


def _found(session: Session, region: Region, asked: OfferWishes, also: Any) -> Rows:  # noqa: ANN401
    """Return offer and place of every feature that is wanted."""
    wanted = service.resolve(session, region, asked.as_filter())
    return _which(wanted, [*_properties(region, asked), *also])


def _which(wanted: queries.Wanted, also: Sequence[ColumnElement[bool]]) -> Rows:
    """Return offer and place of the features that answer a wish; no place: the offer has none."""
    return (
        select(col(Offer.id).label("offer_id"), col(OfferAtPlace.place_id).label("place_id"))
        .outerjoin(OfferAtPlace, col(OfferAtPlace.offer_id) == col(Offer.id))
        .where(queries.by_itself(wanted), _somewhere(wanted), *also)
    )


def _somewhere(wanted: queries.Wanted) -> ColumnElement[bool]:
    """Return the condition for what lies in the spaces asked for, or comes there."""
    if not wanted.spaces:
        return true()
    return or_(queries.matching_places(wanted), queries.comes_to_all(wanted))


def _properties(region: Region, asked: OfferWishes) -> list[ColumnElement[bool]]:
    plain = {"offer": Offer.id, "cost": Offer.cost, "access": Offer.access, "is_example": Offer.is_example}
    found = [
        col(column) == getattr(asked, name)
        for name, column in plain.items()
        if getattr(asked, name) is not None
    ]
    if asked.provider is not None:
        named = select(col(Organization.id)).where(columns(Organization).name == asked.provider)
        found.append(col(Offer.organization_id).in_(named))
    at = [
        public_place.c[name] == getattr(asked, name)
        for name in ("postcode", "town", "wheelchair")
        if getattr(asked, name) is not None
    ]
    if at:
        there = select(public_place.c.id).where(public_place.c.region_id == region.id, *at)
        found.append(col(OfferAtPlace.place_id).in_(there))
    return found


def _within(asked: OffersQuestion) -> list[ColumnElement[bool]]:
    found = []
    if asked.bbox is not None:
        found.append(_at(boxes.holds_point(asked.bbox, public_point.c)))
    if asked.datetime is not None:
        found += boxes.within(asked.datetime, col(Offer.verified_on), col(Offer.verified_on))
    return found


def _near_plain_box() -> ColumnElement[bool]:
    return _at(boxes.is_near_plain(public_point.c.geom))


def _at(inside: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(OfferAtPlace.place_id).in_(select(public_point.c.place_id).where(inside))
