"""Readers in a process of their own: foreign code may crash there, and its memory and time are bounded."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import limits
from importers.readers.row import Row

Reader = Callable[[Path, FileTable], Iterator[Row]]
ROOT: Final = Path(__file__).parents[2]
LARGE: Final = 5 * limits.MIB
MISTAKES: Final = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
_UNUSABLE, _MISSHAPEN, _COSTLY = "unusable", "misshapen", "costly"


def reader(module: str) -> Reader:
    """Return the reader of a module of this package, run apart."""

    def read(path: Path, table: FileTable) -> Iterator[Row]:
        return _rows(module, path, table)

    return read


def if_large(module: str, read: Reader) -> Reader:
    """Return a reader that is run apart where a file is large enough to matter: starting takes time."""

    def choose(path: Path, table: FileTable) -> Iterator[Row]:
        is_large = path.stat().st_size > LARGE
        return _rows(module, path, table) if is_large else read(path, table)

    return choose


def _rows(module: str, path: Path, table: FileTable) -> Iterator[Row]:
    said = json.dumps([module, str(path.absolute()), table.model_dump(mode="json")])
    # One thread is enough, and each would claim memory of its own.
    alone = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    with (
        # Ours, so that nothing is left where the other one is killed.
        TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-m", "importers.readers.apart"],
            cwd=ROOT,
            env=os.environ | alone | {"TMPDIR": folder},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="surrogatepass",
        ) as process,
    ):
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(said)
            process.stdin.close()
            ended = False
            for line in process.stdout:
                found = json.loads(line)
                if found is None:
                    ended = True
                elif isinstance(found, list):
                    _complain(str(found[0]), str(found[1]), path)
                else:
                    yield Row(**found)
            if not ended:  # killed by its bounds, or crashed
                _complain(_COSTLY, "", path)
        finally:
            process.kill()


def _complain(kind: str, message: str, path: Path) -> None:
    if kind == _UNUSABLE:
        raise UnusableError(message)
    if kind == _MISSHAPEN:
        raise ValueError(message)
    raise UnusableError(
        f"{path.name}: Die Datei ist beschädigt oder braucht zum Lesen zu viel Speicher oder Zeit. Bitte neu"
        " speichern, dabei leere Zeilen und Spalten löschen, oder in mehrere Dateien teilen."
    )


def main() -> None:
    """Read the file that standard input names and write each row as a line of JSON, null at the end."""
    module, path, told = json.load(sys.stdin)
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")  # type: ignore[union-attr]
    limits.confine()
    try:
        read = import_module(f"importers.readers.{module}").read
        for row in read(Path(path), FileTable.model_validate(told)):
            _say({"number": row.number, "values": row.values, "problem": row.problem})
        _say(None)
    except UnusableError as error:
        _say([_UNUSABLE, str(error)])
    except MemoryError:
        _say([_COSTLY, ""])
    except MISTAKES as error:
        _say([_MISSHAPEN, str(error)[:200]])


def _say(found: object) -> None:
    sys.stdout.write(f"{json.dumps(found)}\n")


if __name__ == "__main__":
    main()
