"""Offers of another Landkarte, saved from its /api/v1/offers: a row for each place of an offer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers.json import document
from importers.readers.row import Row

LISTS: Final = ("topics", "audiences")  # of objects with a slug


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the offers of a page; "id" is the offer's number, "key" says the place as well."""
    found = document(path, table)
    offers = found.get("results") if isinstance(found, dict) else None
    if not isinstance(offers, list):
        raise UnusableError(f"{path.name}: Das ist keine Seite aus /api/v1/offers einer Landkarte.")
    number = 0
    for offer in offers:
        if not isinstance(offer, dict):
            number += 1
            yield Row(number, problem="kein Objekt mit benannten Werten")
            continue
        for place in offer.get("places") or [{}]:
            number += 1
            yield Row(number, _flat(offer) | _of_place(offer, place))


def _flat(offer: dict[str, Any]) -> dict[str, Any]:
    values = {
        name: value for name, value in offer.items() if not isinstance(value, dict) and name != "places"
    }
    for name in LISTS:
        values[name] = [one["slug"] for one in offer.get(name) or []]
    organization = offer.get("organization") or {}
    return values | {"organization": organization.get("name")}


def _of_place(offer: dict[str, Any], place: dict[str, Any]) -> dict[str, Any]:
    values = {f"place.{name}": value for name, value in place.items() if not isinstance(value, dict)}
    return values | {
        "key": f"{offer.get('id')}/{place.get('id', '')}",
        "lon": place.get("lon"),
        "lat": place.get("lat"),
    }
