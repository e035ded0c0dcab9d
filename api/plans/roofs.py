"""Which places are under one roof: close enough that one way leads to all of them."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.spaces.queries import METRES_PER_DEGREE

ROOF_METRES: Final = 40.0  # points of one house in two lists differ by as much
NEAR_METRES: Final = 500.0  # from one roof to another on the same way: some minutes on foot

Numbers = NDArray[np.float64]


class Plane:
    """Points on a plane in metres: right to a thousandth within a county."""

    def __init__(self, lon: Numbers, lat: Numbers) -> None:
        """Take points in degrees (EPSG:4326); those without one are NaN."""
        middle = float(np.nanmean(lat)) if np.isfinite(lat).any() else 0.0
        self.scale = METRES_PER_DEGREE * np.cos(np.radians(middle))
        self.x: Numbers = lon * self.scale
        self.y: Numbers = lat * METRES_PER_DEGREE

    def metres(self, one: int, other: int) -> float:
        """Return the metres between two points."""
        return float(np.hypot(self.x[one] - self.x[other], self.y[one] - self.y[other]))


def roofs(plane: Plane, order: Sequence[int]) -> NDArray[np.int64]:
    """Return for each point the number of the point whose roof it is under, its own if it is the first there.

    A point belongs to the first one within ROOF_METRES, and to no chain of neighbours: a whole street of
    houses wall to wall is not one roof. order: in which points come. -1: no point.
    """
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    found = np.full(len(plane.x), -1, np.int64)
    for number in order:
        x, y = float(plane.x[number]), float(plane.y[number])
        if math.isnan(x):
            continue
        column, row = int(x // ROOF_METRES), int(y // ROOF_METRES)
        around = (
            first
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for first in cells.get((column + dx, row + dy), ())
            if plane.metres(first, number) <= ROOF_METRES
        )
        found[number] = next(iter(around), number)
        if found[number] == number:
            cells[column, row].append(number)
    return found
