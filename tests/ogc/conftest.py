"""Somebody who reads /ogc: of the demo regions, or of what a test has written."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import deps
from web.main import create_app


@pytest.fixture(scope="module")
def demo_reader(demo: Engine) -> Iterator[TestClient]:
    """Somebody who reads the demo regions."""
    with TestClient(create_app(demo), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def reader(engine: Engine, session: Session) -> Iterator[TestClient]:
    """Somebody who reads what this test has written."""
    app = create_app(engine)
    mounted = next(route for route in app.routes if getattr(route, "path", "") == "/ogc")
    inner = mounted.app  # type: ignore[attr-defined]
    assert isinstance(inner, FastAPI)
    for one in (app, inner):
        one.dependency_overrides[deps.session] = lambda: session
    with TestClient(app, base_url="http://localhost") as client:
        yield client
