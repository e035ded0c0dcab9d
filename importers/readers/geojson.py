"""GeoJSON feature collections: properties, and lon and lat of points or the geometry of anything else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from importers.errors import UnusableError
from importers.mapping import FileTable
from importers.readers.json import document
from importers.readers.row import Row

PAIR = 2


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the features in their order."""
    found = document(path, table)
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise UnusableError(f"{path.name}: Das ist keine GeoJSON-FeatureCollection.")
    for number, feature in enumerate(features, start=1):
        if isinstance(feature, dict):
            yield row(number, feature, feature.get("geometry"))
        else:
            yield Row(number, problem="kein GeoJSON-Feature")


def row(number: int, feature: dict[str, Any], geometry: object) -> Row:
    """Return a feature's properties with its id and geometry under the names id, lon, lat, geometry."""
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        return Row(number, problem="„properties“ ist kein Objekt mit benannten Werten")
    values = dict(properties)
    if "id" in feature:
        values.setdefault("id", feature["id"])
    if not isinstance(geometry, dict):
        return Row(number, values)
    if geometry.get("type") != "Point":
        return Row(number, values | {"geometry": geometry})
    point = geometry.get("coordinates")
    if not isinstance(point, list) or len(point) < PAIR:
        return Row(number, values, "Punkt ohne Länge und Breite")
    return Row(number, values | {"lon": point[0], "lat": point[1]})
