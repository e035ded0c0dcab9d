"""Offers: finding, showing and writing them."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import CTE, func, literal_column, select
from sqlmodel import Session, col

from api.core.errors import MovedError, NotFoundError
from api.core.pages import Page
from api.core.tables import columns
from api.history import service as history
from api.offers import opening, queries, reading, redirects, translations
from api.offers.models import BY_NAME, Contact, Offer, OfferAtPlace
from api.offers.schemas import ContactIn, OfferFilter, OfferIn, OfferOut, OfferQuery, OfferSummary
from api.offers.slugs import Slugs
from api.places.models import Place
from api.regions.models import Region
from api.schedules import service as schedules
from api.sources import service as sources
from api.spaces import service as spaces
from api.taxonomy import service as taxonomy

# Across the street is near; further than this nobody walks with a pram.
NEARBY_METRES = 1500.0


def resolve(session: Session, region: Region, asked: OfferFilter) -> queries.Wanted:
    """Look up the names in a filter, or raise InvalidInputError that names the unknown one."""
    topics = taxonomy.with_children(session, asked.topic) if asked.topic else []
    taxonomy.check_audiences(session, asked.audience)
    chosen = spaces.by_keys(session, region, asked.space) if asked.space else {}
    by_division = sorted(chosen.items(), key=lambda item: item[1].division)
    grouped = {
        division: [space_id for space_id, _space in group]
        for division, group in groupby(by_division, key=lambda item: item[1].division)
    }
    return queries.Wanted(
        region_id=region.id,
        filter=asked,
        topics=topics,
        spaces=[
            queries.Chosen(division, ids, spaces.overlapping_keys(session, ids))
            for division, ids in grouped.items()
        ],
        open=opening.open_at(session, region, asked.when) if asked.when else None,
    )


def find(
    session: Session, region: Region, query: OfferQuery, wanted: queries.Wanted | None = None
) -> Page[OfferSummary]:
    """Return the page of published offers that a query asks for; wanted is the query if already resolved."""
    wanted = wanted or resolve(session, region, query)
    total, ids = found_ids(session, query, wanted)
    results = reading.summaries(session, region, ids, wanted)
    return Page(total=total, results=results, page=query.page, per_page=query.per_page)


def found_ids(
    session: Session, query: OfferQuery, wanted: queries.Wanted, *, all_pages: bool = False
) -> tuple[int, list[int]]:
    """Return how many offers a wish finds, and the ids of those on the page asked for or on all pages."""
    found = _found(query, wanted)
    ids_in_order = select(found.c.id).order_by(*_order(query, found.c), found.c.id)
    page = ids_in_order if all_pages else ids_in_order.offset(query.offset).limit(query.per_page)
    total, ids = session.execute(
        select(
            select(func.count()).select_from(found).scalar_subquery(),
            func.array(page.scalar_subquery()),
        )
    ).one()
    return total, ids


def nearby(
    session: Session, region: Region, wanted: queries.Wanted, limit: int = 4, metres: float = NEARBY_METRES
) -> list[OfferSummary]:
    """Return the offers nearest to the chosen spaces but across their border, other conditions as asked."""
    ids = [space_id for chosen in wanted.spaces for space_id in chosen.ids]
    if not ids:
        return []
    rows = session.execute(queries.just_outside(wanted, ids, metres).limit(limit))
    return reading.summaries(session, region, [row.id for row in rows])


def get(session: Session, region: Region, offer_id: int) -> OfferOut:
    """Return everything public about a published offer, or raise NotFoundError or MovedError."""
    found = _show(session, region, col(Offer.id) == offer_id)
    if found is not None:
        return found
    raise redirects.missing(session, region.id, offer_id)


def get_by_slug(session: Session, region: Region, slug: str) -> OfferOut:
    """Return everything public about a published offer, or raise NotFoundError or MovedError."""
    if "\x00" in slug:  # PostgreSQL takes no NUL
        raise NotFoundError(redirects.NOT_FOUND)
    found = _show(session, region, col(Offer.slug) == slug)
    if found is not None:
        return found
    moved = redirects.of_slug(session, region.id, slug)
    raise MovedError(slug, moved.slug) if moved else NotFoundError(redirects.NOT_FOUND)


def by_ids(session: Session, region: Region, ids: Sequence[int]) -> list[OfferSummary]:
    """Return those of the offers that are published in the region, in this order."""
    known = select(col(Offer.id)).where(queries.published(region.id), col(Offer.id).in_(ids))
    published = set(session.scalars(known))
    return reading.summaries(session, region, [offer_id for offer_id in ids if offer_id in published])


def create(session: Session, act: history.Act, offer: OfferIn) -> Offer:
    """Add an offer under an address of its own."""
    slug = Slugs.like(session, act.region_id, offer.name).free(offer.name)
    return history.create(session, act, Offer(region_id=act.region_id, slug=slug, **offer.model_dump()))


def create_many(session: Session, act: history.Act, offers: Sequence[OfferIn], slugs: Slugs) -> list[int]:
    """Add many offers and return their ids; slugs: those of the whole region."""
    rows = [
        {"region_id": act.region_id, "slug": slugs.free(offer.name), **offer.model_dump()} for offer in offers
    ]
    return history.create_many(session, act, Offer, rows)


def change(session: Session, act: history.Act, offer: Offer, values: dict[str, Any]) -> list[str]:
    """Change fields of an offer, checked like a new one; return the names of those that differ.

    The slug stays: links to the offer must keep working.
    """
    present = {field: getattr(offer, field) for field in OfferIn.model_fields}
    checked = OfferIn.model_validate({**present, **values})
    return history.change(session, act, offer, {field: getattr(checked, field) for field in values})


def attach(
    session: Session, act: history.Act, offer: Offer, place: Place, hours_text: str = "", note: str = ""
) -> OfferAtPlace:
    """Let an offer take place somewhere; what is particular there is brought up to date."""
    found = session.scalars(
        select(OfferAtPlace).where(
            col(OfferAtPlace.offer_id) == offer.id, col(OfferAtPlace.place_id) == place.id
        )
    ).first()
    if found is not None:
        history.change(session, act, found, {"hours_text": hours_text, "note": note})
        return found
    row = OfferAtPlace(offer_id=offer.id, place_id=place.id, hours_text=hours_text, note=note)
    return history.create(session, act, row)


def attach_many(session: Session, act: history.Act, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Let new offers take place somewhere; each row has offer_id, place_id and what is particular there."""
    return history.create_many(session, act, OfferAtPlace, rows)


