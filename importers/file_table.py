"""What a mapping says about the file itself: where in it the list stands, and what identifies a row."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from importers.strict import Strict

# Python knows more, but some of them turn no bytes into letters.
Encoding = Literal["utf-8", "utf-8-sig", "cp1252", "iso-8859-1", "iso-8859-15", "utf-16"]
Format = Literal[
    "csv", "json", "geojson", "topojson", "umap", "landkarte", "hsds", "ics", "xlsx", "xls", "ods", "kml",
    "kmz", "gpkg", "shapefile", "osm",
]  # fmt: skip

LON_LAT = ("lon", "lat")  # the columns that readers give places in, in degrees


def _small(encoding: object) -> object:
    return encoding.lower() if isinstance(encoding, str) else encoding


def _epsg(crs: str) -> str:
    if not re.fullmatch(r"EPSG:\d{4,6}", crs):
        raise ValueError('muss ein Koordinatensystem sein, zum Beispiel "EPSG:25832"')
    return crs


class FileTable(Strict):
    """How the file is to be read, and what identifies a row."""

    format: Format | None = None
    records: str | None = None  # dotted path to the list inside a JSON document
    object: str | None = None  # of a TopoJSON topology; a layer
    crs: Annotated[str, AfterValidator(_epsg)] | None = None  # of coordinates that are not in degrees
    points: list[str] = Field(default=[], max_length=2)  # the columns with x and y, or one with both
    # swapped: what is called x is y, in all rows; mixed: in those in which it cannot be otherwise
    axes: Literal["swapped", "mixed"] | None = None
    sheet: str | int | None = None  # its name, or its number from 1
    header: int | None = Field(default=None, ge=1)  # the line with the names of the columns
    header_rows: int = Field(default=1, ge=1, le=5)
    fill_down: list[str] = Field(default=[])  # columns in which an empty cell means the one above
    tags: list[str] = Field(default=[])  # of OpenStreetMap, "amenity=library" or "amenity"
    encoding: Annotated[Encoding, BeforeValidator(_small)] | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    key: list[str] = Field(min_length=1)
    offer_key: list[str] = Field(default=[])

    @property
    def point_columns(self) -> list[str]:
        """Return the columns that lon and lat are made from; none if the file has them already."""
        return self.points or (list(LON_LAT) if self.axes else [])

    @property
    def made(self) -> tuple[str, ...]:
        """Return the columns that are added to those of the file."""
        return LON_LAT if self.point_columns else ()
