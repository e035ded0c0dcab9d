"""The collections of a region: its offers, and the spaces of each of its divisions."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.core.errors import NotFoundError
from api.core.tables import columns
from api.offers import queries
from api.offers.models import Offer, OfferAtPlace
from api.places.queries import public_point
from api.regions.models import Region
from api.spaces.models import Division, Space

OFFERS: Final = "offers"


@dataclass(frozen=True)
class Collection:
    """Features of one kind; bbox in degrees: west, south, east, north."""

    id: str
    title: str
    description: str
    bbox: tuple[float, float, float, float] | None
    days: tuple[date | None, date | None]
    division_id: int | None = None  # None: the offers
    levels: tuple[str, ...] = ()


def every(session: Session, region: Region) -> list[Collection]:
    """Return the collections of a region, the offers first."""
    return [_offers(session, region), *_divisions(session, region)]


def get(session: Session, region: Region, name: str) -> Collection:
    """Return the collection of this name or raise NotFoundError."""
    found = next((one for one in every(session, region) if one.id == name), None)
    if found is None:
        raise NotFoundError("There is no such collection in this region.")
    return found


def division_id(session: Session, region: Region, slug: str) -> int:
    """Return the division whose spaces are the collection of this name, or raise NotFoundError."""
    # PostgreSQL takes no NUL.
    stmt = select(col(Division.id)).where(
        col(Division.region_id) == region.id, columns(Division).slug == slug
    )
    found = None if "\x00" in slug else session.scalar(stmt)
    if found is None:
        raise NotFoundError("There is no such collection in this region.")
    return int(found)


def _offers(session: Session, region: Region) -> Collection:
    lon, lat = public_point.c.lon, public_point.c.lat
    points = (
        select(func.min(lon), func.min(lat), func.max(lon), func.max(lat))
        .select_from(Offer)
        .join(OfferAtPlace, col(OfferAtPlace.offer_id) == col(Offer.id))
        .join(public_point, public_point.c.place_id == col(OfferAtPlace.place_id))
        .where(queries.published(region.id), public_point.c.region_id == region.id)
    )
    checked = select(func.min(col(Offer.verified_on)), func.max(col(Offer.verified_on)))
    west, south, east, north = session.execute(points).one()
    first, last = session.execute(checked.where(queries.published(region.id))).one()
    return Collection(
        OFFERS,
        f"Angebote: {region.name}",
        "Jedes Angebot an jedem seiner Orte ist ein Objekt; ohne Ort oder mit verborgener Adresse hat es"
        " keinen Punkt.",
        None if west is None else (west, south, east, north),
        (first, last),
    )


def _divisions(session: Session, region: Region) -> list[Collection]:
    extent = func.ST_Extent(col(Space.geom))
    rows = session.execute(
        select(
            *(
                columns(Division)[name]
                for name in ("id", "slug", "name", "level_names", "valid_from_on", "valid_to_on")
            ),
            func.ST_XMin(extent),
            func.ST_YMin(extent),
            func.ST_XMax(extent),
            func.ST_YMax(extent),
        )
        .join(Space, col(Space.division_id) == col(Division.id))
        # A division of this name would stand behind the offers and could not be reached.
        .where(col(Division.region_id) == region.id, columns(Division).slug != OFFERS)
        .group_by(col(Division.id))
        .order_by(col(Division.id))
    ).all()
    return [
        Collection(
            slug,
            name,
            ", ".join(f"Ebene {number}: {word}" for number, word in enumerate(words, 1)),
            (west, south, east, north),
            (first, last),
            division,
            tuple(words),
        )
        for division, slug, name, words, first, last, west, south, east, north in rows
    ]
