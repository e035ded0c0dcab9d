"""Points and polygons in plain Python: enough geometry to cut files, no more."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

Point = tuple[float, float]  # (lon, lat), EPSG:4326
Ring = list[Point]


class Area(NamedTuple):
    """Rings of one or more polygons, holes included, and the box (west, south, east, north) around them."""

    rings: list[Ring]
    box: tuple[float, float, float, float]


def area(rings: Iterable[Iterable[Iterable[float]]]) -> Area:
    """Build an area from rings of coordinates; heights are dropped."""
    kept = [[(lon, lat) for lon, lat, *_ in ring] for ring in rings]
    lons = [lon for ring in kept for lon, _ in ring]
    lats = [lat for ring in kept for _, lat in ring]
    return Area(kept, (min(lons), min(lats), max(lons), max(lats)))


def area_of(geometry: dict[str, Any]) -> Area:
    """Build the area of a GeoJSON Polygon or MultiPolygon."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return area(ring for polygon in polygons for ring in polygon)


def inside(point: Point, areas: Iterable[Area]) -> bool:
    """Tell whether the point lies in one of the areas; border crossings are counted, so holes are outside."""
    return any(_in_box(point, one.box) and _crossings(point, one.rings) % 2 for one in areas)


def boxes_meet(one: Area, other: Area) -> bool:
    """Tell whether the boxes around two areas share a point."""
    west, south, east, north = one.box
    return west <= other.box[2] and other.box[0] <= east and south <= other.box[3] and other.box[1] <= north


def share_within(one: Area, others: list[Area], steps: int = 50) -> float:
    """Measure the share (0 to 1) of an area that lies in the others on a grid of steps by steps points."""
    near = [other for other in others if boxes_meet(one, other)]
    own = [point for point in _grid(one.box, steps) if inside(point, [one])]
    return sum(inside(point, near) for point in own) / len(own) if near else 0.0


def rounded(coordinates: Any, digits: int = 6) -> Any:  # noqa: ANN401 - as nested as GeoJSON is
    """Round nested GeoJSON coordinates to so many decimals (6 are about 10 cm)."""
    if isinstance(coordinates[0], int | float):
        return [round(value, digits) for value in coordinates[:2]]
    parts = [rounded(part, digits) for part in coordinates]
    # Rounding can make neighbours equal; a point twice in a row is not a valid ring everywhere.
    return [part for index, part in enumerate(parts) if index == 0 or part != parts[index - 1]]


def _in_box(point: Point, box: tuple[float, float, float, float]) -> bool:
    lon, lat = point
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def _crossings(point: Point, rings: list[Ring]) -> int:
    lon, lat = point
    return sum(
        (lat_a > lat) != (lat_b > lat) and lon < (lon_b - lon_a) * (lat - lat_a) / (lat_b - lat_a) + lon_a
        for ring in rings
        for (lon_a, lat_a), (lon_b, lat_b) in pairwise(ring)
    )


def _grid(box: tuple[float, float, float, float], steps: int) -> Iterator[Point]:
    west, south, east, north = box
    for column in range(steps):
        for row in range(steps):
            yield (
                west + (east - west) * (column + 0.5) / steps,
                south + (north - south) * (row + 0.5) / steps,
            )
