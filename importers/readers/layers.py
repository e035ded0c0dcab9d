"""Layers of geographic information systems: GeoPackage, and Shapefiles in a ZIP archive."""

from collections.abc import Iterator
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyogrio
from pyogrio import raw

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import archive, geojson
from importers.readers.reproject import MISTAKES, from_wkb
from importers.readers.row import Row

# What belongs to a Shapefile; GDAL shall not see, and guess at, anything else.
PARTS: Final = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
SHAPEFILE: Final = b"\x00\x00\x27\x0a"
GEOPACKAGE: Final = b"SQLite format 3\0"
APPLICATION: Final = 68  # where SQLite keeps whose file it is
GEOPACKAGES: Final = (b"GPKG", b"GP10", b"GP11")
PAGE: Final = 2_000  # features held at a time


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the features of a layer, with lon and lat of points or the geometry of anything else."""
    with path.open("rb") as file:
        start = file.read(len(GEOPACKAGE))
        file.seek(APPLICATION)
        application = file.read(4)
    if start == GEOPACKAGE and application in GEOPACKAGES:
        with TemporaryDirectory() as folder:
            # GDAL goes by the ending as well.
            named = Path(folder) / "a.gpkg"
            named.symlink_to(path.absolute())
            yield from _read(path, named, table)
    elif start.startswith(b"PK"):
        with TemporaryDirectory() as folder:
            shapes = _unpack(path, Path(folder))
            name = _chosen(list(shapes), table.object, path.name)
            only = table.model_copy(update={"object": None})
            yield from _read(path, shapes[name], only)
    else:
        raise UnusableError(
            f"{path.name}: Das ist weder ein GeoPackage noch ein ZIP-Archiv mit Shapefiles. Eine .shp-Datei"
            " bitte zusammen mit .shx, .dbf und .prj in ein ZIP-Archiv packen."
        )


def _read(path: Path, source: Path, table: FileTable) -> Iterator[Row]:
    try:
        known = [str(name) for name, kind in pyogrio.list_layers(source) if kind is not None]
        layer = _chosen(known, table.object, path.name)
        about = pyogrio.read_info(source, layer=layer, encoding=table.encoding, force_feature_count=True)
        crs = table.crs or about["crs"]
        if about["geometry_type"] is not None and not crs:
            raise UnusableError(
                f"{path.name}: In der Datei steht nicht, in welchem Koordinatensystem sie ist (.prj)."
                ' Bitte angeben, zum Beispiel [file] crs = "EPSG:25832".'
            )
        for first in range(0, about["features"], PAGE):
            yield from _page(source, layer, table.encoding, crs, first)
    except MISTAKES as error:
        raise UnusableError(
            f"{path.name}: Der Layer lässt sich nicht lesen, oder sein Koordinatensystem ist unbekannt."
            " Bitte im GIS noch einmal speichern."
        ) from error


def _page(source: Path, layer: str, encoding: str | None, crs: str, first: int) -> Iterator[Row]:
    about, _, shapes, columns = raw.read(
        source,
        layer=layer,
        encoding=encoding,
        force_2d=True,
        datetime_as_string=True,
        skip_features=first,
        max_features=PAGE,
    )
    names = [str(name) for name in about["fields"]]
    records = list(zip(*(column.tolist() for column in columns), strict=True)) if columns else []
    count = len(shapes) if shapes is not None else len(records)
    geometries = from_wkb(shapes, crs) if shapes is not None else [None] * count
    records = records or [()] * count
    for number, (cells, geometry) in enumerate(zip(records, geometries, strict=True), start=first + 1):
        values = {name: _value(cell) for name, cell in zip(names, cells, strict=True)}
        yield geojson.row(number, {"properties": values}, geometry)


def _value(cell: Any) -> Any:  # noqa: ANN401 - a cell may hold anything
    if isinstance(cell, float):
        if isnan(cell):
            return None
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, bytes):
        return None  # pictures
    return cell if cell is None or isinstance(cell, str | int | bool | list) else str(cell)


def _unpack(path: Path, folder: Path) -> dict[str, Path]:
    """Write the Shapefiles of an archive into a folder, and return them by their names."""
    shapes: dict[str, Path] = {}
    with archive.opened(path) as opened:
        archive.check_not_nested(opened, path)
        members = [member for member in archive.files(opened) if archive.ending(member) in PARTS]
        stems = sorted({Path(member.filename).with_suffix("") for member in members})
        for member in members:
            # Numbers, not names from elsewhere; the programs that wrote them disagree about capital letters.
            number = stems.index(Path(member.filename).with_suffix(""))
            content = archive.contents(opened, member)
            target = folder / f"{number}{archive.ending(member)}"
            target.write_bytes(content)
            if target.suffix == ".shp":
                if not content.startswith(SHAPEFILE):
                    raise UnusableError(f"{path.name}: „{member.filename[:60]}“ ist kein Shapefile.")
                shapes[stems[number].name] = target
    if not shapes:
        raise UnusableError(f"{path.name}: Im Archiv ist kein Shapefile (.shp).")
    for name, target in shapes.items():
        for part in (".dbf", ".shx"):
            if not target.with_suffix(part).exists():
                raise UnusableError(
                    f"{path.name}: Zu „{name}.shp“ fehlt die Datei {name}{part}. Bitte alle Teile einpacken."
                )
    return shapes


def _chosen(known: list[str], wanted: str | None, file: str) -> str:
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted not in known:
        raise UnusableError(
            f"{file}: Bitte [file] object angeben; die Datei enthält: {', '.join(known) or 'nichts'}."
        )
    return str(wanted)
