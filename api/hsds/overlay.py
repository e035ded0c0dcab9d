"""Entries that came from HSDS as they were published, with what our entries say differently now laid over."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.hsds import hours
from api.hsds.originals import Original
from api.hsds.rows import Rows
from api.hsds.terms import TAXONOMIES, taxonomy_id

Document = dict[str, Any]
Read = Callable[[Any], Any]

_OURS: Final = frozenset(map(taxonomy_id, TAXONOMIES))
# Fields of the import (importers.record.Record) → what of HSDS they decide.
_CONTACT: Final = ("phone", "email", "contact_label")
_SERVICE: Final = {
    ("name",): ("name",),
    ("summary", "description"): ("description",),
    ("website",): ("url",),
    _CONTACT: ("email", "phones", "contacts"),
    ("min_age",): ("minimum_age",),
    ("max_age",): ("maximum_age",),
    ("cost", "cost_note"): ("fees_description", "fees", "cost_options"),
    ("access_note",): ("application_process",),
    ("languages",): ("languages",),
    ("hours_text", "schedules"): ("schedules",),
    ("serves",): ("service_areas",),
}
_LOCATION: Final = {
    _CONTACT: ("phones", "contacts"),
    ("place_name",): ("name",),
    ("street", "postcode", "town"): ("addresses",),
    ("lon", "lat"): ("latitude", "longitude"),
    ("wheelchair",): ("accessibility",),
}
_ORGANIZATION: Final = {
    _CONTACT: ("email", "phones", "contacts"),
    ("organization",): ("name",),
    ("organization_website",): ("website",),
}
_PLACE: Final = {
    _CONTACT: ("phones", "contacts"),
    ("place_note",): ("description",),
    ("place_hours_text", "place_schedules"): ("schedules",),
}
_UNSAID: Final = {"cost": "unknown", "access": "unknown", "wheelchair": "unknown"}


def service(original: Original, ours: Document, rows: Rows, offer: Any) -> Document:  # noqa: ANN401 - a row
    """Return a service without its places."""
    lines = [
        hours.said(one, rows.place_names).model_dump(mode="json")
        for one in rows.lines.get((offer.id, None), ())
    ]
    present = {
        name: getattr(offer, name)
        for name in (
            "name",
            "summary",
            "description",
            "website",
            "min_age",
            "max_age",
            "cost_note",
            "access_note",
            "languages",
            "hours_text",
            "serves",
        )
    }
    present |= {
        "cost": offer.cost.value,
        "schedules": lines,
        **contact(rows, offer.id),
    }
    kept = {
        name: value
        for name, value in original.service.items()
        if name not in ("service_at_locations", "organization")
    }
    found = _laid_over(kept, ours, _SERVICE, present, original.mapped)
    found = _with_terms(found, ours) | {"id": ours["id"], "status": ours["status"]}
    for name in ("last_modified", "organization"):
        if name in ours:
            found[name] = ours[name]
    return found


def contact(rows: Rows, offer_id: int) -> Document:
    """Return whom strangers may ask about an offer, as the fields of an import."""
    one = next(iter(rows.contacts.get(offer_id, ())), None)
    return {
        "phone": one.phone if one else None,
        "email": one.email if one else None,
        "contact_label": one.label if one else "",
    }


def place(original: Original, ours: Document, rows: Rows, at: Any) -> Document:  # noqa: ANN401
    """Return a service at a location, with its location."""
    lines = [
        hours.said(one, rows.place_names).model_dump(mode="json")
        for one in rows.lines.get((at.offer_id, at.id), ())
    ]
    asked = contact(rows, at.offer_id)
    present = {"place_note": at.note, "place_hours_text": at.hours_text, "place_schedules": lines, **asked}
    kept = {name: value for name, value in original.place.items() if name != "location"}
    found = _laid_over(kept, ours, _PLACE, present, original.mapped) | {"id": ours["id"]}
    where = {
        "place_name": at.name,
        "street": at.street,
        "postcode": at.postcode,
        "town": at.town,
        "lon": at.lon,
        "lat": at.lat,
        "wheelchair": at.wheelchair,
        **asked,
    }
    location = _laid_over(
        original.place.get("location") or ours["location"],
        ours["location"],
        _LOCATION,
        where,
        original.mapped,
    )
    found["location"] = _with_terms(location, ours["location"]) | {"id": ours["location"]["id"]}
    return found


def organization(
    original: Original, ours: Document, present: Mapping[str, Any], shown: Mapping[str, Document]
) -> Document:
    """Return a provider; of its locations only those that are shown with this offer, as they are there."""
    kept = original.service["organization"]
    found = _laid_over(kept, ours, _ORGANIZATION, present, original.mapped) | {"id": ours["id"]}
    if "locations" in found:
        said = [str(one.get("id")) for one in found["locations"]]
        found["locations"] = [shown[one] for one in said if one in shown]
    return found


def _laid_over(
    kept: Mapping[str, Any],
    ours: Mapping[str, Any],
    decided: Mapping[tuple[str, ...], tuple[str, ...]],
    present: Mapping[str, Any],
    mapped: Mapping[str, Any],
) -> Document:
    """Return what was published, and of the fields that are others now only what we say."""
    found = dict(kept)
    for fields, names in decided.items():
        if all(_same(present[field], mapped.get(field, _UNSAID.get(field)), field) for field in fields):
            continue
        for name in names:
            found.pop(name, None)
            if name in ours:
                found[name] = ours[name]
    return found


def _same(present: Any, mapped: Any, field: str) -> bool:  # noqa: ANN401 - JSON
    if isinstance(present, list) or isinstance(mapped, list):
        return sorted(map(str, present or [])) == sorted(map(str, mapped or []))
    empty = (None, "", _UNSAID.get(field))
    return bool(present == mapped) or (present in empty and mapped in empty)


def _with_terms(found: Document, ours: Mapping[str, Any]) -> Document:
    """Let our topics and marks stand behind the terms that were published."""
    theirs = [one for one in found.get("attributes", ()) if not _is_ours(one)]
    said = [*theirs, *ours.get("attributes", ())]
    return {**found, "attributes": said} if said else found


def _is_ours(attribute: Mapping[str, Any]) -> bool:
    term = attribute.get("taxonomy_term") or {}
    detail = term.get("taxonomy_detail") or {}
    return bool({detail.get("id"), term.get("taxonomy_id")} & _OURS)
