"""A real PostGIS built by the migrations; each test works in a transaction that is rolled back."""

import gc
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlmodel import Session
from starlette.testclient import TestClient
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from api.core import clock, deps
from api.core.db import make_engine
from api.core.settings import settings
from api.main import create_api
from api.regions import freshness
from api.regions.models import Region
from tests import factories, plans
from tests.emptying import emptied, swept
from web.main import create_app
from web.server import SERVER

ROOT = Path(__file__).parents[1]
FIRST_WORKER = "gw0"
# It would count the rows that others see, just when a test asks how the planner answers in its transaction.
NO_AUTOVACUUM = """
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT quote_ident(tablename) FROM pg_tables WHERE tableowner = CURRENT_USER LOOP
      EXECUTE 'ALTER TABLE ' || name || ' SET (autovacuum_enabled = false)';
    END LOOP;
  END $$
"""
# What tests commit is thrown away in the end: nobody waits until the disk has it.
NOT_FOR_EVER = """
  DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$
"""
HELD_BY_NOBODY = text("SELECT pg_try_advisory_lock(hashtext('tests'), hashtext(:worker))")
# The same examples in every run: what is found is found by whoever changed something, not by somebody else.
hypothesis.settings.register_profile("steady", derandomize=True)
hypothesis.settings.load_profile("steady")


# It takes longer to furnish a house than to break something in it: they share one.
IN_ONE_HOUSE = ("test_clock.py", "test_database_gone.py", "test_kills.py")


class ByFile(LoadFileScheduling):  # type: ignore[misc]
    """Gives each worker whole files, and those that share what is dear as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "tests/faults" if file.endswith(IN_ONE_HOUSE) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """With --dist loadfile."""
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end; nobody has to look again and again whether they are garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _own_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Search indexes of tests lie in a folder of their own, also those of servers that tests start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDKARTE_INDEX_DIR", str(tmp_path_factory.mktemp("index")))
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that hold for a minute hold for a whole test, unless the test itself sets the clock."""
    now, begun, minute = clock.now, clock.now(), freshness.minute
    monkeypatch.setattr(freshness, "minute", lambda instant: minute(begun if clock.now is now else instant))


@pytest.fixture(scope="session")
def owner_url() -> Iterator[str]:
    """The test database as its owner sees it; everything in it is thrown away.

    Tests that run side by side have one each: the second worker's is called after the first one's. Two runs
    on the same database would take each other's tables away; so the second one ends at once.
    """
    address = make_url(os.environ["LANDKARTE_TEST_DATABASE_URL"])
    if not str(address.database).endswith("_test"):
        pytest.exit("LANDKARTE_TEST_DATABASE_URL must name a database that ends with _test: it is emptied.")
    worker = os.environ.get("PYTEST_XDIST_WORKER", FIRST_WORKER)
    shared = create_engine(address, isolation_level="AUTOCOMMIT")
    with shared.connect() as connection:
        if not connection.scalar(HELD_BY_NOBODY, {"worker": worker}):
            pytest.exit(f"Another run of tests is using {address.database}.", returncode=1)
        if worker == FIRST_WORKER:
            yield address.render_as_string(hide_password=False)
        else:
            yield _new_database(address, f"{str(address.database).removesuffix('_test')}_{worker}_test")
    shared.dispose()


def _new_database(address: URL, name: str) -> str:
    """Create a database beside one that its owner is shown; return its URL."""
    owner = create_engine(address, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    owner.dispose()
    return address.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def engine(owner_url: str) -> Iterator[Engine]:
    """An engine as the app uses it, on a database freshly built by the migrations."""
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("DROP OWNED BY CURRENT_USER CASCADE"))
    migrate = [sys.executable, "-m", "alembic", "-x", f"url={owner_url}", "upgrade", "head"]
    subprocess.run(migrate, cwd=ROOT, check=True, env={**os.environ, "LANDKARTE_DATABASE_URL": owner_url})
    with owner.begin() as connection:
        connection.execute(text(NO_AUTOVACUUM))
        connection.execute(text(NOT_FOR_EVER))
    owner.dispose()
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
    swept(owner_url)


@pytest.fixture(scope="session")
def demo(owner_url: str) -> Iterator[Engine]:
    """An engine on a database of its own that holds the demo regions; tests only read it."""
    address = make_url(owner_url)
    url = _new_database(address, f"{str(address.database).removesuffix('_test')}_demo_test")
    env = {**os.environ, "LANDKARTE_DATABASE_URL": url, "LANDKARTE_OWNER_DATABASE_URL": url}
    for command in (["alembic", "upgrade", "head"], ["importers.demo"]):
        subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, check=True, env=env, stdout=subprocess.DEVNULL
        )
    demo_engine = make_engine(url)
    yield demo_engine
    demo_engine.dispose()


@pytest.fixture(scope="session")
def server(demo: Engine) -> Iterator[str]:
    """The whole service with the demo regions, on a free port; the value is its address."""
    config = uvicorn.Config(create_app(demo), port=0, **SERVER)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def crowd(engine: Engine, owner_url: str) -> Iterator[tuple[Session, Region]]:
    """A session with a region of thousands of places, offers and a hundred quarters; tests only read it.

    Its tables hold nothing else, because the planner counts the pages that earlier tests have left, too.
    """
    emptied(owner_url)
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(bind=connection, expire_on_commit=False) as opened:
            found = factories.make_region(opened, is_default=False)
            division = factories.make_division(opened, found)
            for x in range(10):
                for y in range(10):
                    outline = factories.box(13 + x / 10, 52 + y / 10, 13.1 + x / 10, 52.1 + y / 10)
                    factories.make_space(opened, division, f"{x}{y}", outline)
            plans.scatter(opened, found)
            yield opened, found
        transaction.rollback()


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
