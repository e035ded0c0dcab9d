"""Points, boxes and distances as parameters say them: always longitude before latitude, EPSG:4326."""

import re
from dataclasses import astuple, dataclass
from typing import Annotated, Final

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

EARTH_LON = (-180.0, 180.0)
EARTH_LAT = (-90.0, 90.0)

# The same ranges as texts, also in the description of the API; 1e-7 is how programs write very small numbers.
_SMALL = "(e-[0-9]{1,3})?"
_LON = rf"-?(180(\.0+)?|(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]+)?{_SMALL})"
_LAT = rf"-?(90(\.0+)?|[1-8]?[0-9](\.[0-9]+)?{_SMALL})"
POINT: Final = f"^{_LON},{_LAT}$"
BOX: Final = f"^{_LON},{_LAT},{_LON},{_LAT}$"


@dataclass(frozen=True)
class LonLat:
    """A point in degrees."""

    lon: float
    lat: float


@dataclass(frozen=True)
class BBox:
    """A box in degrees: west, south, east, north."""

    west: float
    south: float
    east: float
    north: float


def _numbers(text: str, how_many: int) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise ValueError("must be numbers separated by commas, e.g. 13.47,52.53") from None
    if len(numbers) != how_many:
        raise ValueError(f"must be {how_many} numbers separated by commas")
    return numbers


def _check_spelling(text: str, pattern: str) -> None:
    # Python reads more spellings of numbers than others do: " 1_0", "+10", "١٠".
    if not re.fullmatch(pattern, text):
        raise ValueError("must be plain numbers separated by commas, e.g. 13.47,52.53")


def _check_on_earth(lon: float, lat: float) -> None:
    # NaN fails every comparison, so it is refused here, too.
    if not (EARTH_LON[0] <= lon <= EARTH_LON[1] and EARTH_LAT[0] <= lat <= EARTH_LAT[1]):
        raise ValueError("must be longitude (-180 to 180) before latitude (-90 to 90)")


def point(said: object) -> LonLat:
    """Return the point that a text like "13.47,52.53" names, or raise ValueError."""
    if isinstance(said, LonLat):
        return said
    lon, lat = _numbers(str(said), 2)
    _check_on_earth(lon, lat)
    _check_spelling(str(said), POINT)
    return LonLat(lon, lat)


def box(said: object) -> BBox:
    """Return the box that a text "west,south,east,north" names, or raise ValueError."""
    if isinstance(said, BBox):
        return said
    west, south, east, north = _numbers(str(said), 4)
    _check_on_earth(west, south)
    _check_on_earth(east, north)
    _check_spelling(str(said), BOX)
    if west > east or south > north:
        raise ValueError("must be west,south,east,north with west ≤ east and south ≤ north")
    return BBox(west, south, east, north)


def _said(value: LonLat | BBox) -> str:
    return ",".join(f"{number!r}".removesuffix(".0") for number in astuple(value))


def _text_like(example: str, pattern: str) -> dict[str, object]:
    return {"type": "string", "pattern": pattern, "examples": [example]}


_AS_TEXT = PlainSerializer(_said, return_type=str)
LonLatText = Annotated[
    LonLat,
    PlainValidator(point),
    _AS_TEXT,
    WithJsonSchema(_text_like("13.47,52.53", POINT)),
]
BBoxText = Annotated[
    BBox,
    PlainValidator(box),
    _AS_TEXT,
    WithJsonSchema(_text_like("13.4,52.5,13.5,52.6", BOX)),
]
Metres = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
