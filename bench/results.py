"""What was measured, kept in var/bench as JSON: a later run replaces its own part and leaves the others."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

import psycopg

from api.core import clock
from api.core.build import ROOT
from bench.installation import Installation
from bench.rounds import Samples

FOLDER: Final = ROOT / "var" / "bench"
PACKAGES: Final = ("fastapi", "uvicorn", "psycopg", "sqlalchemy")

Part = Literal[
    "speed",
    "ogc",
    "regions",
    "memory",
    "imports",
    "search",
    "search_regions",
    "search_http",
    "search_hours",
    "search_plans",
]
Result = Mapping[str, Any]


def save(part: Part, installation: Installation, found: Result, packages: Sequence[str] = PACKAGES) -> None:
    """Keep one part, with the machine it was measured on, versions of packages and the day."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    machine = _machine(installation, packages)
    document = {"machine": machine, "day": clock.today("Europe/Berlin").isoformat(), **found}
    (FOLDER / f"{part}.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def load(part: Part, folder: Path = FOLDER) -> Result | None:
    """Return one part as it was measured last, or None."""
    path = folder / f"{part}.json"
    if not path.exists():
        return None
    found: Result = json.loads(path.read_text(encoding="utf-8"))
    return found


def plain(samples: Samples) -> dict[str, list[dict[str, float]]]:
    """Return samples as JSON takes them."""
    return {key: [asdict(sample) for sample in found] for key, found in samples.items()}


def _machine(installation: Installation, packages: Sequence[str]) -> dict[str, Any]:
    """Return what decides on absolute figures."""
    with psycopg.connect(installation.plain_url) as connection:
        row = connection.execute("SELECT current_setting('server_version'), postgis_lib_version()").fetchone()
    assert row is not None
    return {
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": row[0].split()[0],
        "postgis": row[1],
        "packages": {name: version(name) for name in packages},
    }
