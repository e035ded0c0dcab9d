"""TopoJSON: shared borders (arcs) put together to GeoJSON geometries.

See the TopoJSON Format Specification 1.0, https://github.com/topojson/topojson-specification.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import geojson
from importers.readers.json import document
from importers.readers.row import Row

Position = list[float]


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the geometries of the named object, by default of the only one."""
    topology = document(path, table)
    if not isinstance(topology, dict) or topology.get("type") != "Topology":
        raise UnusableError(f"{path.name}: Das ist kein TopoJSON.")
    chosen = _object(topology.get("objects", {}), table.object, path)
    arcs = _arcs(topology)
    for number, geometry in enumerate(chosen.get("geometries", [chosen]), start=1):
        if not isinstance(geometry, dict):
            yield Row(number, problem="kein TopoJSON-Objekt")
            continue
        try:
            yield geojson.row(number, geometry, _geometry(geometry, arcs, topology.get("transform")))
        except (IndexError, KeyError, TypeError, ValueError):
            yield replace(geojson.row(number, geometry, None), problem="Die Geometrie ist beschädigt")


def _object(objects: dict[str, Any], name: str | None, path: Path) -> dict[str, Any]:
    if name is None and len(objects) == 1:
        return dict(next(iter(objects.values())))
    if name not in objects:
        raise UnusableError(
            f"{path.name}: Bitte [file] object angeben; die Datei enthält: {', '.join(objects) or 'nichts'}."
        )
    return dict(objects[name])


def _arcs(topology: dict[str, Any]) -> list[list[Position]]:
    transform = topology.get("transform")
    if transform is None:
        return list(topology["arcs"])
    arcs = []
    for arc in topology["arcs"]:
        # Quantized arcs say the first position and then the steps from one to the next.
        xs = accumulate(position[0] for position in arc)
        ys = accumulate(position[1] for position in arc)
        arcs.append([_degrees([x, y], transform) for x, y in zip(xs, ys, strict=True)])
    return arcs


def _degrees(position: Position, transform: dict[str, Any] | None) -> Position:
    if transform is None:
        return position
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    return [position[0] * scale_x + shift_x, position[1] * scale_y + shift_y]


def _geometry(
    geometry: dict[str, Any], arcs: list[list[Position]], transform: dict[str, Any] | None
) -> dict[str, Any] | None:
    kind = geometry["type"]
    if kind == "Point":
        return {"type": kind, "coordinates": _degrees(geometry["coordinates"], transform)}
    if kind == "Polygon":
        return {"type": kind, "coordinates": [_ring(ring, arcs) for ring in geometry["arcs"]]}
    if kind == "MultiPolygon":
        polygons = [[_ring(ring, arcs) for ring in polygon] for polygon in geometry["arcs"]]
        return {"type": kind, "coordinates": polygons}
    return None


def _ring(indices: list[int], arcs: list[list[Position]]) -> list[Position]:
    ring: list[Position] = []
    for index in indices:
        # ~i means arc i read backwards; each arc begins where the one before ended.
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring
