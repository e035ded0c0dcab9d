"""From address to point: looked up in the region's own table, without asking anybody on the internet."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session

from importers.geocoding import addresses, lookup

_ADDRESS: Final = ("street", "postcode", "town")


def located(session: Session, region_id: int, before: Mapping[str, Any], places: dict[str, Any]) -> None:
    """Give places the points of their addresses, in place.

    A point that somebody set stays; one that was found by the address follows it.
    """
    asked = {key: place for key, place in places.items() if _is_open(before.get(key), place)}
    if not asked or not lookup.has_table(session, region_id):
        return
    read = [addresses.parse(*(one[name] or None for name in _ADDRESS)) for one in asked.values()]
    for place, address, answer in zip(
        asked.values(), read, lookup.find(session, region_id, read), strict=True
    ):
        point = answer.point
        precision = answer.precision
        place["point"] = point and {
            "lon": point.lon,
            "lat": point.lat,
            "precision": precision and precision.value,
        }
        if point is not None:
            place["postcode"] = place["postcode"] or address.postcode or None
            place["town"] = place["town"] or address.town or None


def _is_open(before: Mapping[str, Any] | None, place: Mapping[str, Any]) -> bool:
    """Return whether the address is to be looked up: none yet, or one of another address."""
    if not any(isinstance(place[name], str) and place[name] for name in ("street", "postcode")):
        return False
    point = place["point"]
    if not point:
        return True
    moved = before is not None and any(before[name] != place[name] for name in _ADDRESS)
    return moved and isinstance(point, Mapping) and bool(point.get("precision"))
