"""Outlines of made-up quarters: a grid with shifted corners and winding borders, which neighbours share."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import pi, sin
from random import Random
from typing import Final

Point = tuple[float, float]

SHIFT: Final = 0.22  # of a cell: how far a corner may leave its place
WIND: Final = 0.05  # of a border's length: how far it may leave the straight line
STEPS: Final = 24  # vertices of one border; with four of them about what official quarters have


@dataclass(frozen=True)
class Grid:
    """A region's area in degrees, cut into columns and rows."""

    west: float
    south: float
    width: float
    height: float
    columns: int
    rows: int
    seed: str

    @cached_property
    def corners(self) -> dict[tuple[int, int], Point]:
        """Return the shifted corners; those on the rim stay on it."""
        chance = self._chance("corners")
        found = {}
        for x in range(self.columns + 1):
            for y in range(self.rows + 1):
                east = x + chance.uniform(-SHIFT, SHIFT) * (0 < x < self.columns)
                north = y + chance.uniform(-SHIFT, SHIFT) * (0 < y < self.rows)
                found[x, y] = self._point(east / self.columns, north / self.rows)
        return found

    def cells(self) -> Iterator[tuple[int, int, str]]:
        """Yield column, row and outline (EWKT) of every cell."""
        for x in range(self.columns):
            for y in range(self.rows):
                ring = [
                    *self._border((x, y), (x + 1, y)),
                    *self._border((x + 1, y), (x + 1, y + 1)),
                    *self._border((x + 1, y + 1), (x, y + 1)),
                    *self._border((x, y + 1), (x, y)),
                ]
                said = ",".join(f"{lon:.6f} {lat:.6f}" for lon, lat in [*ring, ring[0]])
                yield x, y, f"SRID=4326;MULTIPOLYGON((({said})))"

    def _border(self, start: tuple[int, int], end: tuple[int, int]) -> list[Point]:
        """Return the winding way from one corner up to, but without, the next; the same from both sides."""
        first, last = sorted((start, end))
        (x0, y0), (x1, y1) = self.corners[first], self.corners[last]
        chance = self._chance(f"{first}{last}")
        waves = [(number, chance.uniform(-WIND, WIND) / number) for number in (1, 2, 5, 9)]
        way = []
        for step in range(STEPS + 1):
            t = step / STEPS
            away = sum(size * sin(pi * number * t) for number, size in waves)
            way.append((x0 + (x1 - x0) * t - (y1 - y0) * away, y0 + (y1 - y0) * t + (x1 - x0) * away))
        return way[:-1] if start == first else way[:0:-1]

    def _chance(self, what: str) -> Random:
        return Random(f"{self.seed}/{what}")  # noqa: S311 - the same outlines in every run

    def _point(self, east: float, north: float) -> Point:
        return self.west + self.width * east, self.south + self.height * north
