"""Efforts on an index that fail when a test wants it, and regions that fall behind."""

import errno
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.regions.models import Region
from tests.search.changes import TODDLERS, offer
from tests.search.town import Process, commit, region_named

Starts = Callable[[], Process]
NO_ROOM = OSError(errno.ENOSPC, "No space left on device")
NO_FILES = OSError(errno.EMFILE, "Too many open files")


class Fault:
    """Stands in for a method and fails with an error as long as there is one; counts how often it is asked.

    only: calls that say this are counted, and fail.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, only: str = "") -> None:
        self.error: Exception | None = None
        self.times = 0
        real = getattr(owner, name)

        def method(*args: Any, **said: Any) -> Any:
            is_meant = only in str(args)
            self.times += is_meant
            if self.error is not None and is_meant:
                raise self.error
            return real(*args, **said)

        monkeypatch.setattr(owner, name, method)


def row(engine: Engine, slug: str = "stadt") -> Region:
    """Return the present row of a region."""
    with Session(engine) as session:
        return region_named(session, slug)


def until_by_index(process: Process, slug: str = "stadt") -> None:
    """Ask again and again until the index answers."""
    deadline = time.monotonic() + 60
    while process.answer({}, slug).by == "database":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def say_again(town: Engine, number: int = 0) -> None:
    """Let every index fall behind."""
    commit(town, offer(TODDLERS, description=f"Mit Rasseln {number}."))
