"""Servers that are measured, each on a free port of this machine, mostly a single process."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.core.build import ROOT
from bench import pygeoapi, tipg
from bench.installation import Installation

HOST: Final = "127.0.0.1"
READY_SECONDS: Final = 60.0
LOGS: Final = ROOT / "var" / "bench"
MEMORY: Final = "LANDKARTE_MEMORY_MEGABYTES"
PLAIN: Final = ("--host", HOST, "--no-access-log", "--log-level", "warning")


class ServerError(Exception):
    """A server did not start; its text is German and for the person who measures."""


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    name: str
    address: str
    pid: int


@contextmanager
def ours(name: str, installation: Installation, *, remembers: bool, workers: int = 1) -> Iterator[Server]:
    """Run our service on an installation, with its usual memory or with none, in so many processes."""
    environment = installation.environment()
    if not remembers:
        environment[MEMORY] = "0"
    port = _free_port()
    command = [sys.executable, "-m", "bench.serve", "bench.app:create_app", str(port), str(workers)]
    with _running(name, command, environment, port, "/readyz") as server:
        yield server


@contextmanager
def fastapi_alone(installation: Installation) -> Iterator[Server]:
    """Run FastAPI with nothing but a greeting and a `SELECT 1`."""
    port = _free_port()
    loop = ("--http", "httptools", "--loop", "uvloop")
    command = [sys.executable, "-m", "uvicorn", "bench.alone:app", *PLAIN, *loop, "--port", str(port)]
    with _running("fastapi", command, installation.environment(), port, "/hello") as server:
        yield server


@contextmanager
def tipg_beside(installation: Installation) -> Iterator[Server]:
    """Run tipg on a table with the same points."""
    tipg.make_table(installation)
    port = _free_port()
    command = [str(tipg.PYTHON), "-m", "uvicorn", "tipg.main:app", *PLAIN, "--port", str(port)]
    environment = dict(os.environ) | tipg.environment(installation)
    with _running("tipg", command, environment, port, tipg.page(1)) as server:
        yield server


@contextmanager
def pygeoapi_beside(installation: Installation) -> Iterator[Server]:
    """Run pygeoapi on the tables with the same features."""
    port = _free_port()
    command = [str(tipg.PYTHON), "-m", "uvicorn", "pygeoapi.starlette_app:APP", *PLAIN, "--port", str(port)]
    environment = pygeoapi.environment(installation, f"http://{HOST}:{port}", LOGS)
    with _running("pygeoapi", command, environment, port, pygeoapi.READY) as server:
        yield server


@contextmanager
def _running(
    name: str, command: Sequence[str], environment: Mapping[str, str], port: int, ready: str
) -> Iterator[Server]:
    """Run a server until the block ends; raise ServerError with its last words if it does not answer."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    address = f"http://{HOST}:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            if not _answers(f"{address}{ready}", process):
                raise ServerError(f"„{name}“ startet nicht:\n{_last_words(log)}")
            yield Server(name, address, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):  # noqa: S310 - our own server
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    return False


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])
