"""Tables of addresses as published: any CSV or list of the readers by a small mapping, and OpenStreetMap."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BeforeValidator, Field, PositiveInt, model_validator

from importers import readers, values
from importers.errors import UnusableError
from importers.file_table import Encoding, FileTable, Format
from importers.geocoding import numbers
from importers.geocoding.addresses import parse
from importers.geocoding.keys import street_key, town_key
from importers.mapping import Published
from importers.readers.text import opened
from importers.strict import Strict, meant, read_toml

DEGREES: Final = "EPSG:4326"
# Readers of these say where something is in degrees, whatever the file holds.
_IN_DEGREES: Final = frozenset({"osm", "geojson", "topojson", "gpkg", "shapefile", "kml", "kmz", "umap"})
_OSM: Final = {
    "street": ["addr:street", "addr:place"],
    "number": ["addr:housenumber"],
    "postcode": ["addr:postcode"],
    "town": ["addr:city"],
}
NAMES: Final = ("street", "number", "suffix", "postcode", "town", "x", "y")
_PLACE: Final = {"x": ["lon"], "y": ["lat"]}

Column = PositiveInt | str
Cells = Callable[[str], str]


_line = lru_cache(50_000)(values.line)  # most cells of a table are repeated


def _alternatives(said: object) -> object:
    return said if isinstance(said, list) else [said]


class AddressFile(Strict):
    """How the file is to be read."""

    format: Format = "csv"
    encoding: Encoding | None = None
    delimiter: str = Field(default=";", min_length=1, max_length=1)
    header: bool = True  # without it, columns are numbers, counted from 1
    crs: str = Field(default=DEGREES, pattern=r"^EPSG:\d{4,6}$")
    sheet: str | int | None = None


class AddressMapping(Strict):
    """A whole mapping of a table of addresses."""

    source: Published
    file: AddressFile = AddressFile()
    fields: dict[
        Literal["street", "number", "suffix", "postcode", "town", "x", "y"],
        Annotated[list[Column], BeforeValidator(_alternatives)],
    ] = Field(default={})

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "AddressMapping":
        missing = [name for name in ("street", "x", "y") if not self.columns(name)]
        if missing:
            raise ValueError(f"braucht bei diesem Format auch {', '.join(missing)}")
        return self

    def columns(self, name: str) -> list[Column]:
        """Return the columns that a field is read from, the best first."""
        given: Mapping[str, list[Column]] = self.fields  # type: ignore[assignment]
        if name in given:
            return given[name]
        usual: dict[str, list[str]] = _PLACE if self.file.format in _IN_DEGREES else {}
        if self.file.format == "osm":
            usual = {**usual, **_OSM}
        return list(usual.get(name, []))

    @property
    def srid(self) -> int:
        """Return the number of the system in which x and y are."""
        return int((DEGREES if self.file.format in _IN_DEGREES else self.file.crs).removeprefix("EPSG:"))


class House(NamedTuple):
    """One address of a table, as it is stored; x and y in the table's own system."""

    street: str
    key: str
    number: int
    suffix: str
    postcode: str
    town: str
    town_key: str
    x: float
    y: float


@dataclass
class Counted:
    """How many rows there were, and why some of them are no addresses."""

    rows: int = 0
    unusable: Counter[str] = field(default_factory=Counter)


def read_mapping(path: Path) -> AddressMapping:
    """Return a mapping file or raise UnusableError that names file, table and key."""
    return read_toml(path, AddressMapping)


def houses(path: Path, mapping: AddressMapping, counted: Counted) -> Iterator[House]:
    """Yield the addresses of a file; of "12-14" both ends. Rows without a house are counted by reason."""
    lines = _of_csv if mapping.file.format == "csv" else _of_reader
    for cell in lines(path, mapping):
        counted.rows += 1
        try:
            yield from _read(cell)
        except values.UnclearError as error:
            counted.unusable[str(error)] += 1


def _read(cell: Cells) -> Iterator[House]:
    said = {name: cell(name) for name in NAMES}
    written = f"{said['number']}{' ' if said['suffix'][:1].isdigit() else ''}{said['suffix']}"
    street, number = said["street"], numbers.read(written) if written else None
    if number is None:  # street and number in one cell
        address = parse(f"{street} {written}")
        street, number = address.street, address.number
    if not street_key(street):
        raise values.UnclearError("keine Straße")
    if number is None:
        raise values.UnclearError("keine Hausnummer")
    postcode = values.postcode(said["postcode"]) if said["postcode"] else ""
    x, y = values.number(said["x"]), values.number(said["y"])
    for one, suffix in number.ends:
        yield House(
            street, street_key(street), one, suffix, postcode, said["town"], town_key(said["town"]), x, y
        )


def _of_csv(path: Path, mapping: AddressMapping) -> Iterator[Cells]:
    try:
        with opened(path, mapping.file.encoding) as text:
            lines = csv.reader(text, delimiter=mapping.file.delimiter)
            names = next(lines, []) if mapping.file.header else []
            positions = {name.strip(): position for position, name in enumerate(names)}
            wanted = {name: _positions(mapping, name, positions) for name in NAMES}
            for cells in lines:
                if any(cells):
                    yield _cells_of_line(cells, wanted)
    except OSError as error:
        raise UnusableError(f"{path}: Die Datei lässt sich nicht lesen ({error.strerror}).") from error
    except csv.Error as error:
        raise UnusableError(f"{path.name}: Die Datei ist keine CSV-Datei ({error}).") from error


def _positions(mapping: AddressMapping, field: str, names: dict[str, int]) -> list[int]:
    found = []
    for column in mapping.columns(field):
        if isinstance(column, int):
            found.append(column - 1)
        elif column in names:
            found.append(names[column])
        else:
            raise UnusableError(
                f"[fields] {field} – die Spalte „{column}“ gibt es nicht.{meant(column, names)}"
                if names
                else f"[fields] {field} – ohne Kopfzeile (header = false) muss hier eine Zahl stehen."
            )
    return found


def _cells_of_line(cells: list[str], wanted: dict[str, list[int]]) -> Cells:
    def cell(field: str) -> str:
        said = (_line(cells[position]) for position in wanted[field] if position < len(cells))
        return next(filter(None, said), "")

    return cell


def _of_reader(path: Path, mapping: AddressMapping) -> Iterator[Cells]:
    said = mapping.file
    table = FileTable(
        format=said.format,
        encoding=said.encoding,
        sheet=said.sheet,
        tags=["addr:housenumber"] if said.format == "osm" else [],
        key=["id"],
    )
    for row in readers.stream(path, table):
        yield _cells_of_row(row.values, mapping)


def _cells_of_row(row: dict[str, Any], mapping: AddressMapping) -> Cells:
    def cell(field: str) -> str:
        said = (values.line(row.get(str(column))) for column in mapping.columns(field))
        return next(filter(None, said), "")

    return cell
