"""Asking /hsds as programs do."""

import json
from typing import Any

from starlette.testclient import TestClient

LISTS = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")


def document(reader: TestClient, path: str) -> dict[str, Any]:
    """A document that is there."""
    answer = reader.get(f"/hsds{path}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def contents(reader: TestClient, path: str) -> list[dict[str, Any]]:
    """What stands on a page."""
    found: list[dict[str, Any]] = document(reader, path)["contents"]
    return found


def lines(reader: TestClient, path: str) -> list[dict[str, Any]]:
    """What comes line by line."""
    answer = reader.get(f"/hsds{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson"), answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def names(reader: TestClient, path: str) -> list[str]:
    """The names of services on a page."""
    return [one["name"] for one in contents(reader, path)]


def code_id(reader: TestClient, code: str) -> str:
    """The identifier of one of our terms."""
    found = contents(reader, "/taxonomy_terms?per_page=500")
    return str(next(one["id"] for one in found if one["code"] == code))
