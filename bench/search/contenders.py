"""Whose search is measured: how each is built from a database, and opened in a new process."""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Engine as Database
from sqlalchemy import create_engine, make_url
from sqlmodel import Session

from api.core.db import make_engine
from api.search.refreshing import folder_of, rebuilt
from api.search.shelves import Shelves
from bench.installation import INDEX
from bench.load import LoadError
from bench.search.corpus import Document, documents
from bench.search.engine import Engine, Filter
from bench.search.ours import Ours
from bench.search.postgres import Postgres
from bench.search.tantivy_engine import Tantivy

BUILD_SECONDS: Final = 600  # for one statement of a build
MEGABYTE: Final = 1_000_000


class Contender(Protocol):
    """A search over regions of a database."""

    def build(self, region: int) -> float:
        """Build the index of a region anew and return its megabytes."""
        ...

    def open(self, regions: Sequence[int], until: ExitStack) -> Mapping[int, Engine]:
        """Open what was built, until the stack ends; one engine for each region."""
        ...


@dataclass(frozen=True)
class OurSearch:
    """Our own: Whoosh's files, opened into columns; url: the owner's, as SQLAlchemy takes it."""

    url: str

    def build(self, region: int) -> float:
        """Build the index of a region anew and return its megabytes."""
        with _disposed(make_engine(self.url, BUILD_SECONDS)) as database:
            folder = folder_of(database, INDEX)
            shutil.rmtree(folder / str(region), ignore_errors=True)
            rebuilt(database, folder, region, lambda _: None)
        return _megabytes(folder / str(region))

    def open(self, regions: Sequence[int], until: ExitStack) -> Mapping[int, Engine]:
        """Open what was built, or build what is missing; all regions share a process's shelves."""
        database = until.enter_context(_disposed(make_engine(self.url)))
        shelves = Shelves(database, INDEX)
        opened = {region: Ours(database, region, INDEX, shelves).fill() for region in regions}
        for engine in opened.values():
            until.callback(engine.close)
        return opened


@dataclass(frozen=True)
class PostgresSearch:
    """PostgreSQL's full text search; guesses: with its last stage, which looks for what is alike."""

    url: str
    guesses: bool

    def build(self, region: int) -> float:
        """Build the table of a region anew and return its megabytes."""
        with Postgres(_plain(self.url), region) as engine:
            return engine.fill(_offers(self.url, region)).size / MEGABYTE

    def open(self, regions: Sequence[int], until: ExitStack) -> Mapping[int, Engine]:
        """Connect, once for each region."""
        url = _plain(self.url)
        return {
            region: until.enter_context(Postgres(url, region, guesses=self.guesses)).open()
            for region in regions
        }


@dataclass(frozen=True)
class TantivySearch:
    """Tantivy, in a folder."""

    url: str

    def build(self, region: int) -> float:
        """Build the index of a region anew and return its megabytes."""
        folder = self._folder(region)
        shutil.rmtree(folder, ignore_errors=True)
        Tantivy(folder).fill(_offers(self.url, region))
        return _megabytes(folder)

    def open(self, regions: Sequence[int], until: ExitStack) -> Mapping[int, Engine]:  # noqa: ARG002
        """Open what was built; nothing has to be closed."""
        return {region: Tantivy(self._folder(region)).open() for region in regions}

    def _folder(self, region: int) -> Path:
        return INDEX / str(make_url(self.url).database) / f"tantivy-{region}"


def build(contender: Contender, region: int, offers: int) -> dict[str, float]:
    """Build one index; return seconds and megabytes. Raises LoadError if offers are missing in it."""
    began = time.perf_counter()
    megabytes = contender.build(region)
    seconds = time.perf_counter() - began
    check(contender, [region], offers)
    return {"seconds": seconds, "megabytes": megabytes}


def check(contender: Contender, regions: Sequence[int], offers: int) -> None:
    """Open indexes, which builds ours if they are missing; raise LoadError if offers are missing in one."""
    with ExitStack() as until:
        for engine in contender.open(regions, until).values():
            found = engine.find("", Filter()).total
            if found != offers:
                raise LoadError(f"{type(contender).__name__} findet {found} statt {offers} Angebote.")


def _offers(url: str, region: int) -> list[Document]:
    with _disposed(create_engine(url)) as database, Session(database) as session:
        return documents(session, region)


@contextmanager
def _disposed(database: Database) -> Iterator[Database]:
    try:
        yield database
    finally:
        database.dispose()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MEGABYTE
