"""A large list goes in: how many rows a second, in how much memory, beside a bare COPY of the same rows."""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
from psycopg import sql

from api.core.build import ROOT
from bench import lists
from bench.filling import Say
from bench.installation import Installation
from bench.region import Plan

Found = dict[str, list[dict[str, float]]]
KINDS: Final = ("copy", "new", "again")
BLOCK: Final = 1024**2  # bytes


class ImportingError(Exception):
    """An import that was to be measured has not come to its end."""


def measure(installation: Installation, plan: Plan, rows: int, rounds: int, say: Say) -> Found:
    """Import a list into a fresh database, and once more, in every round."""
    found: Found = {kind: [] for kind in KINDS}
    with TemporaryDirectory() as folder:
        file, mapping = lists.write(Path(folder), plan, rows)
        for number in range(1, rounds + 1):
            installation.ensure(say, afresh=True)
            say(f"Runde {number} von {rounds}")
            found["copy"].append({"per_second": rows / _copy(installation, file)})
            for kind in KINDS[1:]:
                seconds, megabytes = _import(installation, file, mapping)
                found[kind].append({"per_second": rows / seconds, "megabytes": megabytes})
    return found


def _copy(installation: Installation, file: Path) -> float:
    """Return how long PostgreSQL takes to read the same file into a table of texts."""
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in lists.COLUMNS)
    with psycopg.connect(installation.plain_url) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TEMP TABLE list ({}) ON COMMIT DROP").format(columns))
        began = time.monotonic()
        with (
            file.open("rb") as opened,
            cursor.copy("COPY list FROM STDIN (FORMAT csv, HEADER, DELIMITER ';')") as into,
        ):
            while block := opened.read(BLOCK):
                into.write(block)
        return time.monotonic() - began


def _import(installation: Installation, file: Path, mapping: Path) -> tuple[float, float]:
    """Return the seconds from start to end of the command and the most memory it had, in megabytes."""
    command = [sys.executable, "-m", "importers", str(file), "--mapping", str(mapping)]
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=installation.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ImportingError(f"Das Einlesen endete mit {process.returncode}.")
    return time.monotonic() - began, usage.ru_maxrss / 1024
