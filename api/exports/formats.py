"""The formats in which offers can be taken away."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from api.exports import csv, geojson, kml, ods, xlsx
from api.exports.columns import Row
from api.exports.notes import Notes


class Ending(StrEnum):
    """What a file's name ends with, and its address."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    KML = "kml"
    GEOJSON = "geojson"


class Format(NamedTuple):
    """What a format is called among programs, and what writes it."""

    media_type: str
    write: Callable[[Notes, Iterator[Row]], Iterator[bytes]]


FORMATS: Final = {
    Ending.CSV: Format("text/csv; charset=utf-8; header=present", csv.write),
    Ending.XLSX: Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write),
    Ending.ODS: Format(ods.TYPE, ods.write),
    Ending.KML: Format("application/vnd.google-earth.kml+xml", kml.write),
    Ending.GEOJSON: Format("application/geo+json", geojson.write),
}
# Where they are found; sent while they are made, so nobody keeps them.
DOWNLOADS: Final = tuple(f"/api/v1/offers.{ending}" for ending in Ending)
