"""Boxes and times as OGC API – Features asks for them, and the conditions that they become."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Double, and_, bindparam, cast, func, literal, literal_column, or_

from api.ogc.systems import CRS84, System

_NUMBER: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?")
_DAY: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2}))?"
)
_OPEN: Final = ("", "..")
_EDGES: Final = ("west", "south", "east", "north")
_DEGREES: Final[ColumnElement[int]] = literal_column(str(CRS84.srid))
_PIECES: Final = 16  # into which the edges of a metric box are cut, which are bent in degrees


@dataclass(frozen=True)
class Box:
    """A box in a reference system, longitude or easting first; west > east: over the 180th meridian."""

    system: System
    west: float
    south: float
    east: float
    north: float

    @property
    def is_plain(self) -> bool:
        """Return whether the box is one of degrees that lies on one side of the 180th meridian."""
        return not self.system.is_metric and self.west <= self.east

    @property
    def edges(self) -> dict[str, float]:
        """Return the edges by name."""
        return {name: getattr(self, name) for name in _EDGES}

    def parts(self) -> list["Box"]:
        """Return one or two boxes that do not cross the 180th meridian, within the domain of the system."""
        if self.west > self.east:
            west, _, east, _ = self.system.domain
            return [
                Box(self.system, self.west, self.south, east, self.north),
                Box(self.system, west, self.south, self.east, self.north),
            ]
        west, south, east, north = self.system.domain
        return [
            Box(
                self.system,
                min(max(self.west, west), east),
                min(max(self.south, south), north),
                min(max(self.east, west), east),
                min(max(self.north, south), north),
            )
        ]


@dataclass(frozen=True)
class Days:
    """Days from one to another, both included; None: open."""

    first: date | None
    last: date | None


def box(said: str, system: System) -> Box:
    """Return the box of four or six numbers in the order of the system's axes, or raise ValueError."""
    parts = said.split(",")
    if len(parts) not in {4, 6} or not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueError("must be four or six plain numbers separated by commas")
    numbers = [float(part) for part in parts]
    if not all(map(math.isfinite, numbers)):
        raise ValueError("must be four or six finite numbers")
    # Heights are passed over: nothing here has one.
    one, two, three, four = (*numbers[:2], *numbers[len(numbers) // 2 :][:2])
    west, south, east, north = (two, one, four, three) if system.is_north_first else (one, two, three, four)
    _check_order(system, west, south, east, north)
    return Box(system, west, south, east, north)


def _check_order(system: System, west: float, south: float, east: float, north: float) -> None:
    if south > north:
        raise ValueError("must have its southern edge before its northern one")
    if system.is_metric:
        if west > east:
            raise ValueError("must have its western edge before its eastern one")
        return
    left, bottom, right, top = system.domain
    if not (left <= west <= right and left <= east <= right and bottom <= south and north <= top):
        raise ValueError("must lie on earth, in the order of the axes of its reference system")


def days(said: object) -> Days:
    """Return the days of an instant or interval (RFC 3339, "..": open), or raise ValueError."""
    if isinstance(said, Days):
        return said
    first, slash, last = str(said).partition("/")
    if not slash:
        day = _day(first)
        return Days(day, day)
    found = Days(*(None if part in _OPEN else _day(part) for part in (first, last)))
    if found.first and found.last and found.first > found.last:
        raise ValueError("must begin before it ends")
    return found


def _day(said: str) -> date:
    if not _DAY.fullmatch(said):
        raise ValueError("must be a day or an instant with its time zone, or two of them with / between")
    try:
        return datetime.fromisoformat(said).date()
    except ValueError:
        raise ValueError("must be a day of the calendar") from None


def holds_plain_point(points: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the columns of a table
    """Return holds_point for a plain box whose edges are said when the statement runs."""
    west, south, east, north = _said_later()
    return and_(is_near_plain(points.geom), points.lon.between(west, east), points.lat.between(south, north))


def is_near_plain(geom: Any) -> ColumnElement[bool]:  # noqa: ANN401
    """Return is_near for a plain box whose edges are said when the statement runs."""
    around: ColumnElement[bool] = geom.bool_op("&&")(func.ST_MakeEnvelope(*_said_later(), _DEGREES))
    return around


def _said_later() -> list[ColumnElement[float]]:
    return [cast(bindparam(name), Double) for name in _EDGES]


def holds_point(box: Box, points: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the columns of a table
    """Return the condition for points (lon, lat, geom) in a box, borders included."""
    return or_(*(_holds_point(part, points) for part in box.parts()))


def _holds_point(box: Box, points: Any) -> ColumnElement[bool]:  # noqa: ANN401
    if box.system.is_metric:
        there = _in_system(points.geom, box.system)
        lon, lat = func.ST_X(there), func.ST_Y(there)
    else:
        lon, lat = points.lon, points.lat  # PostgreSQL knows how these are spread, and plans by it
    # The index compares rounded boxes; the figures themselves decide, even if the box is but a point.
    return and_(
        points.geom.bool_op("&&")(_around(box)),
        lon.between(_plain(box.west), _plain(box.east)),
        lat.between(_plain(box.south), _plain(box.north)),
    )


def is_near(box: Box, geom: Any) -> ColumnElement[bool]:  # noqa: ANN401
    """Return the condition for what may touch a box, for those who look closer themselves."""
    return or_(*(geom.bool_op("&&")(_around(part)) for part in box.parts()))


def touches_area(box: Box, geom: Any) -> ColumnElement[bool]:  # noqa: ANN401
    """Return the condition for areas that a box touches."""
    return or_(*(_touches_area(part, geom) for part in box.parts()))


def _touches_area(box: Box, geom: Any) -> ColumnElement[bool]:  # noqa: ANN401
    corners = (func.ST_MakePoint(box.west, box.south), func.ST_MakePoint(box.east, box.north))
    # An envelope of two equal points is a point, and no polygon that is broken.
    shape = func.ST_SetSRID(func.ST_Envelope(func.ST_MakeLine(*corners)), box.system.srid)
    return and_(geom.bool_op("&&")(_around(box)), func.ST_Intersects(_in_system(geom, box.system), shape))


def _in_system(geom: Any, system: System) -> Any:  # noqa: ANN401
    return func.ST_Transform(geom, system.srid) if system.is_metric else geom


def _around(box: Box) -> Any:  # noqa: ANN401
    """Return a box of degrees around a box, for the index."""
    edges = map(_plain, (box.west, box.south, box.east, box.north))
    shape = func.ST_MakeEnvelope(*edges, _plain(box.system.srid))
    if not box.system.is_metric:
        return shape
    step = max(box.east - box.west, box.north - box.south, float(_PIECES)) / _PIECES
    return func.ST_Expand(func.ST_Transform(func.ST_Segmentize(shape, step), 4326), box.system.bend)


def _plain(number: float) -> ColumnElement[Any]:
    """Return a number that stands in the statement itself: how to look depends on how large the box is."""
    return literal(number, literal_execute=True)


def within(days: Days, first: Any, last: Any) -> Sequence[ColumnElement[bool]]:  # noqa: ANN401 - columns
    """Return the conditions for what holds on one of the days; who has no days holds always."""
    found = []
    if days.first is not None:
        found.append(or_(last.is_(None), last >= days.first))
    if days.last is not None:
        found.append(or_(first.is_(None), first <= days.last))
    return found
