"""The reference systems in which features are asked for and given (OGC API – Features, Part 2)."""

from dataclasses import dataclass
from typing import Final

_OGC: Final = "http://www.opengis.net/def/crs/OGC/1.3/"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
_WORLD: Final = 20_037_508.342789244  # half the circumference of the earth as Web Mercator has it


@dataclass(frozen=True)
class System:
    """A reference system; inside, longitude or easting always comes first, outside as its authority says."""

    uri: str
    srid: int
    digits: int  # after the point: a centimetre or finer
    domain: tuple[float, float, float, float]  # where it can be used: west, south, east, north
    is_north_first: bool = False
    is_metric: bool = False
    bend: float = 0.0  # by how many degrees the edges of a box can leave its corners' outline


_EARTH: Final = (-180.0, -90.0, 180.0, 90.0)
_EUROPE: Final = (-2_000_000.0, 0.0, 3_500_000.0, 9_300_000.0)

CRS84: Final = System(f"{_OGC}CRS84", 4326, 7, _EARTH)
SYSTEMS: Final = {
    system.uri: system
    for system in (
        CRS84,
        System(f"{_EPSG}4326", 4326, 7, _EARTH, is_north_first=True),
        System(f"{_EPSG}25832", 25832, 3, _EUROPE, is_metric=True, bend=0.01),
        System(f"{_EPSG}25833", 25833, 3, _EUROPE, is_metric=True, bend=0.01),
        System(f"{_EPSG}3857", 3857, 3, (-_WORLD, -_WORLD, _WORLD, _WORLD), is_metric=True, bend=1e-7),
    )
}


def named(said: object) -> System:
    """Return the system of a URI, or raise ValueError."""
    if isinstance(said, System):
        return said
    found = SYSTEMS.get(str(said))
    if found is None:
        raise ValueError(f"must be one of {', '.join(SYSTEMS)}")
    return found
