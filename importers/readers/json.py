"""JSON documents that hold a list of records."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers.row import Row
from importers.readers.text import decoded


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the records of the list at the dotted path; members of inner objects are named "outer.inner"."""
    records = _at(document(path, table), table.records, path)
    for number, record in enumerate(records, start=1):
        if isinstance(record, dict):
            yield Row(number, dict(_flat(record)))
        else:
            yield Row(number, problem="kein Objekt mit benannten Werten")


def document(path: Path, table: FileTable) -> Any:  # noqa: ANN401 - JSON
    """Return the parsed file or raise UnusableError with the line of the mistake."""
    try:
        # NaN and Infinity are no JSON; lists write NaN for "no value".
        return json.loads(decoded(path, table.encoding or "utf-8"), parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise UnusableError(
            f"{path.name}, Zeile {error.lineno}, Spalte {error.colno}: kein gültiges JSON."
        ) from error
    except RecursionError as error:
        raise UnusableError(f"{path.name}: Das JSON ist zu tief verschachtelt.") from error


def _constant(name: str) -> float | None:
    return None if name == "NaN" else float(name)


def _at(found: Any, dotted: str | None, path: Path) -> list[Any]:  # noqa: ANN401
    for name in dotted.split(".") if dotted else []:
        if not isinstance(found, dict) or name not in found:
            raise UnusableError(f"{path.name}: [file] records = „{dotted}“ führt zu keiner Liste.")
        found = found[name]
    if isinstance(found, list):
        return found
    lists = (
        [name for name, value in found.items() if isinstance(value, list)] if isinstance(found, dict) else []
    )
    known = f" Listen gibt es unter: {', '.join(lists)}." if lists else ""
    raise UnusableError(
        f"{path.name}: Hier steht keine Liste. Bitte im Mapping [file] records angeben.{known}"
    )


def _flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
