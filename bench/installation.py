"""Databases with made-up regions: made once by the owner, kept between runs, migrated before each."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from api.core.build import ROOT
from bench import filling, region
from bench.filling import Say
from bench.region import REGIONS_IN_A_ROW
from bench.vocabulary import FOLDER
from ops.cluster.urls import VARIABLES

GENERATOR: Final = (
    "words",
    "cells",
    "vocabulary",
    "entries",
    "rows",
    "divisions",
    "region",
    "filling",
    "copies",
)

WRITTEN: Final = REGIONS_IN_A_ROW  # the others are copies of these
INDEX: Final = ROOT / "var" / "bench" / "index"  # search indexes, for each database in a folder of its own


@dataclass(frozen=True)
class Installation:
    """A database with some written regions and rounds of copies of all of them.

    owner: an address of the cluster as SQLAlchemy takes it.
    """

    name: str
    written: tuple[region.Plan, ...]
    rounds: int
    owner: URL

    @property
    def address(self) -> URL:
        """Return the owner's address of this database."""
        return self.owner.set(database=self.name)

    @property
    def url(self) -> str:
        """Return the owner's address of this database; the app steps down to its own role by itself."""
        return self.address.render_as_string(hide_password=False)

    @property
    def plain_url(self) -> str:
        """Return the same address as libpq takes it."""
        return _plain(self.address)

    @property
    def stamp(self) -> str:
        """Return what the database must say of itself to be used again: generator, vocabulary and regions."""
        digest = hashlib.sha256(repr((self.written, self.rounds)).encode())
        for path in _ingredients():
            digest.update(path.read_bytes())
        return f"bench {digest.hexdigest()[:20]}"

    def environment(self) -> dict[str, str]:
        """Return our environment with the addresses of this database, and where its search indexes lie."""
        return dict(os.environ) | {
            VARIABLES["app"]: self.url,
            VARIABLES["owner"]: self.url,
            "LANDKARTE_INDEX_DIR": str(INDEX),
        }

    def ensure(self, say: Say, *, afresh: bool = False) -> None:
        """Bring the database to the newest migration, and make and fill it first unless it is there."""
        if self._is_there() and not afresh:
            self._migrate()
            return
        self.empty()
        filling.fill(self.plain_url, self.written, self.rounds, say)
        self._execute(
            self.owner,
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(self.name), sql.Literal(self.stamp)
            ),
        )

    def empty(self) -> None:
        """Make the database anew, with the newest tables and nothing in them."""
        self._recreate()
        self._migrate()

    def _is_there(self) -> bool:
        asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        with psycopg.connect(_plain(self.owner)) as connection:
            row = connection.execute(asked, [self.name]).fetchone()
        return row is not None and row[0] == self.stamp

    def _recreate(self) -> None:
        name = sql.Identifier(self.name)
        self._execute(self.owner, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        self._execute(self.owner, sql.SQL("CREATE DATABASE {}").format(name))

    def _migrate(self) -> None:
        command = [sys.executable, "-m", "alembic", "upgrade", "head"]
        subprocess.run(command, cwd=ROOT, check=True, env=self.environment(), stdout=subprocess.DEVNULL)

    def _execute(self, address: URL, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(_plain(address), autocommit=True) as connection:
            connection.execute(statement)


def one_region(name: str, number: int, offers: int) -> Installation:
    """Return the installation with the single region of this number."""
    return Installation(name, (region.Plan(number, offers),), 0, owner_address())


def many_regions(name: str, regions: int, offers: int) -> Installation:
    """Return the installation with many regions, numbered from 1; a multiple of WRITTEN, or fewer."""
    written = min(regions, WRITTEN)
    plans = tuple(region.Plan(number, offers) for number in range(1, written + 1))
    return Installation(name, plans, regions // written - 1, owner_address())


def owner_address() -> URL:
    """Return the owner's address on the cluster, as `python -m ops.cluster exec` hands it out."""
    return make_url(os.environ[VARIABLES["owner"]])


def _ingredients() -> list[Path]:
    """Return the files that decide what is written; tables follow the migrations by themselves."""
    generator = [Path(__file__).with_name(f"{name}.py") for name in GENERATOR]
    return [*generator, *sorted(FOLDER.glob("*.toml"))]


def _plain(address: URL) -> str:
    return address.set(drivername="postgresql").render_as_string(hide_password=False)
