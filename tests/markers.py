"""Whether words that visitors said are found again anywhere: in the database, in logs or in files."""

import io
import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from web.access_log import log as access_log

# Of the test's own client: it writes down what it asks.
CLIENTS = ("httpx2", "httpcore2", "asyncio")


@dataclass
class Traces:
    """Everything that the service can leave behind while somebody watches."""

    engine: Engine
    folders: list[Path]
    written: io.StringIO = field(default_factory=io.StringIO)

    def of(self, words: Iterable[str]) -> list[str]:
        """Return where any of the words is found: "word in the table offer"; nothing is what is wanted."""
        places = {**self._rows(), **self._files(), "the log": self.written.getvalue()}
        said = list(words)
        return [
            f"{word} in {place}"
            for place, content in places.items()
            for word in said
            if word in content or word.encode().hex() in content  # as PostgreSQL writes bytes
        ]

    def _rows(self) -> dict[str, str]:
        with self.engine.connect() as connection:
            names = connection.execute(
                text(
                    "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r'"
                    " AND relnamespace = 'public'::regnamespace AND relname <> 'spatial_ref_sys'"
                )
            ).scalars()
            return {
                f"the table {name}": "\n".join(
                    connection.execute(text(f"SELECT t::text FROM {name} t")).scalars()
                )
                for name in names.all()
            }

    def _files(self) -> dict[str, str]:
        found = (path for folder in self.folders for path in folder.rglob("*") if path.is_file())
        return {f"the file {path.name}": f"{path}\n{path.read_bytes().decode('latin-1')}" for path in found}


@contextmanager
def watched(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Traces]:
    """Watch all logs, whatever their level, all tables, and the files under a folder.

    Temporary files go there, too; the search index is to be put there by whoever starts the service.
    """
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    traces = Traces(engine, [folder])
    handler = logging.StreamHandler(traces.written)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(exc_text)s"))
    handler.addFilter(lambda record: not record.name.startswith(CLIENTS))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    access_log.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield traces
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        access_log.removeHandler(handler)
