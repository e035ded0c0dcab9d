"""Somebody who reads the demo regions, and a clock that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import clock
from tests.importers.sample import make_lichtenberg
from tests.web.importing import Coordinator
from web.main import create_app


@pytest.fixture(scope="module")
def visitor(demo: Engine) -> Iterator[TestClient]:
    """Somebody who reads the demo regions."""
    with TestClient(create_app(demo), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def on_a_certain_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock on Tuesday, 20 October 2026, at noon in Berlin."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 10, 20, 10, tzinfo=UTC))


@pytest.fixture
def engine_here(database: Engine) -> Engine:
    """A database with the region "hier"."""
    with Session(database) as session:
        make_lichtenberg(session)
        session.commit()
    return database


@pytest.fixture
def somebody(engine_here: Engine) -> Iterator[Coordinator]:
    """A coordinator who is in."""
    found = Coordinator(engine_here).enter()
    yield found
    found.client.close()
