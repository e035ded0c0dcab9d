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


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serves_with_several_processes_and_leaves_at_a_signal(demo: Engine, workers: str) -> None:
    with serving(demo, "--workers", workers) as (process, address):
        for _ in range(4):
            with urllib.request.urlopen(f"{address}/angebote", timeout=30) as answer:
                assert answer.status == 200
                assert "server" not in answer.headers
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in said


def test_an_answer_on_its_way_is_finished_before_the_server_leaves(demo: Engine) -> None:
    with (
        serving(demo) as (process, address),
        socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=30) as slow,
    ):
        slow.sendall(b"GET /api/v1/spaces HTTP/1.1\r\nHost: x\r\n\r\n")
        assert slow.recv(12) == b"HTTP/1.1 200"
        process.send_signal(signal.SIGTERM)
        got = b""
        while piece := slow.recv(65536):
            got += piece
        process.communicate(timeout=30)
    length = re.search(rb"content-length: (\d+)", got)
    assert length
    assert len(got.partition(b"\r\n\r\n")[2]) == int(length[1])


def test_only_named_proxies_are_believed(demo: Engine) -> None:
    request = "/stadtteil/fennpfuhl/karte.html"
    for options, scheme in (((), "http"), (("--proxies", "127.0.0.1"), "https")):
        with serving(demo, *options) as (_, address):
            asked = urllib.request.Request(address + request, headers={"X-Forwarded-Proto": "https"})
            with urllib.request.urlopen(asked, timeout=60) as answer:
                assert f"{scheme}://127.0.0.1" in answer.read().decode()


def test_the_access_log_goes_to_standard_output(demo: Engine) -> None:
    with serving(demo, LANDKARTE_ACCESS_LOG="true") as (process, address):
        urllib.request.urlopen(f"{address}/angebote?thema=geld", timeout=30).close()
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
    assert re.search(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ GET /angebote 200 \d+ B \d+ ms$", said, re.MULTILINE)
    assert "geld" not in said
    assert "127.0.0.1" not in said
