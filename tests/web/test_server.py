"""The server as operators start it: a program of its own, ended by a signal."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def serving(engine: Engine, *options: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server as a process, and its address."""
    port = free_port()
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "web.server", "--port", str(port), *options]
    environment = os.environ | {"LANDKARTE_DATABASE_URL": url} | settings
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _await(address)
            yield process, address
        finally:
            process.terminate()


def _await(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail("the server does not get ready")


def read(request: str | urllib.request.Request) -> str:
    """What a page says, which has to be there."""
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200
        assert "server" not in answer.headers
        return str(answer.read().decode())


def shows_itself_as(address: str) -> str:
    """The scheme by which a page believes that it was called, when somebody in between says https."""
    asked = urllib.request.Request(
        f"{address}/stadtteil/fennpfuhl/karte.html", headers={"X-Forwarded-Proto": "https"}
    )
    found = re.search(r"(https?)://127\.0\.0\.1", read(asked))
    assert found
    return found[1]


def test_one_process_writes_the_access_log_and_finishes_an_answer_before_it_leaves(demo: Engine) -> None:
    with (
        serving(demo, LANDKARTE_ACCESS_LOG="true") as (process, address),
        socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=30) as slow,
    ):
        read(f"{address}/angebote?thema=geld")
        assert shows_itself_as(address) == "http", "nobody was named who may say otherwise"
        slow.sendall(b"GET /api/v1/spaces HTTP/1.1\r\nHost: x\r\n\r\n")
        assert slow.recv(12) == b"HTTP/1.1 200"
        process.send_signal(signal.SIGTERM)
        got = b""
        while piece := slow.recv(65536):
            got += piece
        said, _ = process.communicate(timeout=30)
    length = re.search(rb"content-length: (\d+)", got)
    assert length
    assert len(got.partition(b"\r\n\r\n")[2]) == int(length[1])
    assert process.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in said
    assert re.search(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ GET /angebote 200 \d+ B \d+ ms$", said, re.MULTILINE)
    assert "geld" not in said
    assert "127.0.0.1" not in said


def test_several_processes_believe_the_named_proxy_and_leave_at_a_signal(demo: Engine) -> None:
    with serving(demo, "--workers", "2", "--proxies", "127.0.0.1") as (process, address):
        for _ in range(4):
            read(f"{address}/angebote")
        assert shows_itself_as(address) == "https"
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in said
