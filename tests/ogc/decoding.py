"""Vector tiles as GDAL reads them."""

import struct
import tempfile
from pathlib import Path
from typing import Any

from pyogrio import raw


def decoded(tile: bytes, where: tuple[int, int, int]) -> list[dict[str, Any]]:
    """Return the features of a tile at zoom, row and column: properties, and a point's Mercator metres."""
    zoom, row, column = where
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tile.mvt"
        path.write_bytes(tile)
        meta, _, shapes, values = raw.read(path, X=str(column), Y=str(row), Z=str(zoom), CLIP="NO")
    found = [dict(zip(meta["fields"], one, strict=True)) for one in zip(*values, strict=True)]
    for one, shape in zip(found, shapes, strict=True):
        one["shape"] = shape
        if struct.unpack("<I", shape[1:5]) == (1,):
            one["x"], one["y"] = struct.unpack("<dd", shape[5:21])
    return found
