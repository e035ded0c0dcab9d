"""Processes that search in a town: some share an index, an oracle builds its own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.search.shelves import Shelves
from tests.search.town import Process, found_town


@pytest.fixture
def town(database: Engine) -> Engine:
    """An engine on two regions; see found_town."""
    found_town(database)
    return database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where all processes of a test keep their indexes."""
    return tmp_path / "index"


@pytest.fixture
def start(town: Engine, folder: Path) -> Iterator[Callable[[], Process]]:
    """Starts a process on the shared folder; all are ended after the test."""
    started: list[Process] = []

    def begin() -> Process:
        started.append(Process(town, folder))
        return started[-1]

    yield begin
    for process in started:
        process.shelves.close()


@pytest.fixture
def hasty(town: Engine, folder: Path) -> Iterator[Process]:
    """A process that waits no longer than any other does."""
    made = Shelves(town, folder)
    yield Process(town, folder, made)
    made.close()


@pytest.fixture
def oracle(town: Engine, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Starts a process that has a folder of its own and builds everything anew."""
    number = count(1)
    started: list[Process] = []

    def begin() -> Process:
        started.append(Process(town, tmp_path / f"fresh-{next(number)}"))
        return started[-1]

    yield begin
    for process in started:
        process.shelves.close()
