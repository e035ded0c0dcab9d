"""The addresses of the databases, and the environment that hands them to the project's programs."""

import os
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

from ops.cluster.databases import APP, DATABASE, OWNER, TEST_DATABASE
from ops.cluster.place import Cluster

Which = Literal["owner", "app", "test"]
VARIABLES: Final[dict[Which, str]] = {
    "owner": "LANDKARTE_OWNER_DATABASE_URL",
    "app": "LANDKARTE_DATABASE_URL",
    "test": "LANDKARTE_TEST_DATABASE_URL",
}


def url(cluster: Cluster, which: Which) -> str:
    """Return the SQLAlchemy URL of one role: the app's, the owner's, or the owner's of the test database."""
    role, database = {"owner": (OWNER, DATABASE), "app": (APP, DATABASE), "test": (OWNER, TEST_DATABASE)}[
        which
    ]
    return f"postgresql+psycopg://{role}@/{database}?host={quote(str(cluster.socket))}"


def environment(cluster: Cluster) -> dict[str, str]:
    """Return our environment with the cluster's addresses, without PG* variables that would bend them."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return ours | {VARIABLES[which]: url(cluster, which) for which in VARIABLES}


def given_environment(root: Path) -> dict[str, str] | None:
    """Return the environment with the given addresses if LANDKARTE_DATABASE_URL is set, there or in .env."""
    settings = _dotenv(root / ".env") | {name: value for name, value in os.environ.items() if value}
    app = settings.get(VARIABLES["app"])
    if not app:
        return None
    given = {name: settings[name] for name in VARIABLES.values() if name in settings}
    return dict(os.environ) | {VARIABLES["owner"]: app} | given


def _dotenv(file: Path) -> dict[str, str]:
    """Read NAME=value lines; quotes around a value fall away."""
    if not file.exists():
        return {}
    pairs = [line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines() if "=" in line]
    values = {name.strip(): value.strip().strip("'\"") for name, value in pairs}
    return {name: value for name, value in values.items() if value}
