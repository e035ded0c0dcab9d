"""Places: found again by their address, so that offers under one roof share one place."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.core.text import fold
from api.history import service as history
from api.places.models import Place
from api.places.schemas import PlaceIn

# Two lists give the same house points that differ by a few metres.
SAME_HOUSE_METRES = 40.0


def at_address(session: Session, act: history.Act, place: PlaceIn) -> Place:
    """Return the region's place with the same name, address and point, created if there is none."""
    for candidate in _same_postcode(session, act.region_id, place):
        if _same(candidate, place):
            return candidate
    return history.create(session, act, Place(region_id=act.region_id, **place.model_dump()))


def change(session: Session, act: history.Act, place: Place, values: dict[str, Any]) -> list[str]:
    """Change a place; the spaces it lies in follow by themselves. Return the changed fields."""
    present = {field: getattr(place, field) for field in PlaceIn.model_fields}
    checked = PlaceIn.model_validate({**present, **values})
    return history.change(session, act, place, {field: getattr(checked, field) for field in values})


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


def _same(candidate: Place, place: PlaceIn) -> bool:
    if place.street is None and place.lon is None:
        return False  # nothing says that two unknown addresses are one
    return (
        _address(candidate.street) == _address(place.street)
        and fold(candidate.name or "") == fold(place.name or "")
        and (candidate.town or "") == (place.town or "")
        and candidate.wheelchair == place.wheelchair
    )


def _address(street: str | None) -> str:
    folded = fold(street or "").replace("strasse", "str").replace(".", "")
    return "".join(folded.split())
