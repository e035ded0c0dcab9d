"""ODS (OpenDocument 1.3): two sheets of plain cells, written as they are sent; texts are never formulas."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from typing import Final

from api.exports.archive import streamed
from api.exports.cells import as_text, escaped
from api.exports.columns import COLUMNS, HEADERS, Cell, Row
from api.exports.notes import ABOUT, SHEET, Notes
from api.exports.parts import together

_NAMES: Final = "urn:oasis:names:tc:opendocument:xmlns"
TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST: Final = (
    f'{_XML}<manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_BEGIN: Final = (
    f'{_XML}<office:document-content xmlns:office="{_NAMES}:office:1.0" xmlns:table="{_NAMES}:table:1.0"'
    f' xmlns:text="{_NAMES}:text:1.0" xmlns:style="{_NAMES}:style:1.0" xmlns:number="{_NAMES}:datastyle:1.0"'
    f' xmlns:fo="{_NAMES}:xsl-fo-compatible:1.0" office:version="1.3"><office:automatic-styles>'
    '<number:date-style style:name="day"><number:day number:style="long"/><number:text>.</number:text>'
    '<number:month number:style="long"/><number:text>.</number:text><number:year number:style="long"/>'
    "</number:date-style>"
    '<style:style style:name="d" style:family="table-cell" style:data-style-name="day"/>'
    '<style:style style:name="b" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)
_BLANKS: Final = re.compile(r"(?<= ) +|\A +")


def write(notes: Notes, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the parts of a file."""
    members = [
        ("content.xml", together(_content(notes, rows))),
        ("META-INF/manifest.xml", [_MANIFEST.encode()]),
    ]
    return streamed(members, first=("mimetype", TYPE.encode()))


def _content(notes: Notes, rows: Iterator[Row]) -> Iterator[str]:
    widths = [column.width for column in COLUMNS]
    yield _BEGIN
    for width in sorted({*widths, 20, 100}):
        yield (
            f'<style:style style:name="w{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * 2}mm"/></style:style>'
        )
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    yield from _sheet(SHEET, widths, HEADERS, rows)
    yield from _sheet(ABOUT, [20, 100], (ABOUT, ""), iter(notes.lines()))
    yield "</office:spreadsheet></office:body></office:document-content>"


def _sheet(
    name: str, widths: Sequence[int], headers: Sequence[str], rows: Iterator[Sequence[Cell]]
) -> Iterator[str]:
    yield f'<table:table table:name="{name}">'
    yield "".join(f'<table:table-column table:style-name="w{width}"/>' for width in widths)
    first = _row(headers, ' table:style-name="b"')
    yield f"<table:table-header-rows>{first}</table:table-header-rows>"
    for row in rows:
        yield _row(row, "")
    yield "</table:table>"


def _row(cells: Sequence[Cell], style: str) -> str:
    return f"<table:table-row>{''.join(_cell(cell, style) for cell in cells)}</table:table-row>"


def _cell(cell: Cell, style: str) -> str:
    if isinstance(cell, date):
        day = cell.isoformat()
        return (
            f'<table:table-cell table:style-name="d" office:value-type="date" office:date-value="{day}">'
            f"<text:p>{day}</text:p></table:table-cell>"
        )
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell!r}">'
            f"<text:p>{cell!r}</text:p></table:table-cell>"
        )
    text = as_text(cell)
    if not text:
        return "<table:table-cell/>"
    said = "".join(f"<text:p>{_line(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell{style} office:value-type="string">{said}</table:table-cell>'


def _line(line: str) -> str:
    """Return a line as XML; several blanks are one sign, since they would be read as one blank."""
    line = line.replace("\t", " ")
    if "  " not in line and not line.startswith(" "):
        return escaped(line)
    blanks = [f'<text:s text:c="{len(found)}"/>' for found in _BLANKS.findall(line)]
    texts = [escaped(part) for part in _BLANKS.split(line)]
    return "".join(text + blank for text, blank in zip_longest(texts, blanks, fillvalue=""))
