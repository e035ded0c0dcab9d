"""Tiles in the usual matrix set, WebMercatorQuad (OGC Two Dimensional Tile Matrix Set)."""

import math
import re
from typing import Any, Final, NamedTuple

from api.core.errors import FieldError, InvalidInputError, NotFoundError
from api.ogc.boxes import Box
from api.ogc.systems import CRS84, SYSTEMS

MATRIX_SET: Final = "WebMercatorQuad"
URI: Final = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
MERCATOR: Final = next(system for system in SYSTEMS.values() if system.srid == 3857)  # noqa: PLR2004 - EPSG
FINEST: Final = 22
_EDGE: Final = MERCATOR.domain[2]
_MORE: Final = 1e-7  # degrees, by which PostGIS and we may reckon differently
_PIXELS: Final = 256
_BUFFER: Final = 64 / 4096  # of a tile, on each side
_PIXEL_METRES: Final = 0.00028  # a pixel of the standard, for its scale
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


class Tile(NamedTuple):
    """A tile by zoom, row from the north and column from the west."""

    z: int
    y: int
    x: int

    def around(self) -> Box:
        """Return the box of the tile in degrees, with what is drawn over its edges and a little more."""
        west, east = (self._lon(self.x + more) for more in (-_BUFFER, 1 + _BUFFER))
        south, north = (self._lat(self.y + more) for more in (1 + _BUFFER, -_BUFFER))
        return Box(CRS84, west - _MORE, south - _MORE, east + _MORE, north + _MORE).parts()[0]

    def _lon(self, column: float) -> float:
        return column / (1 << self.z) * 360 - 180

    def _lat(self, row: float) -> float:
        """Return the latitude of a row's northern edge (OGC 17-083r4, annex D.1)."""
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / (1 << self.z)))))


def tile(z: str, y: str, x: str) -> Tile:
    """Return the tile of an address; raise InvalidInputError for words, NotFoundError beyond the matrix."""
    said = {"tileMatrix": z, "tileRow": y, "tileCol": x}
    for name, value in said.items():
        if not _WHOLE.fullmatch(value):
            detail = "must be a whole number"
            raise InvalidInputError(f"{name}: {detail}.", [FieldError(name, detail)])
    found = Tile(int(z), int(y), int(x))
    if found.z > FINEST or max(found.y, found.x) >= 2**found.z:
        raise NotFoundError(
            f"There are tiles of the zooms 0 to {FINEST}, with rows and columns below 2 to the zoom."
        )
    return found


def matrix_set() -> dict[str, Any]:
    """Return the definition of the matrix set."""
    return {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": MERCATOR.uri,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(FINEST + 1)],
    }


def _matrix(zoom: int) -> dict[str, Any]:
    cell = 2 * _EDGE / _PIXELS / 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": cell / _PIXEL_METRES,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-_EDGE, _EDGE],
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }
