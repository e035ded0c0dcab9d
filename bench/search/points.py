"""Which offers have a point near another one: Tantivy itself knows no distances."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.core.geo import LonLat

EARTH_RADIUS: Final = 6_371_008.8  # metres; a sphere is off by up to 0.5 %


class Points:
    """Public points of offers."""

    def __init__(self, points: Sequence[tuple[int, float, float]] | NDArray[np.float64]) -> None:
        """Take offer id, longitude and latitude of each."""
        self.rows = np.array(points, dtype=np.float64).reshape(-1, 3)
        self._ids = self.rows[:, 0].astype(np.int64)
        self._lon, self._lat = np.radians(self.rows[:, 1]), np.radians(self.rows[:, 2])

    def near(self, centre: LonLat, metres: float) -> list[int]:
        """Return the ids of the offers with a point within metres of the centre (haversine formula)."""
        lon, lat = np.radians(centre.lon), np.radians(centre.lat)
        half = np.sin((self._lat - lat) / 2) ** 2
        half += np.cos(lat) * np.cos(self._lat) * np.sin((self._lon - lon) / 2) ** 2
        away = 2 * EARTH_RADIUS * np.arcsin(np.sqrt(half))
        found: list[int] = np.unique(self._ids[away <= metres]).tolist()
        return found
