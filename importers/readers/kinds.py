"""Which format a file has: what it begins with counts more than what its name ends in.

People rename files, and programs save web pages as ".xls". A file whose beginning is unmistakable is read as
what it is; only text that could be anything goes by its ending.
"""

import re
from pathlib import Path
from typing import Final

from importers.errors import UnusableError
from importers.readers import archive

PEEK: Final = 8_192  # bytes
ENDINGS: Final = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".geojson": "geojson",
    ".topojson": "topojson", ".umap": "umap", ".ics": "ics", ".ndjson": "hsds", ".jsonl": "hsds",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".ods": "ods", ".kml": "kml", ".kmz": "kmz",
    ".gpkg": "gpkg", ".osm": "osm", ".pbf": "osm", ".zip": "shapefile",
}  # fmt: skip
_STARTS: Final = (
    (b"SQLite format 3\0", "gpkg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"BEGIN:VCALENDAR", "ics"),
)
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_FOREIGN: Final = (
    (b"%PDF", "ein PDF. Bitte die Tabelle, aus der es entstand, als XLSX oder CSV speichern"),
    (b"\x1f\x8b", "mit gzip gepackt. Bitte auspacken"),
    (b"BZh", "mit bzip2 gepackt. Bitte auspacken"),
    (b"7z\xbc\xaf", "ein 7z-Archiv. Bitte auspacken"),
    (b"Rar!", "ein RAR-Archiv. Bitte auspacken"),
    (b"\x89PNG", "ein Bild. Bitte die Liste selbst hochladen"),
    (b"\xff\xd8\xff", "ein Bild. Bitte die Liste selbst hochladen"),
    (
        b"\x00\x00\x27\x0a",
        "nur ein Teil eines Shapefiles. Bitte .shp, .shx, .dbf und .prj zusammen in ein ZIP-Archiv packen",
    ),
)
_ROOT: Final = re.compile(rb"<(?:\w+:)?(kml|osm|osmChange|html|!doctype html)\b", re.IGNORECASE)
# The outermost type of a JSON document stands at its beginning, if anywhere.
_JSON: Final = (
    (re.compile(rb'^\s*\{[^\[\]]*?"type"\s*:\s*"Topology"'), "topojson"),
    (re.compile(rb'^\s*\{[^\[\]]*?"type"\s*:\s*"umap"'), "umap"),
    (re.compile(rb'^\s*\{[^\[\]]*?"type"\s*:\s*"FeatureCollection"'), "geojson"),
    (re.compile(rb'^\s*\{\s*"total"\s*:\s*\d+\s*,\s*"results"\s*:'), "landkarte"),
    (
        re.compile(rb'^\s*\{[^\[\]]*?"(?:total_items|interpretation_services|service_at_locations)"\s*:'),
        "hsds",
    ),
)


def recognise(path: Path) -> str | None:
    """Return the format of a file; None if neither its beginning nor its ending says it."""
    if path.is_dir():
        return "hsds"
    with path.open("rb") as file:
        start = file.read(PEEK)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_archive(path)
    named = ENDINGS.get(path.suffix.lower())
    for sign, format_ in _STARTS:
        if start.removeprefix(b"\xef\xbb\xbf").startswith(sign):
            return format_
    for sign, what in _FOREIGN:
        if start.startswith(sign):
            raise UnusableError(f"{path.name}: Die Datei ist {what}.")
    return _of_text(path, start) or named


def _of_archive(path: Path) -> str:
    with archive.opened(path) as opened:
        members = archive.files(opened)
        names = {member.filename for member in members}
        if "[Content_Types].xml" in names:
            return "xlsx"
        if "content.xml" in names and "mimetype" in names:
            return "ods"
        archive.check_not_nested(opened, path)
        endings = {archive.ending(member) for member in members}
        bare = {Path(name).name for name in names}
    if bare & {"datapackage.json", "services.csv"}:
        return "hsds"
    found = next((form for end, form in ((".shp", "shapefile"), (".kml", "kmz")) if end in endings), None)
    if found is None:
        raise UnusableError(
            f"{path.name}: In diesem Archiv finden wir keine Liste. Bitte auspacken und die Liste selbst"
            " hochladen."
        )
    return found


def _of_text(path: Path, start: bytes) -> str | None:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_MARKS[1:]):
        text = start.decode("utf-16", "ignore").lstrip("\ufeff \r\n\t").encode()
    if text.startswith(b"<") and (root := _ROOT.search(text)):
        name = root[1].lower()
        if name in (b"html", b"!doctype html"):
            raise UnusableError(
                f"{path.name}: Die Datei ist eine Webseite, auch wenn sie anders heißt. Bitte im"
                " Tabellenprogramm öffnen und als XLSX speichern."
            )
        return "kml" if name == b"kml" else "osm"
    if text.startswith(b"{") and path.suffix.lower() in (".json", "", ".umap", ".geojson"):
        return next((format_ for pattern, format_ in _JSON if pattern.match(text)), None)
    return None
