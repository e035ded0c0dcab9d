"""Places: found again by their address, so that offers under one roof share one place."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.core.text import fold
from api.history import service as history
from api.places.models import Place
from api.places.schemas import PlaceIn

# A point that was found by these says nothing when they change.
ADDRESS = ("street", "postcode", "town")
# Two lists give the same house points that differ by a few metres.
SAME_HOUSE_METRES = 40.0


def at_address(session: Session, act: history.Act, place: PlaceIn) -> Place:
    """Return the region's place with the same name, address and point, created if there is none."""
    found = known(session, act.region_id, place)
    return found or history.create(session, act, Place(region_id=act.region_id, **place.model_dump()))


def known(session: Session, region_id: int, place: PlaceIn) -> Place | None:
    """Return the region's place with the same name, address and point, if there is one."""
    key = address_key(place)
    for candidate in _same_postcode(session, region_id, place) if key else ():
        if address_key(candidate) == key:
            return candidate
    return None


def called(session: Session, region_id: int, name: str) -> int | None:
    """Return the oldest place of a region with this very name, as texts about hours mean it."""
    return session.scalars(
        select(col(Place.id))
        .where(col(Place.region_id) == region_id, col(Place.name) == name)
        .order_by(col(Place.id))
    ).first()


def change(session: Session, act: history.Act, place: Place, values: dict[str, Any]) -> list[str]:
    """Change a place; the spaces it lies in follow by themselves. Return the changed fields."""
    return history.change(session, act, place, as_changed(place, values).model_dump())


def as_changed(place: Place, values: dict[str, Any]) -> PlaceIn:
    """Return what a place becomes by a change.

    A point that somebody gives has no precision, and one that was found by the address goes with that
    address, or when it becomes hidden; a point that somebody gave stays when only the address changes.
    """
    present = {field: getattr(place, field) for field in PlaceIn.model_fields}
    said = dict(values)
    if "lon" in said or "lat" in said:
        said.setdefault("precision", None)
    elif place.precision is not None and _is_elsewhere({**present, **said}, present):
        said |= {"lon": None, "lat": None, "precision": None}
    return PlaceIn.model_validate({**present, **said})


def _is_elsewhere(said: dict[str, Any], present: dict[str, Any]) -> bool:
    return said["address_hidden"] or any(said[name] != present[name] for name in ADDRESS)


def _same_postcode(session: Session, region_id: int, place: PlaceIn) -> list[Place]:
    stmt = select(Place).where(
        col(Place.region_id) == region_id,
        col(Place.postcode).is_not_distinct_from(place.postcode),
        col(Place.address_hidden) == place.address_hidden,
    )
    if place.lon is None:
        stmt = stmt.where(col(Place.geom).is_(None))
    else:
        point = func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), 4326)
        stmt = stmt.where(
            func.ST_DWithin(func.geography(col(Place.geom)), func.geography(point), SAME_HOUSE_METRES)
        )
    return list(session.scalars(stmt.order_by(col(Place.id))))


def address_key(place: Place | PlaceIn) -> str | None:
    """Return what two places share that are one if their points agree, too; None if nothing is known."""
    if place.street is None and place.lon is None:
        return None  # nothing says that two unknown addresses are one
    said = (
        _address(place.street),
        fold(place.name or ""),
        place.town or "",
        place.postcode or "",
        place.wheelchair,
        "hidden" if place.address_hidden else "",
    )
    return "\n".join(said)


def _address(street: str | None) -> str:
    folded = fold(street or "").replace("strasse", "str").replace(".", "")
    return "".join(folded.split())
