"""What the tests of curation share: whole entries, and lines of a timetable."""

from typing import Any

from sqlmodel import Session

from api.curation import sheet
from api.curation.sheet_checks import checked
from api.curation.sheet_fields import EMPTY_CONTACT, EMPTY_PLACE, Sheet, empty
from api.history.models import Origin
from api.history.service import Act
from api.offers.models import Offer
from api.regions.models import Region
from tests.factories import act

AUTHOR, OTHER = "account:1", "account:2"


def by(region: Region, actor: str = AUTHOR, origin: Origin = Origin.FORM) -> Act:
    """Somebody acts."""
    return act(region, actor=actor, origin=origin)


def line(recurrence: str = "FREQ=WEEKLY;BYDAY=MO", **changes: Any) -> dict[str, Any]:
    """A line of hours as a form sends it."""
    return {
        "recurrence": recurrence,
        "first_date": "2026-01-05",
        "starts": "10:00",
        "ends": "12:00",
        **changes,
    }


def place(**changes: Any) -> dict[str, Any]:
    """A place on a sheet."""
    address = {"street": "Weg 1", "postcode": "10369", "town": "Berlin", "point": point(13.5, 52.5)}
    return {**EMPTY_PLACE, **address, **changes}


def point(lon: float, lat: float, precision: str | None = None) -> dict[str, Any]:
    """A point on a sheet."""
    return {"lon": lon, "lat": lat, "precision": precision}


def contact(**changes: Any) -> dict[str, Any]:
    """A contact on a sheet."""
    return {**EMPTY_CONTACT, "label": "Büro", "phone": "030 1", **changes}


def told(**fields: Any) -> Sheet:
    """A sheet in its final form; fields as a form sends them."""
    found, errors = checked({"name": "Café", **fields}, empty())
    assert errors == []
    return found


def entry(session: Session, region: Region, **fields: Any) -> Offer:
    """A published offer as a sheet says it."""
    return sheet.create(session, by(region), told(**fields))


def only(parts: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The only part of its kind: its number and its values."""
    ((key, values),) = parts.items()
    return key, values
