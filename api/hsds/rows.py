"""Everything public that some offers consist of, read by a handful of statements for all of them together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from api.core.tables import columns
from api.hsds import changes
from api.hsds.originals import Original, Originals
from api.offers.models import Contact, Offer, OfferAtPlace
from api.organizations.models import Organization
from api.places.queries import public_place
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.service import Line
from api.spaces.models import Division, Space

Where = tuple[int, int | None]  # ids of an offer and of an OfferAtPlace


@dataclass
class Rows:
    """Rows by the number of their offer; each row has the columns of its tables as attributes."""

    offers: list[Any] = field(default_factory=list)  # in the order asked for
    contacts: Mapping[int, list[Any]] = field(default_factory=dict)
    places: Mapping[int, list[Any]] = field(default_factory=dict)
    lines: Mapping[Where, list[Line]] = field(default_factory=dict)
    spaces: Mapping[str, str] = field(default_factory=dict)  # name by key
    place_names: Mapping[int, str | None] = field(default_factory=dict)
    modified: Mapping[int, datetime] = field(default_factory=dict)
    originals: Mapping[Where, Original] = field(default_factory=dict)


def read(
    session: Session,
    region: Region,
    offer_ids: Sequence[int],
    originals: Originals,
    *,
    with_parts: bool,
    gone: Mapping[int, datetime],
) -> Rows:
    """Return the rows of published offers; with_parts: with all that only whole documents show."""
    ids = list(offer_ids)
    if not ids:
        return Rows()
    found = Rows(_offers(session, ids), _contacts(session, ids))
    found.modified = changes.last(session, ids, gone)
    found.places = _places(session, ids)
    found.originals = originals.of_offers(session, ids)
    if not with_parts and not found.originals:
        return found
    lines: dict[Where, list[Line]] = defaultdict(list)
    for line in schedules.lines(session, ids):
        lines[line.offer_id, line.at_place_id].append(line)
    found.lines = lines
    found.spaces = _spaces(session, region, {key for offer in found.offers for key in offer.serves})
    found.place_names = _place_names(session, lines)
    return found


def any_of(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Return the condition that a column holds one of these numbers."""
    found: ColumnElement[bool] = column == func.any(literal(list(ids), ARRAY(BigInteger)))
    return found


def _offers(session: Session, ids: list[int]) -> list[Any]:
    offer, provider = columns(Offer), columns(Organization)
    stmt = (
        select(*offer, provider.name.label("provider"), provider.website.label("provider_website"))
        .outerjoin(Organization, provider.id == offer.organization_id)
        .where(any_of(offer.id, ids))
    )
    found = {row.id: row for row in session.execute(stmt)}
    return [found[one] for one in ids if one in found]


def _contacts(session: Session, ids: list[int]) -> dict[int, list[Any]]:
    contact = columns(Contact)
    stmt = select(*contact).where(any_of(contact.offer_id, ids), contact.is_public).order_by(contact.id)
    return _by_offer(session.execute(stmt))


def _places(session: Session, ids: list[int]) -> dict[int, list[Any]]:
    # The view leaves out what is hidden: docs/adr/0003.
    at, place = columns(OfferAtPlace), public_place.c
    there = [
        place[name]
        for name in ("name", "address_hidden", "wheelchair", "street", "postcode", "town", "lon", "lat")
    ]
    stmt = (
        select(*at, *there)
        .join(public_place, place.id == at.place_id)
        .where(any_of(at.offer_id, ids))
        .order_by(at.id)
    )
    return _by_offer(session.execute(stmt))


def _by_offer(rows: Any) -> dict[int, list[Any]]:  # noqa: ANN401 - rows of whatever columns
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.offer_id].append(row)
    return found


def _spaces(session: Session, region: Region, keys: set[str]) -> dict[str, str]:
    if not keys:
        return {}
    space, division = columns(Space), columns(Division)
    stmt = (
        select(space.key, space.name)
        .join(Division, division.id == space.division_id)
        .where(division.region_id == region.id, space.key.in_(keys))
    )
    return {row.key: row.name for row in session.execute(stmt)}


def _place_names(session: Session, lines: Mapping[Where, list[Line]]) -> dict[int, str | None]:
    ids = {one.place for said in lines.values() for line in said for one in line.rule.deviations if one.place}
    if not ids:
        return {}
    stmt = select(public_place.c.id, public_place.c.name).where(any_of(public_place.c.id, sorted(ids)))
    return {row.id: row.name for row in session.execute(stmt)}
