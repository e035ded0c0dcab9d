"""From ids to what pages show: offers with their places, topics and contacts, in one statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    ScalarSelect,
    bindparam,
    cast,
    func,
    not_,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlmodel import Session, SQLModel, col

from api.core import clock
from api.core.tables import Rows, columns
from api.offers import freshness, queries, translations
from api.offers.freshness import OfferFreshness
from api.offers.models import Contact, Offer, OfferAtPlace, Status
from api.offers.schemas import ContactOut, OfferSummary
from api.organizations.models import Organization
from api.places.models import PlaceSpace
from api.places.queries import metres_from, public_place, public_point
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.schemas import HoursOut
from api.schedules.timetable import Timetable
from api.spaces.models import Division, Space
from api.taxonomy.models import Audience, Topic


def summaries(
    session: Session, region: Region, ids: Sequence[int], wanted: queries.Wanted | None = None
) -> list[OfferSummary]:
    """Return the published offers with these ids, in this order; places that answer the wish come first."""
    stmt = _shown(wanted) if wanted and wanted.filter.asks_for_places else _SHOWN
    rows = {row["id"]: row for row in session.execute(stmt, {"ids": list(ids)}).mappings()} if ids else {}
    hours = timetables(session, region, list(rows))
    now = clock.now()
    today = clock.day(now, region.timezone)

    def said(offer_id: int, place_id: int | None) -> HoursOut | None:
        found = hours.get((offer_id, place_id))
        return HoursOut.of(found.status(now)) if found else None

    return [
        OfferSummary.model_validate(
            {
                **row,
                **freshness.said(today, row["due_on"], row["overdue_on"]),
                "hours": said(row["id"], None),
                "translations": translations.told(row["translations"] or (), row, translations.BRIEF),
                "places": [{**place, "hours": said(row["id"], place["id"])} for place in row["places"]],
            }
        )
        for row in (rows[offer_id] for offer_id in ids if offer_id in rows)
    ]


def timetables(
    session: Session, region: Region, ids: Sequence[int]
) -> dict[tuple[int, int | None], Timetable]:
    """Return the hours of offers as people find them, by offer and place; no place: wherever the offer is."""
    rules = schedules.as_found(schedules.lines(session, ids)) if ids else {}
    return {where: schedules.timetable(region, lines) for where, lines in rules.items()}


def contacts(session: Session, offer_id: int) -> list[ContactOut]:
    """Return the public contacts of an offer; the others never leave this way."""
    rows = session.execute(
        select(col(Contact.label), col(Contact.phone), col(Contact.email))
        .where(col(Contact.offer_id) == offer_id, col(Contact.is_public))
        .order_by(col(Contact.id))
    )
    return [ContactOut.model_validate(row) for row in rows.mappings()]


def _shown(wanted: queries.Wanted | None) -> Rows:
    """Return what lists show of the offers :ids; what stands in other tables comes as JSON."""
    left_out = {"region_id", "description", "topics", "audiences", "paused_until"}
    offer = [column for column in columns(Offer) if column.name not in left_out]
    return (
        select(
            *offer,
            col(OfferFreshness.due_on),
            col(OfferFreshness.overdue_on),
            _first_phone().label("phone"),
            _organization().label("organization"),
            _words(columns(Offer).topics, Topic, "icon").label("topics"),
            _words(columns(Offer).audiences, Audience).label("audiences"),
            _places(wanted).label("places"),
            translations.in_short().label("translations"),
        )
        .join(OfferFreshness, col(OfferFreshness.offer_id) == col(Offer.id))
        .where(col(Offer.id) == _any_of_ids(), col(Offer.status) == Status.PUBLISHED)
    )


def _any_of_ids() -> ColumnElement[Any]:
    return func.any(bindparam("ids", type_=ARRAY(BigInteger)))


def _organization() -> ScalarSelect[Any]:
    named = Organization.__table__.table_valued()  # type: ignore[attr-defined]
    return (
        select(func.to_json(named))
        .select_from(Organization)
        .where(col(Organization.id) == col(Offer.organization_id))
        .scalar_subquery()
    )


def _first_phone() -> ScalarSelect[Any]:
    return (
        select(col(Contact.phone))
        .where(
            col(Contact.offer_id) == col(Offer.id), col(Contact.is_public), col(Contact.phone).is_not(None)
        )
        .order_by(col(Contact.id))
        .limit(1)
        .scalar_subquery()
    )


def _words(slugs: ColumnElement[Any], table: type[SQLModel], *more: str) -> ScalarSelect[Any]:
    """Return the words of the vocabulary that an offer names, in its order; unknown ones are passed over."""
    said = func.unnest(slugs).table_valued("slug", with_ordinality="position").render_derived()
    known = columns(table)
    word = func.json_build_object(
        *(part for name in ("slug", *more, "names") for part in (name, known[name]))
    )
    return (
        select(_list(word, said.c.position))
        .select_from(said)
        .join(table, known.slug == said.c.slug)
        .scalar_subquery()
    )


def _places(wanted: queries.Wanted | None) -> ScalarSelect[Any]:
    """Return an offer's places as strangers may know them, those that answer the wish first."""
    place = (
        select(
            public_place.c.id,
            public_place.c.name,
            public_place.c.street,
            public_place.c.postcode,
            public_place.c.town,
            public_place.c.lon,
            public_place.c.lat,
            public_place.c.precision,
            public_place.c.address_hidden,
            public_place.c.wheelchair,
            columns(Space).name.label("space_name"),
            columns(Space).slug.label("space_slug"),
            _rounded_metres(wanted).label("distance_metres"),
            (public_place.c.id.in_(_matching(wanted)) if wanted else true()).label("matches"),
            col(OfferAtPlace.hours_text),
            col(OfferAtPlace.note),
        )
        .select_from(OfferAtPlace)
        .join(public_place, public_place.c.id == col(OfferAtPlace.place_id))
        .outerjoin(public_point, public_point.c.place_id == public_place.c.id)
        .outerjoin(
            Division,
            (col(Division.region_id) == public_place.c.region_id) & col(Division.resident_level).is_not(None),
        )
        .outerjoin(
            PlaceSpace,
            (col(PlaceSpace.place_id) == public_place.c.id)
            & (col(PlaceSpace.division_id) == col(Division.id))
            & (col(PlaceSpace.level) == col(Division.resident_level)),
        )
        .outerjoin(Space, col(Space.id) == col(PlaceSpace.space_id))
        .where(col(OfferAtPlace.offer_id) == col(Offer.id))
        .correlate(Offer)
        .subquery("place")
    )
    c = place.c
    order = (not_(c.matches), c.distance_metres.nulls_last(), func.coalesce(c.name, "").collate("C"), c.id)
    return select(_list(func.to_json(place.table_valued()), *order)).select_from(place).scalar_subquery()


def _matching(wanted: queries.Wanted) -> Rows:
    """Return the places of the offers that answer the wish, looked up once for all offers."""
    found = (
        select(col(OfferAtPlace.place_id))
        .where(col(OfferAtPlace.offer_id) == _any_of_ids(), queries.matching_places(wanted))
        .cte("matching")
        .prefix_with("MATERIALIZED")
    )
    return select(found.c.place_id)


def _list(item: ColumnElement[Any], *order: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.json_agg(aggregate_order_by(item, *order)), func.json_build_array())


def _rounded_metres(wanted: queries.Wanted | None) -> Any:  # noqa: ANN401 - an SQL expression
    if wanted is None or wanted.filter.near is None:
        return cast(null(), Integer)
    return cast(func.round(metres_from(wanted.filter.near)), Integer)


# Most lists ask for no place: building the statement anew each time would cost as much as running it.
_SHOWN = _shown(None)
