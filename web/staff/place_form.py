"""The small form that puts a place on the map: its address, the point of it, and what becomes of both."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlmodel import Session

from api.core.errors import FieldError, InvalidInputError
from api.curation.sheet_checks import checked_value
from api.curation.sheet_fields import Changes, Sheet, value_at
from api.curation.unplaced import Unplaced, Use
from web.staff.form_places import located
from web.staff.form_steps import point_read, point_said

FIELDS: Final = {"strasse": "street", "plz": "postcode", "ort": "town"}
POINT: Final = "ort/point"  # as js/staff/offer-map.js finds it
_EXACT: Final = {
    "house": "Gefunden: das Haus selbst.",
    "street": "Gefunden: nur die Straße. Bitte sehen Sie nach, ob der Punkt nah genug ist.",
    "postcode": "Gefunden: nur die Mitte der Postleitzahl. Das ist meist zu ungenau.",
}
NOT_FOUND: Final = (
    "Diese Adresse steht nicht in der Adresstabelle. Bitte berichtigen Sie sie oder tragen Sie den Punkt ein."
)
NO_POINT: Final = "Bitte tragen Sie Breite und Länge ein, zum Beispiel 52.51843, 13.49987."


@dataclass(frozen=True)
class Typed:
    """What stands in the form; found: what the search for the address says."""

    street: str
    postcode: str
    town: str
    point: str = ""
    found: str = ""
    precision: str | None = None


def of_place(place: Unplaced) -> Typed:
    """Return the form as it is before anybody has typed."""
    return Typed(place.street, place.postcode, place.town)


def of_sent(sent: Mapping[str, str]) -> Typed:
    """Return the form as it was sent."""
    said = {name: sent.get(field, "").strip()[:200] for field, name in FIELDS.items()}
    return Typed(**said, point=sent.get(POINT, "").strip()[:60])


def searched(session: Session, region_id: int, typed: Typed) -> Typed:
    """Return the form with the point of its address, as the region's own table knows it."""
    place: dict[str, Any] = {
        "street": typed.street, "postcode": typed.postcode, "town": typed.town, "point": None,
    }  # fmt: skip
    located(session, region_id, {}, {"": place})
    point = place["point"]
    if point is None:
        has_address = bool(typed.street or typed.postcode)
        return replace(typed, found=NOT_FOUND if has_address else "", precision=None)
    return replace(
        typed,
        postcode=place["postcode"] or "",
        town=place["town"] or "",
        point=point_said(point),
        found=_EXACT.get(str(point["precision"]), ""),
        precision=point["precision"],
    )


def point_of(session: Session, region_id: int, typed: Typed) -> dict[str, Any]:
    """Return the point that was typed, or that of the address if none was; raise InvalidInputError.

    The point that the search has found is one that follows its address; any other one somebody has set.
    """
    found = searched(session, region_id, typed)
    if found.precision is not None and typed.point in ("", found.point):
        point: Any = point_read(found.point, None)
        return {**point, "precision": found.precision}
    point = point_read(typed.point, None)
    if not isinstance(point, dict):
        raise InvalidInputError(errors=[FieldError(POINT, NO_POINT)])
    try:
        checked_value("places/new-1/point", point)
    except InvalidInputError:
        raise InvalidInputError(errors=[FieldError(POINT, NO_POINT)]) from None
    return dict(point)


def changes(use: Use, sheet: Sheet, typed: Typed, point: Mapping[str, Any]) -> Changes:
    """Return what has to change in one offer that takes place there; raise InvalidInputError by field."""
    prefix = f"places/{use.at_place_id}"
    found: Changes = {}
    for field, name in FIELDS.items():
        path = f"{prefix}/{name}"
        old = value_at(sheet, path)
        try:
            new = checked_value(path, getattr(typed, name))
        except InvalidInputError as error:
            raise InvalidInputError(errors=[FieldError(field, one.detail) for one in error.errors]) from None
        if (old or None) != (new or None):
            found[path] = {"old": old, "new": new}
    return found | {f"{prefix}/point": {"old": value_at(sheet, f"{prefix}/point"), "new": dict(point)}}
