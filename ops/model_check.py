"""Checks in a throw-away database that the migrations make exactly the tables that the models describe."""

import os
import subprocess
import sys
from typing import Final

from sqlalchemy import URL, create_engine, make_url, text

from ops.cluster.urls import VARIABLES

DATABASE: Final = "landkarte_check"
COMMANDS: Final = (("upgrade", "head"), ("check",))


def main() -> int:
    """Run the migrations and the comparison beside the test database; return alembic's exit code."""
    beside = make_url(os.environ[VARIABLES["test"]])
    _recreate(beside)
    address = beside.set(database=DATABASE).render_as_string(hide_password=False)
    addresses = dict(os.environ) | {VARIABLES["app"]: address, VARIABLES["owner"]: address}
    try:
        for command in COMMANDS:
            done = subprocess.run([sys.executable, "-m", "alembic", *command], check=False, env=addresses)
            if done.returncode:
                return done.returncode
    finally:
        _drop(beside)
    return 0


def _recreate(beside: URL) -> None:
    """Create an empty database; its template brings PostGIS along."""
    _drop(beside)
    _execute(beside, f"CREATE DATABASE {DATABASE}")


def _drop(beside: URL) -> None:
    _execute(beside, f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _execute(beside: URL, statement: str) -> None:
    engine = create_engine(beside, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
