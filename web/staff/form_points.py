"""Where a point on the map lies, in words: for those who cannot see it, and for those who can."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session

from api.curation.sheet_fields import Sheet
from api.regions.models import Region
from importers.geocoding.backwards import Around, around
from importers.geocoding.lookup import Point
from web.staff.form_steps import point_said

_EAST: Final = 180  # degrees
_NORTH: Final = 90
_HERE: Final = 15  # metres from the middle of a house that are still at its door
_FAR: Final = 2_000  # metres from which a house says nothing of a point
_ROUGHLY: Final = {
    "street": "Die Hausnummer ist nicht bekannt: Er zeigt nur die Straße. Bitte rücken Sie ihn zurecht.",
    "postcode": "Die Straße ist nicht bekannt: Er zeigt nur die Postleitzahl. Bitte rücken Sie ihn zurecht.",
}


def said(session: Session, region: Region, point: object) -> dict[str, Any] | None:
    """Return a point as a page shows it: text, whether it is inside, said, by_hand; None of what is none."""
    if not _is_point(point):
        return None
    assert isinstance(point, Mapping)
    found = around(session, region.id, Point(point["lon"], point["lat"]))
    roughly = _ROUGHLY.get(str(point.get("precision") or ""), "")
    text = " ".join(part for part in (_in_words(region, found), roughly) if part)
    return {
        "said": point_said(point),
        "text": text,
        "is_inside": found.is_inside,
        "by_hand": not point.get("precision"),
    }


def of_places(session: Session, region: Region, sheet: Sheet) -> dict[str, dict[str, Any]]:
    """Return for each place of a sheet that has a point how a page shows it, by path."""
    shown = {f"places/{key}": said(session, region, part["point"]) for key, part in sheet["places"].items()}
    return {path: one for path, one in shown.items() if one is not None}


def _is_point(point: object) -> bool:
    if not isinstance(point, Mapping):
        return False
    lon, lat = point.get("lon"), point.get("lat")
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return False
    return abs(lon) <= _EAST and abs(lat) <= _NORTH


def _in_words(region: Region, found: Around) -> str:
    if not found.is_inside:
        return f"Der Punkt liegt außerhalb von {region.name}. Bitte prüfen Sie ihn."
    where = f"in {found.space}" if found.space else f"in {region.name}"
    if not found.house or found.metres > _FAR:
        return f"Der Punkt liegt {where}."
    if found.metres <= _HERE:
        return f"Der Punkt liegt {where}, bei {found.house}."
    return f"Der Punkt liegt {where}, etwa {_rounded(found.metres)} Meter von {found.house}."


def _rounded(metres: float) -> int:
    step = 10 if metres < 200 else 50  # noqa: PLR2004
    return max(step, round(metres / step) * step)
