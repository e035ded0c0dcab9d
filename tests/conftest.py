"""A real PostGIS built by the migrations; each test works in a transaction that is rolled back."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api.core import deps
from api.core.db import make_engine
from api.main import create_api
from api.regions.models import Region
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlmodel import Session
from starlette.testclient import TestClient

from tests import factories

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def owner_url() -> str:
    """The test database as its owner sees it; everything in it is thrown away."""
    url = os.environ["LANDKARTE_TEST_DATABASE_URL"]
    if not str(make_url(url).database).endswith("_test"):
        pytest.exit("LANDKARTE_TEST_DATABASE_URL must name a database that ends with _test: it is emptied.")
    return url


@pytest.fixture(scope="session")
def engine(owner_url: str) -> Iterator[Engine]:
    """An engine as the app uses it, on a database freshly built by the migrations."""
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("DROP OWNED BY CURRENT_USER CASCADE"))
    owner.dispose()
    migrate = [sys.executable, "-m", "alembic", "-x", f"url={owner_url}", "upgrade", "head"]
    subprocess.run(migrate, cwd=ROOT, check=True, env={**os.environ, "LANDKARTE_DATABASE_URL": owner_url})
    app_engine = make_engine(owner_url)
    yield app_engine
    app_engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session of the app role whose work is rolled back."""
    with engine.connect() as connection, connection.begin() as transaction:
        options: dict[str, Any] = {"join_transaction_mode": "create_savepoint", "expire_on_commit": False}
        with Session(bind=connection, **options) as opened:
            yield opened
        transaction.rollback()


@pytest.fixture
def database(engine: Engine, owner_url: str) -> Iterator[Engine]:
    """An engine whose commits are real; all tables are emptied afterwards."""
    yield engine
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        names = connection.scalars(
            text(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename NOT IN ('alembic_version', 'spatial_ref_sys')"
            )
        )
        connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY"))
    owner.dispose()


@pytest.fixture
def region(session: Session) -> Region:
    """The default region."""
    return factories.make_region(session)


@pytest.fixture
def api(engine: Engine, session: Session) -> FastAPI:
    """The API inside the test's transaction."""
    app = create_api(engine)
    app.dependency_overrides[deps.session] = lambda: session
    return app


@pytest.fixture
def client(api: FastAPI) -> Iterator[TestClient]:
    """A client of the API alone, mounted at /."""
    with TestClient(api, base_url="http://localhost") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests reach this machine only."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test wants to reach {host}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
