"""CSV as German spreadsheets open it: UTF-8 with a mark, semicolons, decimal commas, CRLF; no formulas."""

import csv
import io
from collections.abc import Iterator

from api.exports.cells import as_text
from api.exports.columns import HEADERS, Cell, Row
from api.exports.guard import guarded
from api.exports.notes import Notes
from api.exports.parts import LETTERS


def write(_notes: Notes, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the parts of a file; it is a table and nothing else."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    text.write("\ufeff")
    lines.writerow(HEADERS)
    for row in rows:
        lines.writerow(map(_cell, row))
        if text.tell() >= LETTERS:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _cell(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return repr(cell).replace(".", ",")
    return guarded(as_text(cell))
