"""Where the index is not there in time, the database gives as much: no selection ends at its first page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.routing import Mount
from starlette.testclient import TestClient

from api.core import clock
from web.main import create_app

FIRST_PAGE = 20


@pytest.fixture(scope="module")
def plain(demo: Engine) -> Iterator[TestClient]:
    """Somebody whom the database answers alone."""
    app = create_app(demo)
    apps = [app, *(route.app for route in app.routes if isinstance(route, Mount))]
    states = [one.state for one in apps if isinstance(one, FastAPI) and hasattr(one.state, "shelves")]
    with TestClient(app, base_url="http://localhost") as client:
        kept = app.state.shelves
        for state in states:
            state.shelves = None
        yield client
        app.state.shelves = kept  # which closes it


def points(client: TestClient, query: str) -> set[str]:
    return {one["id"] for one in client.get(f"/umap.geojson{query}").json()["features"]}


@pytest.mark.parametrize(
    "query", ["", "?thema=familie", "?stadtteil=fennpfuhl", "?wann=woche", "?wann=abends"]
)
def test_the_layer_for_umap_has_every_point(visitor: TestClient, plain: TestClient, query: str) -> None:
    expected = points(visitor, query)
    assert len(expected) > FIRST_PAGE or query == "?wann=abends"
    assert points(plain, query) == expected
    assert "etag" in plain.get(f"/umap.geojson{query}").headers


@pytest.mark.parametrize("query", ["", "?thema=familie"])
def test_the_week_has_every_date(
    visitor: TestClient, plain: TestClient, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 10, 20, 10, tzinfo=UTC))
    expected, found = (
        re.findall(r'href="(/angebot/[^"#?]+)', client.get(f"/woche{query}").text)
        for client in (visitor, plain)
    )
    assert expected
    assert found == expected


def test_the_feed_of_a_selection_has_every_change(visitor: TestClient, plain: TestClient) -> None:
    expected, found = (
        re.findall(r"<id>([^<]+)</id>", client.get("/aenderungen.atom?thema=familie").text)
        for client in (visitor, plain)
    )
    assert len(expected) > FIRST_PAGE
    assert found == expected


@pytest.mark.parametrize(
    "address",
    [
        "/umap.geojson?q=kinder",
        "/woche?q=kinder",
        "/aenderungen.atom?q=kinder",
        "/hsds/services?search=kinder",
    ],
)
def test_words_answered_plainly_are_kept_by_nobody(
    visitor: TestClient, plain: TestClient, address: str
) -> None:
    assert "etag" in visitor.get(address).headers
    answer = plain.get(address)
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_words_find_more_than_a_page(plain: TestClient) -> None:
    assert plain.get("/hsds/services?search=kinder").json()["total_items"] > FIRST_PAGE
    lines = plain.get("/hsds/services?search=kinder&format=ndjson").text.splitlines()
    assert len(lines) > FIRST_PAGE
    assert len(points(plain, "?q=kinder")) > FIRST_PAGE
