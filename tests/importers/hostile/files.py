"""Files that want to do harm or are broken, each made here; none is larger than a few megabytes."""

import gzip
import io
import json
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
from pyogrio import raw

Make = Callable[[], bytes]
MIB = 1024**2
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
KML = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
PLACE = "<Placemark><name>Treff</name><Point><coordinates>13.5,52.5</coordinates></Point></Placemark>"


def archive(members: dict[str, bytes | str]) -> bytes:
    """A ZIP archive, well packed."""
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as packed:
        for name, said in members.items():
            packed.writestr(ZipInfo(name), said, compress_type=ZIP_DEFLATED)
    return content.getvalue()


def sheet(cells: str, **others: str) -> bytes:
    """A workbook of one sheet with these rows, as small as one can be."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = f'<Relationship Id="r1" Type="{office}/{{}}" Target="{{}}"/>'
    related = f'<Relationships xmlns="{package}">{link}</Relationships>'
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return archive(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": related.format("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="Liste" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": related.format("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}">'
            f"<sheetData>{cells}</sheetData></worksheet>",
            **others,
        }
    )


def cell(place: str, said: str) -> str:
    """A cell with a text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'


def row(number: int, *said: str) -> str:
    """A row of texts."""
    cells = "".join(cell(f"{chr(65 + place)}{number}", text) for place, text in enumerate(said))
    return f'<row r="{number}">{cells}</row>'


def tidy_sheet() -> bytes:
    """A workbook that nothing is wrong with."""
    return sheet(row(1, "id", "name") + row(2, "1", "Treff"))


def far_away() -> bytes:
    """A workbook with a cell in the last column of the last row."""
    return sheet(row(1, "id") + f'<row r="1048576">{cell("XFD1048576", "x")}</row>')


def calendar(inside: bytes) -> bytes:
    """A calendar of one event."""
    return b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + inside + b"END:VEVENT\nEND:VCALENDAR\n"


def open_document(body: str) -> bytes:
    """A spreadsheet of OpenDocument with this body."""
    names = ("office:1.0", "table:1.0", "text:1.0")
    spaces = " ".join(
        f'xmlns:{name.partition(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{name}"' for name in names
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f'<?xml version="1.0"?><office:document-content {spaces}><office:body>'
            f'<office:spreadsheet><table:table table:name="Liste">{body}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        }
    )


def lying() -> bytes:
    """An archive that claims a member of two gigabytes and holds a few bytes."""
    content = bytearray(archive({"liste.kml": "x" * 100}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 2**31)
    return bytes(content)


def belittling() -> bytes:
    """An archive that claims ten bytes where there are ten million."""
    content = bytearray(archive({"doc.kml": KML.format(PLACE + " " * 9 * MIB)}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 10)
    return bytes(content)


def encrypted() -> bytes:
    """An archive whose members are said to be encrypted."""
    content = bytearray(archive({"doc.kml": KML.format(PLACE)}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def many_members() -> bytes:
    """An archive of 2 500 files."""
    return archive({f"{number}.kml": "" for number in range(2_500)})


def huge_directory() -> bytes:
    """An archive whose list of members alone would be five megabytes."""
    return archive({f"{'n' * 1_000}{number}": "" for number in range(2_500)})


def geopackage() -> bytes:
    """A GeoPackage with two points."""
    return written("a.gpkg", driver="GPKG")["a.gpkg"]


def shapefile(*, changes: dict[str, bytes | None] | None = None) -> bytes:
    """A Shapefile with two points in an archive, some of its files changed or left out."""
    members: dict[str, bytes | None] = dict(written("a.shp", driver="ESRI Shapefile"))
    members |= changes or {}
    return archive({name: content for name, content in members.items() if content is not None})


def written(name: str, driver: str) -> dict[str, bytes]:
    """A file of two points with all that belongs to it."""
    points = [
        struct.pack("<BIdd", 1, 1, 392_000.0, 5_820_000.0),
        struct.pack("<BIdd", 1, 1, 392_100.0, 5_820_100.0),
    ]
    with TemporaryDirectory() as folder:
        raw.write(
            Path(folder) / name,
            geometry=np.array(points, dtype=object),
            field_data=[np.array(["1", "2"], dtype=object), np.array(["Café", "Größe"], dtype=object)],
            fields=["id", "name"],
            driver=driver,
            geometry_type="Point",
            crs="EPSG:25833",
        )
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def cut(make: Make) -> Make:
    """The first half of a file."""
    return lambda: make()[: len(make()) // 2]


def in_the_middle(make: Make, wrong: bytes) -> Make:
    """A file with something wrong in its middle."""

    def changed() -> bytes:
        content = make()
        at = len(content) // 2
        return content[:at] + wrong + content[at + len(wrong) :]

    return changed


def bomb() -> bytes:
    """Entities within entities, a billion laughs when they are read."""
    entities = "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10 if level else "ha"}">' for level in range(10)
    )
    return f"<!DOCTYPE kml [{entities}]><kml><Placemark><name>&l9;</name></Placemark></kml>".encode()


def deep(tag: str, depth: int) -> str:
    """Elements within each other."""
    return f"<{tag}>" * depth + f"</{tag}>" * depth


def places(*said: str) -> bytes:
    """A KML with these entries."""
    return KML.format("".join(said)).encode()


def features(*said: object) -> bytes:
    """A GeoJSON of these features."""
    return json.dumps({"type": "FeatureCollection", "features": said}).encode()


def osm(inside: str) -> bytes:
    """An OSM file."""
    return f'<?xml version="1.0"?><osm version="0.6">{inside}</osm>'.encode()


def unpaired() -> bytes:
    """JSON with half a letter, and NUL."""
    return rb'[{"id": "1", "name": "a\ud800b\u0000c"}]'


def packed(make: Make) -> Make:
    """A file packed by gzip."""
    return lambda: gzip.compress(make())


def endless_number() -> bytes:
    """JSON with a number of more digits than Python takes."""
    return b'[{"id": ' + b"9" * (sys.get_int_max_str_digits() + 1) + b"}]"
