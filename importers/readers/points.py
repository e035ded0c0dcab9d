"""Places that stand in columns of a table: numbers in any notation, order and system become lon and lat."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from importers.errors import UnusableError
from importers.file_table import LON_LAT, FileTable
from importers.readers.row import Row

XY = tuple[float, float]
PAGE: Final = 2_000  # rows held at a time
BOTH: Final = 2
# Germany, generously: where the one is, the other never is.
LON, LAT = (5.0, 16.0), (47.0, 56.0)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+")
_MINUTES = re.compile(
    r"""(?P<before>[NSEOW])?\s*(?P<degrees>\d{1,3})\s*°\s*(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*['′’]
    \s*(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:"|″|”|''|′′)?)?\s*(?P<after>[NSEOW])?""",
    re.VERBOSE | re.IGNORECASE,
)


def left_to_us(table: FileTable) -> FileTable:
    """Return what the reader of a format is told: not the system of columns that only we turn."""
    return table.model_copy(update={"crs": None}) if table.point_columns else table


def in_degrees(rows: Iterable[Row], table: FileTable, file: str) -> Iterator[Row]:
    """Yield the rows with lon and lat in degrees, from the columns that the table names; others as they are.

    What cannot be read or has no place on Earth stays as it was written, so that its row is named.
    """
    if not table.point_columns:
        yield from rows
        return
    left = iter(rows)
    while page := list(islice(left, PAGE)):
        yield from _turned(page, table, file)


def pair(cells: list[Any], *, in_metres: bool = False) -> XY | None:
    """Return the two numbers in two cells, or in one; nothing if there are not two."""
    if len(cells) == 1:
        text = str(cells[0] if cells[0] is not None else "")
        found = [_degrees(part) for part in _MINUTES.finditer(text)]
        if not found:
            found = _numbers(_NUMBER.findall(text), in_metres=in_metres)
    else:
        found = _numbers(cells, in_metres=in_metres)
    return (found[0], found[1]) if len(found) == BOTH else None


def number(cell: object, *, in_metres: bool = False) -> float | None:
    """Return a coordinate: "13,4", "392.345,12", "5 819 123.4", "52° 30′ 12″ N"."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return float(cell)
    text = str(cell).strip()
    minutes = _MINUTES.fullmatch(text)
    if minutes:
        return _degrees(minutes)
    plain = re.sub(r"[\s'’m°]", "", text)
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        plain = plain.replace("." if comma > point else ",", "")
    elif plain.count(".") > 1 or (in_metres and _THOUSANDS.fullmatch(plain)):
        plain = plain.replace(".", "")
    try:
        found = float(plain.replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) < 1e9 else None  # noqa: PLR2004 - no system reaches so far


def _numbers(cells: Iterable[Any], *, in_metres: bool) -> list[float]:
    found = (number(cell, in_metres=in_metres) for cell in cells)
    return [value for value in found if value is not None]


def is_swapped(point: XY) -> bool:
    """Return whether a point in degrees, read as longitude and latitude, has them in the other order."""
    return LAT[0] <= point[0] <= LAT[1] and LON[0] <= point[1] <= LON[1]


def _degrees(found: re.Match[str]) -> float:
    minutes, seconds = (float((found[name] or "0").replace(",", ".")) for name in ("minutes", "seconds"))
    value = int(found["degrees"]) + minutes / 60 + seconds / 3600
    side = (found["before"] or found["after"] or "").upper()
    return -value if side in ("S", "W") else value


def _turned(page: list[Row], table: FileTable, file: str) -> Iterator[Row]:
    columns = table.point_columns
    read: list[XY | None] = []
    for row in page:
        if not row.problem and table.points:
            _check(row, columns, file)
        read.append(pair([row.values.get(column) for column in columns], in_metres=table.crs is not None))
    ordered = [_ordered(point, table) for point in read]
    placed = _reprojected(ordered, table.crs, file) if table.crs else ordered
    for row, point in zip(page, placed, strict=True):
        written = [row.values.get(column) for column in columns]
        lon, lat = point or (written * BOTH)[:BOTH]
        yield replace(row, values=row.values | dict(zip(LON_LAT, (lon, lat), strict=True)))


def _check(row: Row, columns: list[str], file: str) -> None:
    for column in columns:
        if column not in row.values and column not in LON_LAT:
            raise UnusableError(f"{file}: [file] points – die Spalte „{column}“ gibt es in der Datei nicht.")


def _ordered(point: XY | None, table: FileTable) -> XY | None:
    if point is None:
        return None
    is_turned = table.axes == "swapped" or (table.axes == "mixed" and is_swapped(point))
    return (point[1], point[0]) if is_turned else point


def _reprojected(points: list[XY | None], crs: str, file: str) -> list[XY | None]:
    from importers.readers import reproject  # noqa: PLC0415 - GDAL is large, and seldom needed here

    # Zeros mean that nobody knew the place; in metres they would be one.
    known = [point if point and point != (0, 0) else None for point in points]
    try:
        turned = reproject.from_points(known, crs)
    except reproject.MISTAKES as error:
        raise UnusableError(
            f"{file}: Das Koordinatensystem „{crs}“ kennen wir nicht."
            ' Bitte angeben, zum Beispiel [file] crs = "EPSG:25832".'
        ) from error
    return [new or old for old, new in zip(points, turned, strict=True)]
