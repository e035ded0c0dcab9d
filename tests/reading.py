"""Somebody who reads what a test has written, before it is committed."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import deps
from web.main import create_app


@contextmanager
def reading(engine: Engine, session: Session, mounted: str) -> Iterator[TestClient]:
    """Open the service on one session of the database; mounted: path of the app inside that reads it, too."""
    app = create_app(engine)
    mount = next(route for route in app.routes if getattr(route, "path", "") == mounted)
    inner = mount.app  # type: ignore[attr-defined]
    assert isinstance(inner, FastAPI)
    for one in (app, inner):
        one.dependency_overrides[deps.session] = lambda: session
    with TestClient(app, base_url="http://localhost") as client:
        yield client
