"""Load on one target with wrk, and a single request beforehand that looks at the answer."""

import json
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).with_name("load.lua")
CONNECTIONS: Final = 8
TIMEOUT_SECONDS: Final = 30


class LoadError(Exception):
    """A target answered something else than it should; its text is German."""


class NothingFinishedError(LoadError):
    """Not one request came to its end in the time."""


@dataclass(frozen=True)
class Sample:
    """What one run of wrk counted; times in milliseconds."""

    per_second: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Answer:
    """One answer as it came over the line."""

    status: int
    encoding: str
    tag: str
    body: bytes


def fire(address: str, paths: Sequence[str], headers: Mapping[str, str], seconds: int) -> Sample:
    """Ask for the paths in turn over several connections; raise LoadError if any request failed.

    Where not one request comes to its end, it is tried again for longer.
    """
    try:
        return _fire(address, paths, headers, seconds)
    except NothingFinishedError:
        return _fire(address, paths, headers, TIMEOUT_SECONDS)


def _fire(address: str, paths: Sequence[str], headers: Mapping[str, str], seconds: int) -> Sample:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        said = [f"{name}: {value}" for name, value in headers.items()]
        file.write("\n".join([*said, "", *paths, ""]))
        file.flush()
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", f"--timeout={TIMEOUT_SECONDS}s"]
        command = ["wrk", *options, "-s", str(SCRIPT), address, "--", file.name]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise LoadError(f"wrk: {done.stderr.strip() or done.stdout.strip()}")
    return read(done.stdout)


def read(output: str) -> Sample:
    """Return what wrk printed at its end; raise LoadError for requests that were refused or broke."""
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise LoadError(f"wrk hat nichts gemeldet:\n{output}")
    said = json.loads(lines[-1])
    if said["refused"] or said["broken"]:
        raise LoadError(f"{said['refused']} Anfragen abgelehnt, {said['broken']} abgebrochen.")
    if not said["requests"]:
        raise NothingFinishedError("Keine einzige Anfrage wurde fertig.")
    return Sample(said["requests"] / said["microseconds"] * 1e6, said["p50"] / 1000, said["p95"] / 1000)


def ask(address: str, path: str, headers: Mapping[str, str]) -> Answer:
    """Ask once and return the answer as it came, compressed or not."""
    asked = urllib.request.Request(  # noqa: S310 - our own server
        address + numbered(path), headers={name: numbered(value) for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as found:  # noqa: S310
            return Answer(found.status, found.headers["Content-Encoding"] or "", _tag(found), found.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, "", _tag(error), error.read())


def numbered(text: str) -> str:
    """Return a text with a number in place of {n}, as load.lua does it."""
    return text.replace("{n}", "1023")


def _tag(found: object) -> str:
    headers = getattr(found, "headers", {})
    return str(headers["ETag"] or "")
