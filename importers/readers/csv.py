"""CSV and TSV in any usual encoding, with any usual delimiter."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from api.exports.guard import is_ours, unguarded
from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import tables
from importers.readers.row import Row
from importers.readers.text import opened

DELIMITERS = ",;\t|"
SAMPLE, SAMPLE_ROWS = 65_536, 50  # letters, rows
Lines = Any  # a csv.reader: its type has no public name
HINT = "sep="  # what Excel writes into the first line
# A cell that is too long spoils its row, not the file.
csv.field_size_limit(sys.maxsize)


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the rows below the header; rows with too many or too few cells carry a problem."""
    with opened(path, table.encoding) as text:
        sample = text.read(SAMPLE)
        text.seek(0)
        hinted = _hint(sample)
        delimiter = table.delimiter or hinted or _delimiter(sample)
        # Strict: a quote that nothing closes would swallow the rows after it.
        lines = csv.reader(text, delimiter=delimiter, strict=True)
        numbered = _numbered(lines, path)
        if hinted:
            next(numbered)
        yield from map(_as_meant, tables.rows(numbered, table, path.name, exact=True))


def _numbered(lines: Lines, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line where it begins: a cell may hold line breaks."""
    begin = 1
    try:
        for cells in lines:
            yield begin, cells
            begin = lines.line_num + 1
    except csv.Error as error:
        raise UnusableError(
            f'{path.name}, Zeile {begin}: Hier öffnet sich ein Anführungszeichen ("), das nicht vor dem'
            ' Ende der Zelle geschlossen wird. Im Text selbst bitte verdoppeln ("").'
        ) from error


def _as_meant(row: Row) -> Row:
    """Return a row; one that a Landkarte has written, less the apostrophes against formulas."""
    if not is_ours(row.values):
        return row
    return replace(row, values={name: unguarded(cell) for name, cell in row.values.items()})


def _hint(text: str) -> str:
    first = text[: len(HINT) + 2]
    if first.lower().startswith(HINT) and first[len(HINT) : len(HINT) + 1] in tuple(DELIMITERS):
        return first[len(HINT)]
    return ""


def _delimiter(text: str) -> str:
    """Return the delimiter under which most rows have the same number of cells, and more than one."""
    return max(DELIMITERS, key=lambda candidate: _regularity(text, candidate))


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SAMPLE_ROWS))
    except csv.Error:
        return 0, 0
    widths = Counter(len(row) for row in rows if row)
    # The first row says nothing: it may be a title.
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    if width <= 1:
        return 0, 0
    return count / widths.total(), width
