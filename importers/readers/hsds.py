"""HSDS (Open Referral) as JSON (3.x) and as tables (3.x and 1.1): a row for each service at each place.

What our own export has said in attributes comes in columns of their names; api.hsds says which.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from api.hsds.flat import NOBODY, UNKNOWN
from api.hsds.ids import is_uuid
from api.hsds.terms import KEPT, SPACE_KEY
from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import hsds_hours, hsds_marks, hsds_tables
from importers.readers.hsds_kept import Keeper
from importers.readers.json import document
from importers.readers.row import Row
from importers.readers.text import decoded

Record = dict[str, Any]
# Columns that are there even if nobody says anything, so that a mapping may name them.
COLUMNS: Final = (
    *(
        f"service.{name}"
        for name in ("name", "url", "fees_description", "application_process", "minimum_age", "maximum_age")
    ),
    *(f"organization.{name}" for name in ("name", "website")),
    *(f"location.{name}" for name in ("name", "latitude", "longitude")),
    *(f"address.{name}" for name in ("address_1", "postal_code", "city")),
    *(
        "topics",
        "audiences",
        "cost",
        "access",
        "resource_level",
        "wheelchair",
        "outreach",
        "is_example",
        "address_hidden",
    ),
)


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield services, page after page; what is no service carries a problem."""
    number = 0
    is_tables = _is_tables(path)
    for service in _services(path, table):
        if not isinstance(service, dict):
            number += 1
            yield Row(number, problem="kein Objekt mit benannten Werten")
            continue
        for values in _rows(service, is_json=not is_tables):
            number += 1
            yield Row(number, values)


def _services(path: Path, table: FileTable) -> Iterator[Any]:
    if _is_tables(path):
        yield from hsds_tables.services(path, table)
    elif path.suffix.lower() in (".ndjson", ".jsonl"):
        yield from _lines(path, table)
    else:
        found = document(path, table)
        if isinstance(found, dict) and "contents" in found:
            found = found["contents"]  # a page
        elif isinstance(found, dict):
            found = [found]
        if not isinstance(found, list) or not any(map(_is_service, found)):
            raise UnusableError(
                f"{path.name}: Das ist keine Liste von Diensten nach HSDS (/services mit full=true)."
            )
        yield from found


