"""CSV and TSV in any usual encoding, with any usual delimiter."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from importers.errors import UnusableError
from importers.mapping import FileTable
from importers.readers.row import Row
from importers.readers.text import decoded

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 50
Lines = Any  # a csv.reader: its type has no public name
HINT = "sep="  # what Excel writes into the first line
LONGEST_CELL = 131_072  # letters
# A cell that is too long spoils its row, not the file.
csv.field_size_limit(sys.maxsize)


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the rows below the header; rows with too many or too few cells carry a problem."""
    text = decoded(path, table.encoding)
    hinted = _hint(text)
    delimiter = table.delimiter or hinted or _delimiter(text)
    # Strict: a quote that nothing closes would swallow the rows after it.
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered = _numbered(lines, path)
    if hinted:
        next(numbered)
    _, cells = next(numbered, (1, []))
    yield from _rows(numbered, _header(cells, path))


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


def _rows(numbered: Iterator[tuple[int, list[str]]], header: list[str]) -> Iterator[Row]:
    for number, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        surplus = cells[len(header) :]
        problem = ""
        if len(cells) < len(header) or any(cell.strip() for cell in surplus):
            problem = f"{len(cells)} statt {len(header)} Zellen"
        values = dict(zip(header, cells, strict=False))
        for name in [name for name, cell in values.items() if len(cell) > LONGEST_CELL]:
            problem = f"Die Zelle „{name}“ hat mehr als {LONGEST_CELL} Zeichen"
            del values[name]
        yield Row(number, values, problem)


def _header(cells: list[str], path: Path) -> list[str]:
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnusableError(f"{path.name}: Die Datei hat keine Kopfzeile mit Spaltennamen.")
    seen: Counter[str] = Counter()
    unique = []
    for position, name in enumerate(names, start=1):
        label = name or f"Spalte {position}"
        seen[label] += 1
        unique.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return unique


def _hint(text: str) -> str:
    first = text[: len(HINT) + 2]
    if first.lower().startswith(HINT) and first[len(HINT) : len(HINT) + 1] in tuple(DELIMITERS):
        return first[len(HINT)]
    return ""


def _delimiter(text: str) -> str:
    """Return the delimiter under which most rows have as many cells as the header, and more than one."""
    return max(DELIMITERS, key=lambda candidate: _regularity(text, candidate))


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SAMPLE_ROWS))
    except csv.Error:
        return 0, 0
    filled = [len(row) for row in rows if row]
    width = filled[0] if filled else 0
    if width <= 1:
        return 0, 0
    return filled.count(width) / len(filled), width
