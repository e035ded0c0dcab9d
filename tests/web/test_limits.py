"""What is too large is refused before it is read, in the form that fits who asked."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from web.limits import ADDRESS_BYTES, BODY_BYTES, HEADER_BYTES
from web.main import create_app

TOO_LARGE = {
    "address": (414, {"params": {"x": "a" * ADDRESS_BYTES}}),
    "headers": (431, {"headers": {"x-long": "a" * HEADER_BYTES}}),
    "body": (413, {"content": b"a" * (BODY_BYTES + 1)}),
}


@pytest.mark.parametrize(("status", "asked"), TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_the_api_refuses_with_a_problem(visitor: TestClient, status: int, asked: dict[str, object]) -> None:
    answer = visitor.request("GET", "/api/v1/offers", **asked)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert answer.json()["type"] == "/problems/too-large"
    assert "bytes" in answer.json()["detail"]
    assert visitor.get(answer.json()["type"]).status_code == 200


@pytest.mark.parametrize(("status", "asked"), TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_a_page_refuses_with_a_sentence(visitor: TestClient, status: int, asked: dict[str, object]) -> None:
    answer = visitor.request("GET", "/angebote", **asked)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert "Das war zu viel auf einmal" in answer.text
    assert "content-security-policy" in answer.headers


def test_a_page_refuses_in_its_language(visitor: TestClient) -> None:
    answer = visitor.get("/en/angebote", params={"x": "a" * ADDRESS_BYTES})
    assert answer.status_code == 414
    assert "That was too much at once" in answer.text
    assert 'href="/en/angebote"' in answer.text


def test_a_request_for_two_hosts_is_refused(visitor: TestClient) -> None:
    headers = [("host", "evil.example:6666"), ("host", "localhost")]
    answer = visitor.get("/api/v1/offers", headers=headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "host" in answer.json()["detail"]
    assert visitor.get("/quellen", headers=headers).status_code == 400


def test_what_is_within_the_limits_passes(visitor: TestClient) -> None:
    headers = {"x-long": "a" * (HEADER_BYTES - 1000)}
    assert visitor.request("GET", "/", headers=headers, content=b"a" * BODY_BYTES).status_code == 200


def test_a_body_without_a_length_is_counted_while_it_is_read(demo: Engine) -> None:
    app = create_app(demo)

    @app.post("/formular")
    def take(said: dict[str, str]) -> str:
        return said["text"]

    def pieces() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(BODY_BYTES // 1000 + 1):
            yield b"a" * 1000
        yield b'"}'

    headers = {"content-type": "application/json"}
    with TestClient(app, base_url="http://localhost") as client:
        assert client.post("/formular", content=pieces(), headers=headers).status_code == 413
        assert client.post("/formular", content=b'{"text": "a"}', headers=headers).status_code == 200
