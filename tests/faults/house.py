"""A house of our own to break things in: a copy of the checkout with little data, with a cluster and a port.

Everything in it is started as a person starts it, in processes of their own.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from ops.cluster import Cluster, locate, url
from ops.cluster.processes import own, postmaster

ROOT: Final = Path(__file__).parents[2]
PROGRAM: Final = ("api", "web", "importers", "ops", "alembic", "tests/faults")
PYTHON: Final = (sys.executable, "-m")
# A person would have given up by then; what is quick on a quiet machine may take long on a busy one.
PATIENCE_SECONDS: Final = 120.0


def wait_until(happens: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as something happens, or fail after some seconds and say what did not."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {what}"
        time.sleep(0.02)


@dataclass(frozen=True)
class Answer:
    """What a server answered: status 0 means that nobody did."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = field(default="", repr=False)
    seconds: float = 0.0

    @property
    def kind(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


def ask(port: int, path: str, *, seconds: float = 60.0, **headers: str) -> Answer:
    """GET a path; underscores in the names of headers stand for hyphens."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path, headers={n.replace("_", "-"): said for n, said in headers.items()})
        found = connection.getresponse()
        body = found.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, {"content-type": repr(error)}, seconds=time.monotonic() - began)
    finally:
        connection.close()
    told = {name.lower(): value for name, value in found.getheaders()}
    return Answer(found.status, told, body, time.monotonic() - began)


class Started:
    """A program that runs in a process group of its own and writes what it says to a file."""

    def __init__(self, command: tuple[str, ...], folder: Path, env: Mapping[str, str], log: Path) -> None:
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.log = log

    def said(self) -> str:
        """Return what it has said so far."""
        return self.log.read_text(errors="replace")

    def is_running(self) -> bool:
        """Return whether it still runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End it and all that it has started, at once and without a chance to tidy up."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self, number: int = signal.SIGINT) -> int:
        """Ask it to end as Ctrl-C does, wait, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end and return its exit code."""
        return self.process.wait(timeout=PATIENCE_SECONDS)


class House:
    """A copy of the checkout in a folder, with what runs in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.started: list[Started] = []
        self.logs = Path(tempfile.mkdtemp(prefix="landkarte-logs-"))  # not on a disk that we fill

    @property
    def cluster(self) -> Cluster:
        """The cluster of this copy."""
        return locate(self.folder / "var")

    def begin(self, *command: str, **variables: str) -> Started:
        """Start a program in the copy, without the addresses of any other database."""
        begun = Started(
            command, self.folder, outside() | variables, self.logs / f"{len(self.started):04}.log"
        )
        self.started.append(begun)
        return begun

    def type(self, *command: str, **variables: str) -> tuple[int, str]:
        """Run a program to its end; return its exit code and what it said."""
        begun = self.begin(*command, **variables)
        return begun.wait(), begun.said()

    def type_with_database(self, *command: str) -> tuple[int, str]:
        """Run a program as `make` does where a database is needed."""
        return self.type(*PYTHON, "ops.cluster", "exec", *command)

    def make_run(self, **variables: str) -> Started:
        """Start what `make run` starts and return at once."""
        return self.begin(*PYTHON, "ops.run", **{"PORT": str(self.port), **variables})

    def serve(self) -> Started:
        """Start what `make run` starts and wait until the pages can be had."""
        service = self.make_run()
        self.await_ready(service)
        return service

    def await_ready(self, service: Started, port: int | None = None) -> None:
        """Wait until the service says that it is ready, or fail with what it said instead."""

        def is_ready() -> bool:
            assert service.is_running(), service.said()
            return ask(port or self.port, "/readyz", seconds=10).status == 200

        wait_until(is_ready, "the service is ready")

    def engine(self) -> Engine:
        """Return an engine of the tables' owner, which keeps no connection."""
        return create_engine(url(self.cluster, "owner"), poolclass=NullPool)

    def kill_postmaster(self) -> None:
        """Kill the database's first process; the others notice by themselves."""
        first = postmaster(self.cluster)
        if first is not None:
            _kill(first)

    def kill_database(self) -> None:
        """Kill all processes of the database."""
        self.kill_postmaster()  # before it can start anew what dies
        for pid in own(self.cluster):
            _kill(pid)

    def close(self) -> None:
        """End all that runs in the house."""
        for begun in self.started:
            begun.kill()
        self.kill_database()
        wait_until(lambda: not own(self.cluster), "all processes of the database are gone")
        shutil.rmtree(self.logs)


@contextmanager
def built_house() -> Iterator[House]:
    """Yield a copy of the checkout in which nothing has been set up yet; it goes with all that runs in it."""
    folder = Path(tempfile.mkdtemp(prefix="landkarte-house-"))
    folder.chmod(0o755)  # the database's own user has to pass through
    for part in PROGRAM:
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy2(ROOT / "pyproject.toml", folder)
    for part in ("taxonomy", "unna", "words"):
        shutil.copytree(ROOT / "data" / part, folder / "data" / part)
    region = folder / "data" / "unna" / "region.toml"
    region.write_text(region.read_text().replace("default = false", "default = true"))
    house = House(folder)
    try:
        yield house
    finally:
        house.close()
        shutil.rmtree(folder)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def outside() -> dict[str, str]:
    """Return our environment without anything that names a database."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("LANDKARTE_", "PG"))}


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    wait_until(lambda: not Path(f"/proc/{pid}/cwd").exists(), f"process {pid} is gone")
