"""XLSX (ECMA-376): two sheets of plain cells, written as they are sent. Texts are texts, never formulas."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from api.exports.archive import streamed
from api.exports.cells import as_text, escaped
from api.exports.columns import COLUMNS, HEADERS, Cell, Row
from api.exports.notes import ABOUT, SHEET, Notes
from api.exports.parts import together

LONGEST: Final = 32_767  # letters that a cell can hold, as Excel counts them
TOO_LONG: Final = "(zu lang für diese Tabelle; steht in der CSV-Datei)"
_EPOCH: Final = date(1899, 12, 30)
_PLAIN, _BOLD, _DAY = range(3)  # styles
# What would be read as a sign that it stands for (ECMA-376, 22.9.2.19).
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIXED: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    f'<sheet name="{SHEET}" sheetId="1" r:id="r1"/><sheet name="{ABOUT}" sheetId="2" r:id="r2"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>'
    f'<Relationship Id="r3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2">'
    '<font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>",
}
_FIRST_STAYS: Final = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft"'
    ' state="frozen"/></sheetView></sheetViews>'
)


def write(notes: Notes, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the parts of a file."""
    fixed = ((name, [f"{_XML}{content}".encode()]) for name, content in _FIXED.items())
    about = [(name, said) for name, said in notes.lines()]
    yield from streamed(_members(fixed, _sheet([column.width for column in COLUMNS], HEADERS, rows), about))


def _members(
    fixed: Iterable[tuple[str, Iterable[bytes]]], sheet: Iterator[str], about: list[tuple[str, str]]
) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield from fixed
    yield "xl/worksheets/sheet1.xml", together(sheet)
    yield "xl/worksheets/sheet2.xml", together(_sheet([20, 100], (ABOUT, ""), iter(about)))


def _sheet(widths: Sequence[int], headers: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Iterator[str]:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    yield f'{_XML}<worksheet xmlns="{_MAIN}">{_FIRST_STAYS}<cols>{columns}</cols><sheetData>'
    names = [_name(number) for number in range(len(headers))]
    yield _row(1, names, headers, _BOLD)
    for number, row in enumerate(rows, start=2):
        yield _row(number, names, row, _PLAIN)
    yield "</sheetData></worksheet>"


def _row(number: int, names: Sequence[str], cells: Sequence[Cell], style: int) -> str:
    said = "".join(
        _cell(f"{name}{number}", cell, style)
        for name, cell in zip(names, cells, strict=True)
        if cell not in (None, "")
    )
    return f'<row r="{number}">{said}</row>'


def _cell(at: str, cell: Cell, style: int) -> str:
    if isinstance(cell, date):
        return f'<c r="{at}" s="{_DAY}"><v>{(cell - _EPOCH).days}</v></c>'
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f'<c r="{at}"><v>{cell!r}</v></c>'
    text = as_text(cell)
    if not text:
        return ""
    if len(text) > LONGEST // 2 and len(text.encode("utf-16-le")) // 2 > LONGEST:
        text = TOO_LONG
    styled = f' s="{style}"' if style else ""
    text = escaped(_ESCAPE.sub("_x005F_", text))
    return f'<c r="{at}"{styled} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _name(number: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
