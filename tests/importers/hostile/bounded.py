"""Reading within bounds: what would take a machine's memory or time fails the test, not the machine."""

import os
import pickle
import resource
import tempfile
from pathlib import Path

from importers import readers
from importers.errors import UnusableError
from importers.file_table import FileTable

MEMORY = 3 * 1024**3  # addresses, with those that the tests themselves use
SECONDS = 60  # of computing


def read(path: Path, **table: object) -> list[readers.Row] | str:
    """The rows of a file, or what is said of it; in a process that may not use more than this."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            with os.fdopen(writing, "wb") as answer:
                pickle.dump(_read(path, table), answer)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    assert status == 0, f"{path.name} took more memory or time than it may, or crashed"
    found: list[readers.Row] | str = pickle.loads(said)
    return found


def _read(path: Path, table: dict[str, object]) -> list[readers.Row] | str:
    left = path.parent / "left"
    left.mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(left)
    try:
        return readers.read(path, FileTable.model_validate({"key": ["id"], **table}))
    except UnusableError as error:
        return str(error)
    finally:
        assert not list(left.iterdir()), "something was left behind"
