"""Coordinates of any system turned into degrees: GDAL does it whenever it writes GeoJSON (RFC 7946)."""

import json
import struct
from io import BytesIO
from math import nan
from typing import Any, Final

import numpy as np
from pyogrio import raw
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

Geometry = dict[str, Any] | None
LOST: Final[Geometry] = {"type": "Point", "coordinates": []}
EMPTY: Final = struct.pack("<BIdd", 1, 1, nan, nan)  # a point without a place, in well-known binary
MISTAKES: Final = (DataLayerError, DataSourceError)


def from_wkb(shapes: Any, crs: str) -> list[Geometry]:  # noqa: ANN401 - an array of numpy
    """Return GeoJSON geometries in degrees for shapes as GDAL reads them. Raises one of MISTAKES.

    A shape that has no place on Earth in this system, and spoils all those written with it, comes as LOST.
    """
    if not len(shapes):
        return []
    try:
        return _written(
            np.array([None if _is_empty(shape) else shape for shape in shapes], dtype=object), crs
        )
    except (FeatureError, GeometryError):
        if len(shapes) == 1:
            return [LOST]
        middle = len(shapes) // 2
        return from_wkb(shapes[:middle], crs) + from_wkb(shapes[middle:], crs)


def _is_empty(shape: bytes | None) -> bool:
    return shape is not None and len(shape) == len(EMPTY) and shape.endswith(EMPTY[5:])


def _written(shapes: Any, crs: str) -> list[Geometry]:  # noqa: ANN401
    written = BytesIO()
    raw.write(
        written,
        geometry=shapes,
        field_data=[np.arange(len(shapes))],
        fields=["n"],
        driver="GeoJSONSeq",
        geometry_type="Unknown",
        crs=crs,
    )
    return [json.loads(line)["geometry"] for line in written.getvalue().splitlines()]


def from_geojson(geometries: list[Geometry], crs: str) -> list[Geometry]:
    """Return GeoJSON geometries in degrees for GeoJSON of another system. Raises one of MISTAKES."""
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in geometries]
    document = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    _, _, shapes, _ = raw.read(document, columns=[], force_2d=True)
    return from_wkb(shapes, crs)


def from_points(points: list[tuple[float, float] | None], crs: str) -> list[tuple[float, float] | None]:
    """Return longitude and latitude of each point; nothing for what has no place on Earth in this system."""
    shapes = [None if point is None else struct.pack("<BIdd", 1, 1, *point) for point in points]
    found: list[tuple[float, float] | None] = []
    for shape in from_wkb(np.array(shapes, dtype=object), crs):
        place = shape["coordinates"] if shape else []
        found.append((place[0], place[1]) if place else None)
    return found
