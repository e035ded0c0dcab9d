"""Tables: from lines of cells to rows of named values, wherever the names of the columns stand."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from statistics import median
from typing import Any, Final

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers.limits import check_columns
from importers.readers.row import Row
from importers.strict import meant

Line = tuple[int, list[Any]]  # its number as a person counts, and its cells
LOOK: Final = 20  # lines in which the header is looked for


def rows(lines: Iterator[Line], table: FileTable, file: str, *, exact: bool) -> Iterator[Row]:
    """Yield the rows below the header.

    exact: as many cells as columns belong in each line (CSV), others carry a problem; else what stands
    beside the table (spreadsheets) is kept under the number of its column.
    """
    filled = ((number, cells) for number, cells in lines if any(map(_is_filled, cells)))
    header, below = _header(filled, table, file)
    names = _names(header, file)
    last: dict[str, Any] = {}
    for column in table.fill_down:
        if column not in names:
            raise UnusableError(
                f"{file}: [file] fill_down – die Spalte „{column}“ gibt es nicht.{meant(column, names)}"
            )
    for number, cells in below:
        beyond = cells[len(names) :]
        surplus = {
            f"Spalte {position}": cell
            for position, cell in enumerate(beyond, start=len(names) + 1)
            if _is_filled(cell)
        }
        problem = ""
        if exact and (len(cells) < len(names) or surplus):
            problem = f"{len(cells)} statt {len(names)} Zellen"
        values = dict(zip(names, cells, strict=False)) | ({} if exact else surplus)
        for column in table.fill_down:
            if not problem:
                values[column] = values[column] if _is_filled(values[column]) else last.get(column, "")
                last[column] = values[column]
        yield Row(number, values, problem)


def _header(filled: Iterator[Line], table: FileTable, file: str) -> tuple[list[list[Any]], Iterator[Line]]:
    """Return the lines with the names of the columns, and the lines below."""
    if table.header:
        start = [line for line in islice(_from(filled, table.header), 1) if line[0] == table.header]
        missing = f"{file}: In Zeile {table.header} ([file] header) stehen keine Spaltennamen."
    else:
        start = list(islice(filled, LOOK))
        missing = f"{file}: Die Datei hat keine Kopfzeile mit Spaltennamen."
        # Titles and notes above a table fill one or two cells, its header about as many as its rows.
        usual = median([_count(cells) for _, cells in start] or [0])
        start = start[next((i for i, (_, cells) in enumerate(start) if _count(cells) * 2 > usual), 0) :]
    if not start:
        raise UnusableError(missing)
    lines = chain(start, filled)
    return [cells for _, cells in islice(lines, table.header_rows)], lines


def _from(lines: Iterator[Line], first: int) -> Iterator[Line]:
    return (line for line in lines if line[0] >= first)


def _names(header: list[list[Any]], file: str) -> list[str]:
    """Return one name for each column; names of several lines are put together."""
    joined: list[str] = []
    over: list[str] = []
    for line in zip_longest(*(map(_text, cells) for cells in header), fillvalue=""):
        *upper, lowest = line
        # "Adresse" stands once over "Straße", "PLZ", "Ort"; what has nothing below it is a column of its own.
        if any(upper) or not lowest:
            over = list(upper) if lowest else []
        joined.append(" ".join(filter(None, (*over, lowest) if lowest else upper)))
    while joined and not joined[-1]:
        joined.pop()
    check_columns(len(joined), file)
    seen: Counter[str] = Counter()
    names = []
    for position, name in enumerate(joined, start=1):
        label = name or f"Spalte {position}"
        seen[label] += 1
        names.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return names


def _count(cells: list[Any]) -> int:
    return sum(map(_is_filled, cells))


def _is_filled(cell: object) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _text(cell: object) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""
