"""Ways to read two numbers as a place: degrees, or metres of a system in use here, in either order."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from importers.readers import reproject
from importers.readers.points import XY

Range = tuple[float, float]


class System(NamedTuple):
    """A coordinate system: its EPSG code (none: degrees), what people call it, which numbers it has here."""

    crs: str | None
    name: str
    x: Range
    y: Range
    states: frozenset[str] = frozenset()  # where alone it was in use; none: everywhere


class Reading(NamedTuple):
    """A system with the order of its axes."""

    system: System
    is_swapped: bool = False

    @property
    def name(self) -> str:
        """Return what people call it, with the order if it is not the usual one."""
        return f"{self.system.name}, x und y vertauscht" if self.is_swapped else self.system.name


_EAST: Final = frozenset({"BE", "BB", "MV", "SN", "ST", "TH"})
_NORTH: Final = (5_200_000.0, 6_150_000.0)
_ANYWHERE: Final = (-180.0, 180.0)
DEGREES: Final = System(None, "Länge und Breite in Grad", _ANYWHERE, (-90.0, 90.0))
SYSTEMS: Final = (
    DEGREES,
    System("EPSG:25832", "UTM, Zone 32 (ETRS89)", (200_000, 950_000), _NORTH),
    System("EPSG:25833", "UTM, Zone 33 (ETRS89)", (100_000, 600_000), _NORTH),
    System("EPSG:4647", "UTM, Zone 32 mit der 32 davor", (32_200_000, 32_950_000), _NORTH),
    System("EPSG:5650", "UTM, Zone 33 mit der 33 davor", (33_100_000, 33_600_000), _NORTH),
    System("EPSG:31466", "Gauß-Krüger, Streifen 2", (2_450_000, 2_700_000), _NORTH),
    System("EPSG:31467", "Gauß-Krüger, Streifen 3", (3_350_000, 3_700_000), _NORTH),
    System("EPSG:31468", "Gauß-Krüger, Streifen 4", (4_350_000, 4_700_000), _NORTH),
    System("EPSG:31469", "Gauß-Krüger, Streifen 5", (5_300_000, 5_700_000), _NORTH),
    System("EPSG:2398", "Gauß-Krüger, Streifen 4 (System 42/83)", (4_350_000, 4_700_000), _NORTH, _EAST),
    System("EPSG:2399", "Gauß-Krüger, Streifen 5 (System 42/83)", (5_300_000, 5_700_000), _NORTH, _EAST),
    System("EPSG:3068", "Soldner Berlin", (-20_000, 70_000), (-20_000, 70_000), frozenset({"BE", "BB"})),
    System("EPSG:3857", "Web-Mercator", (550_000, 1_800_000), (5_900_000, 7_600_000)),
)


def readings(points: Sequence[XY], state: str) -> list[Reading]:
    """Return the readings under which nearly all of these numbers are possible at all."""
    return [
        Reading(system, is_swapped)
        for system in SYSTEMS
        if not system.states or state in system.states
        for is_swapped in (False, True)
        if _are_possible(points, system, is_swapped=is_swapped)
    ]


def places(points: Sequence[XY], reading: Reading) -> list[XY | None]:
    """Return longitude and latitude of points under a reading."""
    ordered = [(y, x) if reading.is_swapped else (x, y) for x, y in points]
    if reading.system.crs is None:
        return [point if _fits(point, DEGREES) else None for point in ordered]
    return reproject.from_points(list(ordered), reading.system.crs)


def _are_possible(points: Sequence[XY], system: System, *, is_swapped: bool) -> bool:
    possible = sum(_fits((y, x) if is_swapped else (x, y), system) for x, y in points)
    return possible * 2 > len(points)


def _fits(point: XY, system: System) -> bool:
    return system.x[0] <= point[0] <= system.x[1] and system.y[0] <= point[1] <= system.y[1]
