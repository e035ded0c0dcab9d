"""Calendars to subscribe to: the dates of one offer, or of all that a filter finds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Final, NamedTuple

from pydantic import Field
from sqlalchemy import BigInteger, column, select, table
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import FieldError, InvalidInputError
from api.core.tables import columns
from api.core.text import slugify
from api.offers import queries, reading, redirects, service
from api.offers.models import Offer
from api.offers.schemas import OfferFilter, OfferSummary
from api.organizations.models import Organization
from api.places.queries import public_place
from api.places.schemas import PlaceOut
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.models import Schedule
from api.schedules.service import Line
from api.schedules.writing import ical
from api.schedules.writing.events import LOCALE, Clock, Entry, Spot, Window
from api.spaces.models import Space
from api.taxonomy.models import Topic

MOST: Final = 500  # offers in one calendar; more is no calendar that anybody could read
DAYS_TO_KEEP: Final = 90  # in a calendar that is downloaded once: later dates may have changed by then

# The table of the search above, as far as it is needed here: with which version of the data an offer changed.
_CHANGE = table("offer_change", column("region_id"), column("offer_id", BigInteger), column("version"))


class FeedQuery(OfferFilter):
    """Of which offers the dates are wanted."""

    organization: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(
        default=None, description="Number of a provider with published offers"
    )


class Feed(NamedTuple):
    """A calendar and the name of its file."""

    content: bytes
    file_name: str


class Address(NamedTuple):
    """Where the pages of a region are found, and its name in what has to be unique in the world."""

    origin: str  # "https://example.org"
    host: str


def of_offer(session: Session, region: Region, offer_id: int, address: Address) -> Feed:
    """Return the calendar of a published offer, without dates if no hours are known.

    Raises NotFoundError or MovedError.
    """
    published = select(col(Offer.id)).where(queries.published(region.id), col(Offer.id) == offer_id)
    if session.scalar(published) is None:
        raise redirects.missing(session, region.id, offer_id)
    offers = reading.summaries(session, region, [offer_id])
    return Feed(_written(session, region, offers[0].name, offers, address), f"{offers[0].slug}.ics")


def of_many(session: Session, region: Region, query: FeedQuery, address: Address) -> Feed:
    """Return the calendar of all offers with known hours that a filter finds, at the places that it means.

    Raises InvalidInputError for unknown names, and for more than MOST offers.
    """
    provider = _provider(session, region, query.organization)
    wanted = service.resolve(session, region, query)
    ids = _wanted_ids(session, wanted, query)
    if len(ids) > MOST:
        detail = f"Finds more than {MOST} offers with hours; choose fewer, for instance by topic or space"
        raise InvalidInputError(f"{detail}.", [FieldError("query", detail)])
    name = " · ".join([*filter(None, _names(session, query, provider)), region.name])
    offers = [_only_meant(offer) for offer in reading.summaries(session, region, ids, wanted)]
    return Feed(_written(session, region, name, offers, address), f"{slugify(name)}.ics")


def to_keep(
    session: Session, region: Region, name: str, offers: Sequence[OfferSummary], address: Address
) -> Feed:
    """Return the dates of some offers in the next DAYS_TO_KEEP days, as a calendar that nobody renews."""
    content = _written(session, region, name, offers, address, days=DAYS_TO_KEEP)
    return Feed(content, f"{slugify(name)}.ics")


def _written(
    session: Session,
    region: Region,
    name: str,
    offers: Sequence[OfferSummary],
    address: Address,
    *,
    days: int | None = None,
) -> bytes:
    ids = [offer.id for offer in offers]
    lines = schedules.lines(session, ids) if ids else []
    versions = _versions(session, region, ids)
    by_id = {offer.id: offer for offer in offers}
    entries = (
        _entry(line, by_id[line.offer_id], versions.get(line.offer_id, 0), region, address)
        for line in lines
        if _is_shown(line, by_id[line.offer_id])
    )
    today = clock.today(region.timezone)
    window = Window.around(today)
    if days is not None:
        window = Window.ahead(today, days)
        entries = (entry.until(window.last) for entry in entries)
    own_clock = Clock(region.timezone, region.state)
    return ical.write(name, entries, _spots(session, region, lines), own_clock, window)


def _is_shown(line: Line, offer: OfferSummary) -> bool:
    return line.place_id is None or any(place.id == line.place_id for place in offer.places)


def _entry(line: Line, offer: OfferSummary, version: int, region: Region, address: Address) -> Entry:
    places = [place for place in offer.places if line.place_id in {None, place.id}]
    return Entry(
        uid=f"{region.slug}-{line.id}",
        host=address.host,
        rule=line.rule,
        name=offer.name,
        url=f"{address.origin}/angebot/{offer.slug}" if address.origin else "",
        topics=[topic.names.get(LOCALE, topic.slug) for topic in offer.topics],
        # Wherever the offer is: that says where only if there is one place.
        spot=_spot(places[0]) if len(places) == 1 else None,
        version=version,
    )


def _spot(place: PlaceOut) -> Spot:
    """Return a place as calendars name it; of a hidden address PlaceOut knows the name alone."""
    town = " ".join(filter(None, (place.postcode, place.town)))
    return Spot(
        ", ".join(filter(None, (place.name, place.street, town))),
        None if place.lat is None or place.lon is None else (place.lat, place.lon),
    )


def _spots(session: Session, region: Region, lines: Iterable[Line]) -> Mapping[int, Spot]:
    """Return the places to which single dates are moved; they need not be places of the offer."""
    ids = {one.place for line in lines for one in line.rule.deviations if one.place is not None}
    if not ids:
        return {}
    rows = session.execute(
        select(public_place).where(public_place.c.id.in_(ids), public_place.c.region_id == region.id)
    )
    found = (PlaceOut(**row, space_name=None, space_slug=None) for row in rows.mappings())
    return {place.id: _spot(place) for place in found}


def _only_meant(offer: OfferSummary) -> OfferSummary:
    """Return an offer with the places that answer the filter, and those of which nobody may learn where."""
    meant = [place for place in offer.places if place.matches or place.address_hidden or offer.outreach]
    return offer.model_copy(update={"places": meant})


def _wanted_ids(session: Session, wanted: queries.Wanted, query: FeedQuery) -> list[int]:
    of_provider = [] if query.organization is None else [columns(Offer).organization_id == query.organization]
    has_hours = col(Offer.id).in_(select(col(Schedule.offer_id)))
    stmt = select(col(Offer.id)).where(queries.conditions(wanted), has_hours, *of_provider)
    return list(session.scalars(stmt.order_by(col(Offer.id)).limit(MOST + 1)))


def _provider(session: Session, region: Region, organization_id: int | None) -> str:
    """Return the name of a provider, or raise InvalidInputError if it has nothing published here."""
    if organization_id is None:
        return ""
    has_published = select(col(Offer.id)).where(
        queries.published(region.id), columns(Offer).organization_id == organization_id
    )
    stmt = select(col(Organization.name)).where(
        col(Organization.id) == organization_id, has_published.exists()
    )
    name = session.scalar(stmt)
    if name is None:
        detail = "There is no such provider with published offers"
        raise InvalidInputError(f"organization: {detail}.", [FieldError("organization", detail)])
    return name


def _names(session: Session, query: FeedQuery, provider: str) -> Iterator[str]:
    """Yield what the calendar is about, as people call it."""
    yield provider
    if query.topic:
        rows = session.execute(select(col(Topic.names)).where(col(Topic.slug).in_(query.topic)))
        yield ", ".join(sorted(names.get(LOCALE, "") for (names,) in rows))
    if query.space:
        spaces = select(col(Space.name)).where(col(Space.key).in_(query.space))
        yield ", ".join(sorted(session.scalars(spaces)))


def _versions(session: Session, region: Region, ids: Sequence[int]) -> Mapping[int, int]:
    if not ids:
        return {}
    rows = session.execute(
        select(_CHANGE.c.offer_id, _CHANGE.c.version).where(
            _CHANGE.c.region_id == region.id, _CHANGE.c.offer_id.in_(ids)
        )
    )
    return {row.offer_id: row.version for row in rows}
