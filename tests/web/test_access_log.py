"""The access log tells operators what they need and nobody who asked for what."""

import logging
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.core.settings import settings
from web.access_log import log
from web.main import create_app


class Lines(logging.Handler):
    """Keeps the lines that are logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


@pytest.fixture
def lines() -> Iterator[Lines]:
    kept = Lines()
    log.addHandler(kept)
    yield kept
    log.removeHandler(kept)


@pytest.fixture
def visitor(demo: Engine) -> Iterator[TestClient]:
    chosen = settings().model_copy(update={"access_log": True})
    with TestClient(create_app(demo, chosen), base_url="http://localhost", client=("192.0.2.7", 1)) as client:
        yield client


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("/", "/"),
        ("/angebote?thema=geld&q=meine+schulden", "/angebote"),
        ("/angebot/frauenhaus-in-der-not", "/angebot/…"),
        ("/en/stadtteil/fennpfuhl/karte.html", "/en/stadtteil/…/karte.html"),
        ("/api/v1/offers/17", "/api/v1/offers/…"),
        ("/api/v1/offers?region=unna", "/api/v1/offers"),
        ("/static/css/base.css", "/static/…/…"),
        ("/petra.mustermann@example.org/030123", "/…/…"),
    ],
)
def test_says_what_kind_of_page_was_asked_for(
    visitor: TestClient, lines: Lines, asked: str, kind: str
) -> None:
    status = visitor.get(asked).status_code
    [line] = lines.lines
    assert re.fullmatch(rf"GET {re.escape(kind)} {status} \d+ B \d+ ms", line)
    assert "192.0.2.7" not in line


def test_the_remembered_and_the_refused_are_logged_too(visitor: TestClient, lines: Lines) -> None:
    tag = visitor.get("/").headers["etag"]
    visitor.get("/", headers={"if-none-match": tag})
    visitor.get("/", headers={"x": "y" * 20_000})
    visitor.request("GEHEIM030123456", "/")
    assert [line.split(" ")[:3] for line in lines.lines[1:]] == [
        ["GET", "/", "304"],
        ["GET", "/", "431"],
        ["…", "/", "405"],
    ]


def test_is_silent_unless_asked_for(demo: Engine, lines: Lines) -> None:
    with TestClient(create_app(demo), base_url="http://localhost") as client:
        client.get("/")
    assert lines.lines == []
