"""What a file may cost. Above these sizes it is refused, before anything of it is kept."""

import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from importers.errors import UnusableError
from importers.readers.row import Row

MIB: Final = 1024**2
FILE: Final = 100 * MIB  # bytes, as the file lies there
UNPACKED: Final = 300 * MIB  # bytes, all members of an archive together
RATIO: Final = 100  # how many times larger an archive may become …
SMALL: Final = 10 * MIB  # … once it is larger than this
MEMBERS: Final = 2_000  # of an archive
ROWS: Final = 250_000
COLUMNS: Final = 2_000
CELL: Final = 131_072  # letters
DEPTH: Final = 100  # elements of XML within each other
MEMORY: Final = 1_024 * MIB  # addresses that a reader in a process of its own may use
SECONDS: Final = 120  # of computing, for the same


def check_size(path: Path) -> None:
    """Raise UnusableError if a file is too large to be read at all."""
    size = path.stat().st_size
    if size > FILE:
        raise UnusableError(
            f"{path.name}: Die Datei ist zu groß ({size // MIB} MB, erlaubt sind {FILE // MIB} MB)."
            " Bitte in mehrere Dateien teilen oder überflüssige Spalten und Bilder löschen."
        )


def within(rows: Iterator[Row], name: str) -> Iterator[Row]:
    """Yield the rows of a file, or raise UnusableError at one too many; a huge cell spoils its row alone."""
    for count, row in enumerate(rows, start=1):
        if count > ROWS:
            raise UnusableError(
                f"{name}: Die Datei hat mehr als {ROWS} Zeilen. Bitte in mehrere Dateien teilen."
            )
        check_columns(len(row.values), name)
        yield _without_huge_cells(row)


def check_columns(count: int, name: str) -> None:
    """Raise UnusableError if a row has more columns than any list has."""
    if count > COLUMNS:
        raise UnusableError(
            f"{name}: Die Datei hat mehr als {COLUMNS} Spalten. Bitte die leeren oder überflüssigen löschen."
        )


def confine() -> None:
    """Bound what this process may use from here on: memory, time, and no trace of a crash on the disk."""
    for kind, wanted in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (bound, bound))


def _without_huge_cells(row: Row) -> Row:
    if not any(len(cell) > CELL for cell in row.values.values() if cell.__class__ is str):
        return row
    huge = [name for name, cell in row.values.items() if isinstance(cell, str) and len(cell) > CELL]
    values = {name: cell for name, cell in row.values.items() if name not in huge}
    return replace(row, values=values, problem=f"Die Zelle „{huge[0]}“ hat mehr als {CELL} Zeichen")
