"""Readers: one module for each format, all giving numbered rows of named values."""

import json as standard_json
from collections.abc import Callable, Iterator
from pathlib import Path

from importers.errors import UnusableError
from importers.mapping import FileTable
from importers.readers import csv, geojson, json, topojson
from importers.readers.row import Row

Reader = Callable[[Path, FileTable], Iterator[Row]]

READERS: dict[str, Reader] = {
    "csv": csv.read,
    "json": json.read,
    "geojson": geojson.read,
    "topojson": topojson.read,
}
LABELS = {"csv": "CSV", "json": "JSON", "geojson": "GeoJSON", "topojson": "TopoJSON"}
ENDINGS = {".csv": "csv", ".tsv": "csv", ".txt": "csv"} | {f".{name}": name for name in READERS}


def read(path: Path, table: FileTable) -> list[Row]:
    """Return the rows of a file or raise UnusableError; rows that cannot be used say so themselves."""
    format_ = table.format or ENDINGS.get(path.suffix.lower())
    if format_ is None:
        raise UnusableError(
            f"{path.name}: Die Endung „{path.suffix}“ ist nicht bekannt."
            f" Bitte im Mapping [file] format angeben: {', '.join(READERS)}."
        )
    try:
        return [_finite(row) for row in READERS[format_](path, table)]
    except OSError as error:
        raise UnusableError(f"{path}: Die Datei lässt sich nicht lesen ({error.strerror}).") from error
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise UnusableError(
            f"{path.name}: Die Datei ist nicht so aufgebaut, wie eine {LABELS[format_]}-Datei sein muss."
        ) from error


def _finite(row: Row) -> Row:
    """Return the row, with a problem instead of numbers that no database stores in a document."""
    if _is_finite(row.values):
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


__all__ = ["READERS", "Reader", "Row", "read"]
