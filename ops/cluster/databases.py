"""What stands inside the cluster before the migrations: two roles, two databases, their extensions."""

from typing import Final, LiteralString

import psycopg
from psycopg import sql

from ops.cluster.place import Cluster

SUPERUSER: Final = "postgres"
OWNER: Final = "landkarte_owner"
APP: Final = "landkarte_app"
DATABASE: Final = "landkarte"
TEST_DATABASE: Final = "landkarte_test"
EXTENSIONS: Final[tuple[LiteralString, ...]] = ("postgis", "pg_trgm")
# The owner may create databases, so that checks and tests can work in throw-away ones; it is no superuser,
# therefore the extensions stand ready in template1.
ROLES: Final[dict[str, LiteralString]] = {
    OWNER: "LOGIN CREATEDB NOCREATEROLE NOSUPERUSER",
    APP: "LOGIN NOCREATEDB NOCREATEROLE NOSUPERUSER",
}


def ensure_databases(cluster: Cluster) -> None:
    """Create what is missing; each step stands alone, so the next call makes up for an interrupted one."""
    with connect(cluster, "postgres") as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        for role in ROLES.keys() - roles:
            connection.execute(
                sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), sql.SQL(ROLES[role]))
            )
        # A program that was given only the owner's address can still step down to the app's rights.
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
        if missing := {DATABASE, TEST_DATABASE} - databases:
            _ensure_extensions(cluster, "template1")
        for name in sorted(missing):
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
            )
    for name in (DATABASE, TEST_DATABASE):
        _ensure_extensions(cluster, name)


def connect(cluster: Cluster, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """Connect as the cluster's superuser, each statement for itself."""
    return psycopg.connect(
        host=str(cluster.socket),
        port=5432,  # only a part of the socket's name
        user=SUPERUSER,
        dbname=database,
        autocommit=True,
        connect_timeout=10,
    )


def _ensure_extensions(cluster: Cluster, database: str) -> None:
    """Add the extensions; in `public` only the owner may create (since PostgreSQL 15 that is the default)."""
    with connect(cluster, database) as connection:
        present = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
        for name in EXTENSIONS:
            if name not in present:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
