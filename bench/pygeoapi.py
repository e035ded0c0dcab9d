"""pygeoapi (OGC API of the OSGeo foundation) beside us: its settings, where it finds them."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

from bench import tipg
from bench.installation import Installation

ITEMS: Final = "offer_feature"
TILES: Final = "offer_tile"
READY: Final = "/conformance"
_UNSAID: Final = "–"  # it asks for much that nobody reads here
_CONTACT: Final = (
    "name", "position", "address", "city", "stateorprovince", "postalcode", "country", "phone", "fax",
    "hours",
)  # fmt: skip


def environment(installation: Installation, address: str, folder: Path) -> dict[str, str]:
    """Write the settings and the description that pygeoapi wants beside them; return how it finds both.

    address: where it will answer; folder: where it may write.
    """
    settings, description = folder / "pygeoapi.json", folder / "pygeoapi-openapi.json"
    folder.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(_settings(installation, address)), encoding="utf-8")
    found = dict(os.environ) | {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(description)}
    program = tipg.PYTHON.with_name("pygeoapi")
    command: list[str | Path] = [program, "openapi", "generate", settings]
    command += ["--format", "json", "--output-file", description]
    subprocess.run(command, check=True, env=found, capture_output=True)
    return found


def version() -> str:
    """Return pygeoapi's version."""
    said = "from importlib.metadata import version; print(version('pygeoapi'))"
    done = subprocess.run([tipg.PYTHON, "-c", said], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _settings(installation: Installation, address: str) -> dict[str, Any]:
    host, _, port = address.removeprefix("http://").partition(":")
    link = {"url": address}
    return {
        "server": {
            "bind": {"host": host, "port": int(port)},
            "url": address,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "limits": {"default_items": 20, "max_items": 10_000},
            "map": {**link, "attribution": _UNSAID},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": _UNSAID,
                "description": _UNSAID,
                "keywords": [_UNSAID],
                "keywords_type": "theme",
                "terms_of_service": _UNSAID,
                **link,
            },
            "license": {"name": _UNSAID, **link},
            "provider": {"name": _UNSAID, **link},
            "contact": {**dict.fromkeys(_CONTACT, _UNSAID), "email": "post@example.org", **link},
        },
        "resources": {table: _collection(installation, table) for table in (ITEMS, TILES)},
    }


def _collection(installation: Installation, table: str) -> dict[str, Any]:
    url = installation.address
    source = {
        "data": {
            "host": str(url.query.get("host", url.host or "")),
            "port": url.port or 5432,
            "dbname": url.database,
            "user": url.username,
            "password": url.password or "none",
            "search_path": ["bench", "public"],
        },
        "id_field": "id",
        "table": table,
        "geom_field": "geom",
    }
    tiles = {
        "type": "tile",
        "name": "MVT-postgresql",
        **source,
        "layer": f"bench.{table}",
        "options": {"zoom": {"min": 0, "max": 22}},
        "format": {"name": "pbf", "mimetype": "application/vnd.mapbox-vector-tile"},
    }
    return {
        "type": "collection",
        "title": _UNSAID,
        "description": _UNSAID,
        "keywords": [_UNSAID],
        "links": [],
        "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}},
        "providers": [{"type": "feature", "name": "PostgreSQL", **source}, tiles],
    }
