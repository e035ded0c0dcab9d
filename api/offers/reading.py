"""From ids to what pages show: offers with their places, topics and contacts, in three queries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from math import inf
from typing import Any

from sqlalchemy import Integer, cast, func, null, select, true
from sqlmodel import Session, col

from api.core import clock
from api.core.geo import LonLat
from api.core.tables import Rows, columns
from api.offers import queries
from api.offers.models import Contact, Offer, OfferAtPlace
from api.offers.schemas import AudienceRef, ContactOut, OfferSummary, TopicRef
from api.organizations.models import Organization
from api.places.models import PlaceSpace
from api.places.queries import metres_from, public_place, public_point
from api.places.schemas import PlaceOut
from api.regions.models import Region
from api.spaces.models import Division, Space
from api.taxonomy.models import Audience, Topic


def summaries(
    session: Session, region: Region, ids: Sequence[int], wanted: queries.Wanted | None = None
) -> list[OfferSummary]:
    """Return the offers with these ids, in this order; places that answer the wish come first."""
    rows = {row["id"]: row for row in _rows(session, ids)}
    places = places_of(session, ids, wanted)
    topics, audiences = _vocabulary(session)
    today = clock.today(region.timezone)
    return [
        OfferSummary.model_validate(
            {
                **rows[offer_id],
                "topics": [topics[slug] for slug in rows[offer_id]["topics"] if slug in topics],
                "audiences": [audiences[slug] for slug in rows[offer_id]["audiences"] if slug in audiences],
                "places": places[offer_id],
                **due(rows[offer_id]["verified_on"], rows[offer_id]["verify_within_days"], today),
            }
        )
        for offer_id in ids
    ]


def due(verified_on: date | None, verify_within_days: int, today: date) -> dict[str, Any]:
    """Return until when the last check holds and whether that day has passed; never checked is due."""
    if verified_on is None:
        return {"due_on": None, "is_due": True}
    # The calendar ends in the year 9999.
    days = min(verify_within_days, (date.max - verified_on).days)
    due_on = verified_on + timedelta(days=days)
    return {"due_on": due_on, "is_due": due_on < today}


def contacts(session: Session, offer_id: int) -> list[ContactOut]:
    """Return the public contacts of an offer; the others never leave this way."""
    rows = session.execute(
        select(col(Contact.label), col(Contact.phone), col(Contact.email))
        .where(col(Contact.offer_id) == offer_id, col(Contact.is_public))
        .order_by(col(Contact.id))
    )
    return [ContactOut.model_validate(row) for row in rows.mappings()]


def places_of(
    session: Session, ids: Sequence[int], wanted: queries.Wanted | None = None
) -> dict[int, list[PlaceOut]]:
    """Return the places of offers as strangers may know them, those that answer the wish first."""
    found: dict[int, list[PlaceOut]] = defaultdict(list)
    for row in session.execute(_places(ids, wanted)).mappings():
        values = dict(row)
        found[values.pop("offer_id")].append(PlaceOut.model_validate(values))
    for places in found.values():
        places.sort(key=_first_what_answers)
    return found


def _first_what_answers(place: PlaceOut) -> tuple[bool, float, str, int]:
    metres = inf if place.distance_metres is None else place.distance_metres
    return not place.matches, metres, place.name or "", place.id


def _rows(session: Session, ids: Sequence[int]) -> list[dict[str, Any]]:
    shown = [column for column in columns(Offer) if column.name != "region_id"]
    first_phone = (
        select(col(Contact.phone))
        .where(
            col(Contact.offer_id) == col(Offer.id), col(Contact.is_public), col(Contact.phone).is_not(None)
        )
        .order_by(col(Contact.id))
        .limit(1)
        .scalar_subquery()
    )
    stmt = (
        select(
            *shown,
            first_phone.label("phone"),
            func.to_json(Organization.__table__.table_valued()).label("organization"),  # type: ignore[attr-defined]
        )
        .outerjoin(Organization, col(Organization.id) == col(Offer.organization_id))
        .where(col(Offer.id).in_(ids))
    )
    return [dict(row) for row in session.execute(stmt).mappings()]


def _places(ids: Sequence[int], wanted: queries.Wanted | None) -> Rows:
    point = wanted.filter.near if wanted else None
    matches = queries.matching_places(wanted) if wanted and wanted.filter.asks_for_places else true()
    metres = _rounded_metres(point)
    resident = (
        select(
            columns(PlaceSpace).place_id,
            columns(Space).name.label("space_name"),
            columns(Space).slug.label("space_slug"),
        )
        .join(Space, col(Space.id) == col(PlaceSpace.space_id))
        .join(
            Division,
            (col(Division.id) == col(Space.division_id)) & (col(Division.resident_level) == col(Space.level)),
        )
        .subquery()
    )
    return (
        select(
            col(OfferAtPlace.offer_id),
            public_place.c.id,
            public_place.c.name,
            public_place.c.street,
            public_place.c.postcode,
            public_place.c.town,
            public_place.c.lon,
            public_place.c.lat,
            public_place.c.address_hidden,
            public_place.c.wheelchair,
            resident.c.space_name,
            resident.c.space_slug,
            metres.label("distance_metres"),
            matches.label("matches"),
            col(OfferAtPlace.hours_text),
            col(OfferAtPlace.note),
        )
        .join(public_place, public_place.c.id == col(OfferAtPlace.place_id))
        .outerjoin(public_point, public_point.c.place_id == public_place.c.id)
        .outerjoin(resident, resident.c.place_id == public_place.c.id)
        .where(col(OfferAtPlace.offer_id).in_(ids))
    )


def _rounded_metres(point: LonLat | None) -> Any:  # noqa: ANN401 - an SQL expression
    if point is None:
        return null()
    return cast(func.round(metres_from(point)), Integer)


def _vocabulary(session: Session) -> tuple[dict[str, TopicRef], dict[str, AudienceRef]]:
    topics = session.execute(select(col(Topic.slug), col(Topic.icon), col(Topic.names))).mappings()
    audiences = session.execute(select(col(Audience.slug), col(Audience.names))).mappings()
    return (
        {row["slug"]: TopicRef.model_validate(row) for row in topics},
        {row["slug"]: AudienceRef.model_validate(row) for row in audiences},
    )
