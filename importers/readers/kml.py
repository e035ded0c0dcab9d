"""KML and KMZ, above all of Google My Maps: folders are layers, and entries may have an address alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import archive, geojson
from importers.readers.markup import plain
from importers.readers.row import Row
from importers.readers.xml import Node, tree

FOLDERS: Final = frozenset({"Document", "Folder", "kml"})
PARTS: Final = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
# What KML says of an entry → the column.
SAID: Final = {"name": "Name", "address": "Adresse", "phoneNumber": "Telefon"}
LON_LAT: Final = 2
Place = tuple[Node, tuple[str, ...]]


def read(path: Path, _table: FileTable) -> Iterator[Row]:
    """Yield the entries in their order."""
    document = tree(_content(path), path.name)
    places = list(_places(document, ()))
    if not places:
        linked = any(node.name == "NetworkLink" for node in document.below())
        raise UnusableError(
            f"{path.name}: Die Datei enthält keine Einträge (Placemark)."
            + (" Sie verweist nur auf eine Karte im Netz. Bitte diese als KML speichern." if linked else "")
        )
    for number, (place, folders) in enumerate(places, start=1):
        yield _row(number, place, folders)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return path.read_bytes()
    with archive.opened(path) as opened:
        archive.check_not_nested(opened, path)
        documents = [member for member in archive.files(opened) if archive.ending(member) == ".kml"]
        if not documents:
            raise UnusableError(f"{path.name}: Im Archiv ist keine KML-Datei.")
        # The first one is the document (OGC 12-007r2, annex C); others are parts that it links to.
        return archive.contents(opened, documents[0])


def _places(node: Node, folders: tuple[str, ...]) -> Iterator[Place]:
    for child in node.children:
        if child.name == "Placemark":
            yield child, folders
        elif child.name in FOLDERS:
            name = child.said("name") if child.name == "Folder" else ""
            yield from _places(child, (*folders, name) if name else folders)


def _row(number: int, place: Node, folders: tuple[str, ...]) -> Row:
    values: dict[str, Any] = {column: place.said(name) for name, column in SAID.items()}
    values["Ordner"] = " / ".join(folders)
    told = _extended(place)
    values["Beschreibung"] = _without_repeated(plain(place.said("description")), told)
    for name, value in told.items():
        # A column that is called like one of ours and says the same is the same.
        if values.get(name) in (None, "", value):
            values[name] = value
        else:
            values[f"{name} (2)"] = value
    if "id" in place.attributes:
        values.setdefault("id", place.attributes["id"])
    try:
        found = _geometry(place)
    except ValueError:
        return Row(number, values, "Die Koordinaten lassen sich nicht lesen")
    row = geojson.row(number, {}, found)
    return replace(row, values=values | row.values)


def _extended(place: Node) -> dict[str, str]:
    """Return what stands in the table of an entry: named data, or data of a schema."""
    told: dict[str, str] = {}
    for extended in place.all("ExtendedData"):
        for data in extended.children:
            if data.name == "Data":
                told[data.attributes.get("name", "")] = plain(data.said("value"))
            for simple in data.all("SimpleData"):
                told[simple.attributes.get("name", "")] = plain(simple.text)
    return {" ".join(name.split()): value for name, value in told.items() if name.strip()}


def _without_repeated(description: str, told: dict[str, str]) -> str:
    """Return a description less the lines "column: value" in which My Maps repeats the whole table."""
    text = f"\n{description}\n"
    for name, value in told.items():
        repeated = f"\n{name}: {value}".rstrip()
        text = text.replace(f"{repeated}\n", "\n", 1)
    return text.strip()


def _geometry(node: Node) -> dict[str, Any] | None:
    shapes = [shape for child in node.children if (shape := _shape(child))]
    return shapes[0] if shapes else None


def _shape(node: Node) -> dict[str, Any] | None:
    if node.name == "Point":
        return {"type": "Point", "coordinates": _one(node)}
    if node.name == "LineString":
        return {"type": "LineString", "coordinates": _positions(node)}
    if node.name == "Polygon":
        bounds = [*node.all("outerBoundaryIs"), *node.all("innerBoundaryIs")]
        rings = [_positions(ring) for bound in bounds for ring in bound.all("LinearRing")]
        return {"type": "Polygon", "coordinates": rings}
    if node.name == "MultiGeometry":
        return _together([shape for child in node.children if (shape := _shape(child))])
    return None


def _together(parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    if len(parts) <= 1:
        return parts[0] if parts else None
    kinds = {part["type"] for part in parts}
    kind = kinds.pop()
    if not kinds and kind in PARTS:
        return {"type": PARTS[kind], "coordinates": [part["coordinates"] for part in parts]}
    return {"type": "GeometryCollection", "geometries": parts}


def _one(node: Node) -> list[float]:
    positions = _positions(node)
    if len(positions) != 1:
        raise ValueError("not one position")
    return positions[0]


def _positions(node: Node) -> list[list[float]]:
    """Return longitude and latitude of each position; heights are left out."""
    positions = [
        [float(number) for number in position.split(",")[:LON_LAT]]
        # Some write blanks after the commas.
        for position in node.said("coordinates").replace(", ", ",").split()
    ]
    if not all(len(position) == LON_LAT for position in positions):
        raise ValueError("no pair of numbers")
    return positions
