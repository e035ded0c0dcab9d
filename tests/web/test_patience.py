"""Slow clients: a real server on a real socket, with short deadlines."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from web import patience
from web.server import SERVER

LARGE = b"x" * 30_000_000


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with little, or with a lot at /large."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    body = LARGE if scope["path"] == "/large" else b"ok"
    length = str(len(body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(patience, "REQUEST_SECONDS", 0.5)
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)
    settings = {**SERVER, "timeout_keep_alive": 1, "lifespan": "off"}
    running = uvicorn.Server(uvicorn.Config(app, port=0, **settings))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield running.servers[0].sockets[0].getsockname()[1]
    running.should_exit = True
    thread.join()


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as opened:
        yield opened


def rest(opened: socket.socket) -> bytes:
    """Everything until the server closes; a reset counts as closing."""
    got = b""
    try:
        while piece := opened.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this",
        b"\r\n",
    ],
)
def test_who_does_not_finish_the_request_is_let_go(port: int, said: bytes) -> None:
    with connected(port) as opened:
        opened.sendall(said)
        assert rest(opened) == b""


def test_drop_by_drop_does_not_help(port: int) -> None:
    def drip(opened: socket.socket) -> None:
        opened.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(400):
            opened.sendall(b"x: y\r\n")
            time.sleep(0.05)

    with connected(port) as opened, pytest.raises((BrokenPipeError, ConnectionResetError)):
        drip(opened)


def test_an_empty_line_after_an_answer_does_not_keep_the_connection(port: int) -> None:
    with connected(port) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.1)
        opened.sendall(b"\r\n")
        assert rest(opened).endswith(b"ok")


@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"])
def test_who_does_not_take_the_answer_is_let_go(port: int, more: bytes) -> None:
    with connected(port) as opened:
        opened.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n" + more + b"\r\n")
        time.sleep(3)
        assert 0 < len(rest(opened)) < len(LARGE)


def test_many_requests_on_one_connection_are_served(port: int) -> None:
    with connected(port) as opened:
        for _ in range(3):
            opened.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert opened.recv(65536).startswith(b"HTTP/1.1 200")
            time.sleep(0.7)  # longer than a request may take, but between requests


@pytest.mark.parametrize("said", [b"HALLO\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n"])
def test_what_is_no_http_is_refused_as_a_problem(port: int, said: bytes) -> None:
    with connected(port) as opened:
        opened.sendall(said)
        answer = rest(opened)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"content-type: application/problem+json" in answer


def test_headers_without_end_are_refused(port: int) -> None:
    with connected(port) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * 200_000)
        # What we sent in vain may cost us the answer (a reset), but it is none of success.
        assert rest(opened)[:12] in (b"", b"HTTP/1.1 400")


def test_more_connections_than_bearable_are_not_taken(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "CONNECTIONS", 2)
    monkeypatch.setattr(patience, "REQUEST_SECONDS", 20)
    opened: list[Any] = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(2)]
    time.sleep(0.3)
    with connected(port) as third:
        assert rest(third) == b""
    for one in opened:
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert one.recv(65536).startswith(b"HTTP/1.1 200")
        one.close()