def add_contacts(session: Session, act: history.Act, rows: Sequence[dict[str, Any]]) -> None:
    """Add contacts of new offers; each row is a ContactIn with offer_id."""
    history.create_many(session, act, Contact, rows)


def detach(session: Session, act: history.Act, at_place: OfferAtPlace) -> None:
    """End an offer at a place, and its hours there."""
    schedules.write(session, act, at_place.offer_id, at_place.id, [])
    history.delete(session, act, at_place)


def set_contact(session: Session, act: history.Act, offer: Offer, contact: ContactIn) -> Contact:
    """Set the contact with this label, created if the offer has none of that label."""
    found = session.scalars(
        select(Contact)
        .where(col(Contact.offer_id) == offer.id, col(Contact.label) == contact.label)
        .order_by(col(Contact.id))
    ).first()
    if found is not None:
        history.change(session, act, found, contact.model_dump())
        return found
    return history.create(session, act, Contact(offer_id=offer.id, **contact.model_dump()))


def _found(query: OfferQuery, wanted: queries.Wanted) -> CTE:
    """Return the offers that are wanted, with the values that they are ordered by."""
    values: list[Any] = [col(Offer.id), literal_column(BY_NAME).label("sort_name"), col(Offer.verified_on)]
    if query.sort == "distance" and query.near is not None:
        values.append(queries.distance(query.near).label("metres"))
    if query.group == "level":
        values.append(col(Offer.resource_level))
    found = select(*values).where(queries.conditions(wanted)).cte("found")
    # Counting and listing read an index each. Only who is somewhere is looked up once for both, as PostgreSQL
    # cannot guess how many that will be and would walk through the whole list to find them.
    return found.prefix_with("MATERIALIZED" if wanted.filter.asks_for_places else "NOT MATERIALIZED")


def _order(query: OfferQuery, found: Any) -> list[Any]:  # noqa: ANN401 - columns of any kind
    groups = [found.resource_level] if query.group == "level" else []
    if query.sort == "distance":
        return [*groups, found.metres.asc().nulls_last(), found.sort_name]
    if query.sort == "verified":
        return [*groups, found.verified_on.desc().nulls_last(), found.sort_name]
    return [*groups, found.sort_name]


def _show(session: Session, region: Region, which: Any) -> OfferOut | None:  # noqa: ANN401 - an SQL condition
    stmt = select(
        col(Offer.id),
        col(Offer.description),
        col(Offer.access_note),
        columns(Offer).website,
        col(Offer.serves),
    )
    offer = session.execute(stmt.where(queries.published(region.id), which)).mappings().first()
    if offer is None:
        return None
    summary = reading.summaries(session, region, [offer["id"]])[0]
    own = {
        **offer,
        "serves": spaces.known(session, region, offer["serves"]) if offer["serves"] else [],
        "contacts": reading.contacts(session, offer["id"]),
        "sources": sources.of_offer(session, offer["id"]),
        "translations": translations.of_offer(session, offer["id"]),
    }
    return OfferOut.model_validate(
        {**{name: getattr(summary, name) for name in OfferSummary.model_fields}, **own}
    )