def _is_tables(path: Path) -> bool:
    if path.is_dir():
        return True
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _lines(path: Path, table: FileTable) -> Iterator[Any]:
    for number, line in enumerate(decoded(path, table.encoding or "utf-8").split("\n"), start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise UnusableError(f"{path.name}, Zeile {number}: kein gültiges JSON.") from error


def _is_service(found: object) -> bool:
    """Return whether something is a service, or one at its place; organizations and terms have no status."""
    return isinstance(found, dict) and not {"status", "service", "location"}.isdisjoint(found)


def _rows(said: Record, *, is_json: bool) -> Iterator[Record]:
    found = hsds_marks.without_people(said)
    # A service_at_location has its service inside; a service has its service_at_locations.
    if "name" not in found and ("service" in found or "location" in found):
        service = found.get("service") or {}
        places = [{name: value for name, value in found.items() if name != "service"}]
    else:
        service, places = found, found.get("service_at_locations") or [{}]
    organization = service.get("organization") or found.get("organization") or {}
    if organization.get("id") == NOBODY["id"]:
        organization = {}
    for place in places:
        yield _flat(service, organization, place) | _kept(service, place, is_json=is_json)


def _kept(service: Record, place: Record, *, is_json: bool) -> Record:
    """Return what the export of HSDS begins with: the objects themselves; see api.hsds.originals."""
    if not is_uuid(service.get("id")):
        return {}
    alone = {name: value for name, value in service.items() if name != "service_at_locations"}
    said = {"service": alone, "place": place}
    said = said if is_json else hsds_tables.as_json(said)
    keeper = Keeper(said["service"])
    kept = {
        "service": keeper.of("services", said["service"]),
        "place": keeper.of("service_at_locations", said["place"], "place") if place else {},
    }
    return {KEPT: kept}


def _flat(service: Record, organization: Record, place: Record) -> Record:
    location = place.get("location") or {}
    # The nearest that says something counts: at this place, then the house, the service, who offers it.
    levels = [place, location, service, organization]
    marks = hsds_marks.marks(service) | hsds_marks.marks(location)
    values = dict.fromkeys(COLUMNS)
    values["id"] = place.get("id") or service.get("id") or location.get("id")
    values |= _scalars("service", service) | _scalars("organization", organization)
    values |= _scalars("location", location) | _scalars("address", _address(location))
    people = _first(levels, "contacts")
    email = (service, *people, location, organization)
    return values | {
        **marks,
        "summary": marks.get("summary"),
        "description": hsds_marks.description(service, marks),
        "serves": [one.get("extent") for one in _areas(service) if one.get("extent_type") == SPACE_KEY],
        "note": place.get("description"),
        "phones": [_phone(phone) for phone in _first(levels, "phones") or _first(people, "phones")],
        "email": next((one["email"] for one in email if one.get("email")), None),
        "contact": next((one["title"] for one in people if one.get("title")), None),
        "website": service.get("url")
        or service.get("website")
        or location.get("url")
        or location.get("website"),
        **_hours("", _first(levels[:3], "schedules"), marks),
        **_hours("service.", _first([service], "schedules"), marks),
        **_hours("place.", _first([place, location], "schedules"), marks),
        "languages": _names(service.get("languages") or location.get("languages"), "code", "name"),
        "terms": _names([one.get("taxonomy_term") or one for one in service.get("attributes") or []], "name"),
        "areas": _names(service.get("service_areas"), "name"),
        "costs": "; ".join(filter(None, map(_cost, service.get("cost_options") or []))),
        "accessibility": "; ".join(_names(location.get("accessibility"), "description", "details")),
        "documents": _names(service.get("required_documents"), "document"),
    }


def _hours(prefix: str, schedules: list[Record], marks: Record) -> Record:
    is_ours = bool(marks)
    return {
        f"{prefix}hours": hsds_hours.as_text(schedules, is_ours=is_ours),
        f"{prefix}schedules": hsds_hours.as_lines(schedules, is_ours=is_ours),
    }


def _areas(service: Record) -> list[Record]:
    return [one for one in service.get("service_areas") or [] if isinstance(one, dict)]


def _scalars(prefix: str, found: Record) -> Record:
    return {
        f"{prefix}.{name}": "" if value == UNKNOWN else value
        for name, value in found.items()
        if not isinstance(value, list | dict)
    }


def _address(location: Record) -> Record:
    """Return where one can go; an address for letters only if there is no other."""
    addresses = location.get("addresses") or []
    physical = [one for one in addresses if one.get("address_type") in (None, "", "physical")]
    return next(iter(physical or addresses), {})


def _first(levels: list[Record], name: str) -> list[Record]:
    return next((list(level[name]) for level in levels if level.get(name)), [])


def _phone(phone: Record) -> str:
    said = str(phone.get("number") or "").strip('"')
    kind = phone.get("type") or phone.get("number_type")
    extension = f" -{phone['extension']}" if phone.get("extension") else ""
    return f"Fax {said}" if kind == "fax" else f"{said}{extension}"


def _cost(option: Record) -> str:
    amount = " ".join(str(option[name]) for name in ("amount", "currency") if option.get(name))
    return ", ".join(filter(None, [option.get("option"), amount.upper(), option.get("amount_description")]))


def _names(found: list[Record] | str | None, *fields: str) -> list[str]:
    """Return of each record the first of these fields that is filled; 1.1 has words with commas."""
    if isinstance(found, str):
        return [word.strip() for word in found.split(",") if word.strip()]
    said = (next((str(one[field]) for field in fields if one.get(field)), "") for one in found or [])
    return list(dict.fromkeys(filter(None, said)))
