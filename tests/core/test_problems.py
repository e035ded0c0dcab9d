"""Errors as RFC 9457 problem+json."""

import json
import logging
import re

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from api.core import errors, problems


def asked(error: Exception) -> TestClient:
    """A client of an app whose only address fails with this error."""
    app = FastAPI()
    problems.install(app)

    @app.get("/")
    def fail() -> None:
        raise error

    return TestClient(app, raise_server_exceptions=False)


def test_every_error_has_an_address_of_its_own() -> None:
    slugs = [kind.slug for kind in errors.every_error()]
    assert len(slugs) == len(set(slugs)) >= 6
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)


def test_every_error_says_its_status_and_a_title() -> None:
    for kind in errors.every_error():
        assert 400 <= kind.status < 600
        assert kind.title


@pytest.mark.parametrize("kind", errors.every_error(), ids=lambda kind: kind.slug)
def test_an_error_names_its_page_status_and_fields(kind: type[errors.DomainError]) -> None:
    answer = asked(kind("Etwas fehlt.", [errors.FieldError("age", "too old")])).get("/")
    assert answer.status_code == kind.status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": f"/problems/{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": "Etwas fehlt.",
        "errors": [{"field": "age", "detail": "too old"}],
    }


def test_an_unexpected_error_tells_nothing_but_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = asked(RuntimeError("Fluchtweg 3")).get("/")
    assert answer.status_code == 500
    assert "Fluchtweg" not in answer.text
    assert "Fluchtweg" in caplog.text


def test_a_database_out_of_reach_asks_to_try_again_and_logs_no_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = OperationalError("SELECT 'Fluchtweg 3'", {}, Exception("Fluchtweg 3"))
    with caplog.at_level(logging.DEBUG):
        answer = asked(error).get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert json.loads(answer.text)["type"] == "/problems/unavailable"
    assert "Fluchtweg" not in answer.text + caplog.text


def test_other_http_errors_keep_their_status_and_headers() -> None:
    answer = asked(HTTPException(418, "Teekanne", {"X-Tea": "yes"})).get("/")
    assert (answer.status_code, answer.headers["x-tea"], answer.json()["status"]) == (418, "yes", 418)
