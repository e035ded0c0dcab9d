"""GeoJSON feature collections: properties, and lon and lat of points or the geometry of anything else.

Other systems than degrees, as older files name them in "crs" or the mapping does, are turned into degrees.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers.json import document
from importers.readers.row import Row

PAIR = 2
KINDS = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_DEGREES = re.compile(r"(CRS:?84|EPSG:[\d.]*:?4326)$", re.IGNORECASE)


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the features in their order."""
    found = document(path, table)
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise UnusableError(f"{path.name}: Das ist keine GeoJSON-FeatureCollection.")
    shapes = [feature.get("geometry") if isinstance(feature, dict) else None for feature in features]
    crs = table.crs or _named(found)
    if crs and not _DEGREES.search(crs):
        shapes = _in_degrees(shapes, crs, path)
    for number, (feature, shape) in enumerate(zip(features, shapes, strict=True), start=1):
        if isinstance(feature, dict):
            yield row(number, feature, shape)
        else:
            yield Row(number, problem="kein GeoJSON-Feature")


def _named(found: dict[str, Any]) -> str:
    """Return the system as GeoJSON of 2008 names it: "urn:ogc:def:crs:EPSG::25833"."""
    crs = found.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""


def _in_degrees(shapes: list[Any], crs: str, path: Path) -> list[Any]:
    from importers.readers import reproject  # noqa: PLC0415 - GDAL is large, and seldom needed here

    kept = [shape if isinstance(shape, dict) and shape.get("type") in KINDS else None for shape in shapes]
    try:
        turned = reproject.from_geojson(kept, crs)
    except reproject.MISTAKES as error:
        raise UnusableError(
            f"{path.name}: Das Koordinatensystem „{crs[:60]}“ kennen wir nicht."
            ' Bitte angeben, zum Beispiel [file] crs = "EPSG:25832".'
        ) from error
    # What is no geometry at all stays, so that its row says so.
    return [
        (new or reproject.LOST) if old else given
        for given, old, new in zip(shapes, kept, turned, strict=True)
    ]


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
