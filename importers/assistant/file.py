"""Where in a file the list stands: sheet, layer, path inside a document, lines of the header."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, Final

from importers import readers
from importers.assistant.profile import Profile
from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import apart, json, kinds, limits
from importers.readers.row import Row

LOOKED_AT: Final = 5_000  # rows that guesses rest on
SHEETS: Final = 20
WORKBOOKS: Final = ("xlsx", "xls", "ods")
TABLES: Final = ("csv", *WORKBOOKS)
LAYERS: Final = ("gpkg", "shapefile", "topojson")
DEPTH: Final = 3  # of objects around a list
MERGED: Final = (0.02, 0.6)  # share of filled cells in a column of merged ones
_CONTENTS: Final = re.compile(r"die Datei enthält: (.+)\.$")
_LISTS: Final = re.compile(r"Listen gibt es unter: (.+)\.$")
_DIGIT: Final = re.compile(r"\d")
_UNNAMED: Final = re.compile(r"Spalte \d+")
_SERVICE: Final = ({"status", "name"}, {"organization", "service_at_locations", "service_areas", "schedules"})
_AT_LOCATION: Final = {"service", "location"}


@dataclass
class Found:
    """The rows, how they were got, and why so."""

    format: str
    rows: list[Row]
    table: dict[str, Any]
    reasons: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    is_sample: bool = False


def find(path: Path, told: dict[str, Any]) -> Found:
    """Return the list of a file, or raise UnusableError; told are keys of [file] that are settled."""
    if path.is_file():
        limits.check_size(path)
    format_ = told.get("format") or ("json" if told.get("records") else _format(path))
    if format_ is None:
        readers.read(path, _table(told))  # says what is known of the ending
        raise AssertionError
    found = Found(format_, [], dict(told))
    if format_ != kinds.recognise(path) and "format" not in told and format_ != "json":
        found.table["format"] = format_
        found.reasons["format"] = "am Inhalt erkannt"
    if format_ == "json" and "records" not in told:
        _find_records(path, found)
    elif format_ in WORKBOOKS and "sheet" not in told:
        _find_sheet(path, found)
    elif format_ in LAYERS and "object" not in told:
        _find_layer(path, found)
    if not found.rows:
        _read(path, found)
    if format_ in TABLES:
        _find_header(path, found, told)
        _find_merged(path, found, told)
    return found


def _format(path: Path) -> str | None:
    try:
        format_ = kinds.recognise(path)
    except OSError as error:
        raise UnusableError(f"{path}: Die Datei lässt sich nicht lesen ({error.strerror}).") from error
    if format_ == "json" and path.stat().st_size <= apart.LARGE:
        document = _document(path)
        if isinstance(document, dict) and (
            document.keys() >= _AT_LOCATION
            or (document.keys() >= _SERVICE[0] and _SERVICE[1] & document.keys())
        ):
            return "hsds"
    return format_


def _document(path: Path) -> object:
    try:
        return json.document(path, _table({}))
    except apart.MISTAKES as error:
        raise UnusableError(
            f"{path.name}: Die Datei ist nicht so aufgebaut, wie eine JSON-Datei sein muss."
        ) from error


def _table(told: dict[str, Any]) -> FileTable:
    return FileTable.model_validate({"key": ["-"], **told})


def _read(path: Path, found: Found) -> None:
    found.rows, found.is_sample = _rows(path, found.table)


def _rows(path: Path, told: dict[str, Any]) -> tuple[list[Row], bool]:
    rows = list(islice(readers.stream(path, _table(told)), LOOKED_AT + 1))
    return rows[:LOOKED_AT], len(rows) > LOOKED_AT


def _find_records(path: Path, found: Found) -> None:
    if path.stat().st_size > apart.LARGE:
        _find_named(path, found)
        return
    document = _document(path)
    if isinstance(document, list):
        return
    lists = sorted(_lists(document, ()), key=lambda one: -one[1])
    if lists:
        found.table["records"] = ".".join(lists[0][0])
        found.reasons["records"] = f"dort steht die Liste, mit {lists[0][1]} Einträgen"
        others = ", ".join(".".join(path) for path, _ in lists[1:])
        if others:
            found.warnings.append(f"Es gibt noch andere Listen in der Datei: {others}.")


def _find_named(path: Path, found: Found) -> None:
    """Find the list of a large document, which is not to be held here: its reader names those there are."""
    try:
        _read(path, found)
    except UnusableError as error:
        said = _LISTS.search(str(error))
        if said is None:
            raise
        lists = {name: _rows(path, {"records": name})[0] for name in said[1].split(", ")}
        best = max(lists, key=lambda name: _size(lists[name]))
        found.table["records"] = best
        found.reasons["records"] = "dort stehen die meisten Angaben"


def _lists(document: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(document, dict) and len(path) <= DEPTH:
        for name, value in document.items():
            yield from _lists(value, (*path, str(name)))
    elif isinstance(document, list) and path:
        count = sum(isinstance(one, dict) for one in document)
        if count:
            yield path, count


def _find_sheet(path: Path, found: Found) -> None:
    try:
        _read(path, found)
    except UnusableError as error:
        if "[file] sheet" not in str(error):
            raise
        every = takewhile(
            lambda rows: rows is not None, (_sheet(path, number) for number in range(1, SHEETS + 1))
        )
        sheets = {number: rows for number, rows in enumerate(every, start=1) if rows}
        if not sheets:
            raise
        best = max(sheets, key=lambda number: _size(sheets[number]))
        found.table["sheet"] = best
        found.reasons["sheet"] = f"Blatt {best} hat die meisten Angaben ({len(sheets[best])} Zeilen)"
        others = ", ".join(str(number) for number in sheets if number != best)
        found.warnings.append(
            f"Auch auf anderen Blättern steht etwas (Blatt {others}). Es wird nicht gelesen."
        )


def _sheet(path: Path, number: int) -> list[Row] | None:
    """Return the rows of a sheet, none if it is empty or no table; nothing if there is no such sheet."""
    try:
        return _rows(path, {"sheet": number})[0]
    except UnusableError as error:
        return None if "[file] sheet" in str(error) else []


def _size(rows: list[Row]) -> int:
    return sum(sum(bool(str(cell or "").strip()) for cell in row.values.values()) for row in rows)


def _find_layer(path: Path, found: Found) -> None:
    try:
        _read(path, found)
    except UnusableError as error:
        said = _CONTENTS.search(str(error))
        if said is None or "[file] object" not in str(error):
            raise
        layers = {name: _rows(path, {**found.table, "object": name})[0] for name in said[1].split(", ")}
        best = max(layers, key=lambda name: _size(layers[name]))
        found.table["object"] = best
        found.reasons["object"] = f"dieser Layer hat die meisten Angaben ({len(layers[best])} Einträge)"
        others = ", ".join(f"„{name}“" for name in layers if name != best)
        found.warnings.append(f"Die Datei hat noch andere Layer: {others}. Sie werden nicht gelesen.")


def _find_header(path: Path, found: Found, told: dict[str, Any]) -> None:
    """Take two lines as header if the second names what the first leaves open."""
    first = found.rows[0] if found.rows else None
    if first is None or {"header_rows", "header"} & told.keys():
        return
    if not (_names_go_on(first) or all(row.problem for row in found.rows)):
        return
    rows, _ = _rows(path, {**found.table, "header_rows": 2})
    if rows and not rows[0].problem and not any(_UNNAMED.fullmatch(name) for name in rows[0].values):
        found.rows, found.table["header_rows"] = rows, 2
        found.reasons["header_rows"] = "die Spaltennamen stehen in zwei Zeilen"


def _names_go_on(first: Row) -> bool:
    """Return whether the first row has words, and no numbers, under columns that have no name."""
    unnamed = [cell for name, cell in first.values.items() if _UNNAMED.fullmatch(name)]
    texts = [str(cell or "") for cell in first.values.values()]
    return any(str(cell or "").strip() for cell in unnamed) and not any(map(_DIGIT.search, texts))


def _find_merged(path: Path, found: Found, told: dict[str, Any]) -> None:
    """Fill down the first columns where each value stands once, over rows that lack nothing else."""
    if "fill_down" in told:
        return
    merged = []
    for name in islice(found.rows[0].values if found.rows else (), 2):
        if not _is_merged(Profile(name, [row.values.get(name) for row in found.rows])):
            break
        merged.append(name)
    if merged:
        found.table["fill_down"] = merged
        found.reasons["fill_down"] = "jeder Wert steht einmal, darunter ist leer: wohl verbundene Zellen"
        _read(path, found)


def _is_merged(column: Profile) -> bool:
    if not column.cells or len(column.filled) < 2 or column.cells[0] in (None, ""):  # noqa: PLR2004
        return False
    share = len(column.filled) / len(column.cells)
    return MERGED[0] <= share <= MERGED[1] and len(column.different) == len(column.filled)
