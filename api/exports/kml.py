"""KML 2.2 as Google My Maps takes it: a folder is a layer, the columns are the table of an entry.

My Maps takes 2 000 entries in a layer and 10 layers. Nothing refers to other hosts.
"""

import html
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from api.exports.cells import as_text, escaped
from api.exports.columns import HEADERS, LAT, LON, NAME, Cell, Row
from api.exports.notes import SHEET, Notes
from api.exports.parts import together

IN_A_LAYER: Final = 2_000
_NAME, _LON, _LAT = (HEADERS.index(name) for name in (NAME, LON, LAT))
# Said by the entry itself: whoever moves a point shall not leave the old one behind.
_ELSEWHERE: Final = (_NAME, _LON, _LAT)
# What programs that show a table of an entry would take for HTML.
_MARKED: Final = re.compile(r"<[a-zA-Z/!]|&#?\w+;")
_BEGIN: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
)


def write(notes: Notes, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the parts of a file."""
    return together(_pieces(notes, rows))


def _pieces(notes: Notes, rows: Iterator[Row]) -> Iterator[str]:
    yield f"{_BEGIN}<name>{escaped(notes.title)}</name><description>{escaped(notes.text())}</description>\n"
    for number, first in enumerate(rows, start=1):
        title = SHEET if number == 1 else f"{SHEET}, Teil {number}"
        yield f"<Folder><name>{title}</name>\n"
        for row in chain([first], islice(rows, IN_A_LAYER - 1)):
            yield _placemark(row, whole=row is first)
        yield "</Folder>\n"
    yield "</Document></kml>\n"


def _placemark(row: Row, *, whole: bool) -> str:
    """Return an entry; the first of a layer names all columns, others those with something in them."""
    data = "".join(
        f'<Data name="{escaped(header)}"><value>{escaped(text)}</value></Data>'
        for position, header in enumerate(HEADERS)
        if position not in _ELSEWHERE and ((text := _text(row[position])) or whole)
    )
    point = (
        "" if row[_LON] is None else f"<Point><coordinates>{row[_LON]!r},{row[_LAT]!r}</coordinates></Point>"
    )
    name = escaped(as_text(row[_NAME]))
    return f"<Placemark><name>{name}</name><ExtendedData>{data}</ExtendedData>{point}</Placemark>\n"


def _text(cell: Cell) -> str:
    text = as_text(cell)
    if not _MARKED.search(text):
        return text
    return html.escape(text, quote=False).replace("\n", "<br>")
