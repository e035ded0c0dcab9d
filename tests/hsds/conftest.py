"""Somebody who reads /hsds: of the demo regions, or of what a test has written."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from tests.reading import reading
from web.main import create_app


@pytest.fixture(scope="module")
def demo_reader(demo: Engine) -> Iterator[TestClient]:
    """Somebody who reads the demo regions."""
    with TestClient(create_app(demo), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def reader(engine: Engine, session: Session) -> Iterator[TestClient]:
    """Somebody who reads what this test has written, except for what is sent while it is made."""
    with reading(engine, session, "/hsds") as client:
        yield client
