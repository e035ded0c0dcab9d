"""Readers: one module for each format, all giving numbered rows of named values."""

import json as standard_json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import apart, csv, geojson, json, kinds, landkarte, limits, points, topojson, umap
from importers.readers.row import Row


class Format(NamedTuple):
    """What people call a format, and what reads it."""

    label: str
    read: apart.Reader


# Whatever is unpacked or read by foreign code is read apart, within bounds, and so is whatever is large.
READERS: dict[str, Format] = {
    "csv": Format("CSV", apart.if_large("csv", csv.read)),
    "json": Format("JSON", apart.if_large("json", json.read)),
    "geojson": Format("GeoJSON", apart.if_large("geojson", geojson.read)),
    "topojson": Format("TopoJSON", apart.if_large("topojson", topojson.read)),
    "umap": Format("uMap", apart.if_large("umap", umap.read)),
    "landkarte": Format("Landkarte", apart.if_large("landkarte", landkarte.read)),
    "hsds": Format("HSDS", apart.reader("hsds")),
    "ics": Format("iCalendar", apart.reader("ics")),
    "xlsx": Format("XLSX", apart.reader("spreadsheet")),
    "xls": Format("XLS", apart.reader("spreadsheet")),
    "ods": Format("ODS", apart.reader("spreadsheet")),
    "kml": Format("KML", apart.reader("kml")),
    "kmz": Format("KMZ", apart.reader("kml")),
    "gpkg": Format("GeoPackage", apart.reader("layers")),
    "shapefile": Format("Shapefile", apart.reader("layers")),
    "osm": Format("OSM", apart.reader("osm")),
}
PLAIN = frozenset({str, int, bool, type(None)})  # always finite


def read(path: Path, table: FileTable) -> list[Row]:
    """Return the rows of a file or raise UnusableError; rows that cannot be used say so themselves."""
    return list(stream(path, table))


def stream(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the rows of a file one after the other, for files that are not to be held as a whole."""
    try:
        if not path.is_dir():
            limits.check_size(path)
        # Who says where in a JSON document the list stands means JSON, whatever else it might be.
        name = table.format or ("json" if table.records else kinds.recognise(path))
        if name is None:
            raise UnusableError(
                f"{path.name}: Die Endung „{path.suffix}“ ist nicht bekannt."
                f" Bitte im Mapping [file] format angeben: {', '.join(READERS)}."
            )
        format_ = READERS[name]
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        found = limits.within(format_.read(path, points.left_to_us(table)), path.name)
        yield from map(_finite, points.in_degrees(found, table, path.name))
    except OSError as error:
        raise _unreadable(path, error) from error
    except apart.MISTAKES as error:
        raise UnusableError(
            f"{path.name}: Die Datei ist nicht so aufgebaut, wie eine {format_.label}-Datei sein muss."
        ) from error


def _unreadable(path: Path, error: OSError) -> UnusableError:
    return UnusableError(f"{path}: Die Datei lässt sich nicht lesen ({error.strerror}).")


def _finite(row: Row) -> Row:
    """Return the row, with a problem instead of numbers that no database stores in a document."""
    if PLAIN.issuperset(map(type, row.values.values())) or _is_finite(row.values):
        return row
    values = {name: value for name, value in row.values.items() if _is_finite(value)}
    without = ", ".join(name for name in row.values if name not in values)
    return Row(row.number, values, row.problem or f"unendlich große Zahl in: {without}")


def _is_finite(value: object) -> bool:
    try:
        standard_json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


__all__ = ["READERS", "Row", "read", "stream"]
