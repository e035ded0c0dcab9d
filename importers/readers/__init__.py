"""Readers: one module for each format, all giving numbered rows of named values."""

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
        return list(READERS[format_](path, table))
    except OSError as error:
        raise UnusableError(f"{path}: Die Datei lässt sich nicht lesen ({error.strerror}).") from error


__all__ = ["READERS", "Reader", "Row", "read"]
