"""The services of compose.yaml that use our image, run as it says."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ops.image import compose
from ops.image.build import Stage
from ops.image.chroot import World, end, first_process

HEALTHY_SECONDS: Final = 30.0
BUILDERS: Final = {"sh", "unshare", "nsenter", "mount", "chroot", "setpriv", "env", "mknod", "mkdir", "ln"}
FACTS: Final = ("Uid", "Gid", "Groups", "CapEff", "CapBnd", "NoNewPrivs", "NSpid")


class ServiceError(Exception):
    """A service does not do what it should; says what it printed."""


class Running:
    """A started service: its process 1 as seen from here, and what it has printed."""

    def __init__(self, started: "subprocess.Popen[str]", log: Path, stop_signal: str) -> None:
        self._started, self._log = started, log
        self._stop_signal = signal.Signals[stop_signal]
        self.pid = first_process(started)

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return self._log.read_text(encoding="utf-8")

    def facts(self) -> dict[str, str]:
        """Return what the kernel knows about its user and rights; see proc(5)."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        pairs = [line.split(":", 1) for line in lines]
        return {name: " ".join(value.split()) for name, value in pairs if name in FACTS}

    def megabytes(self) -> float:
        """Return the memory of the service with all its processes, shared pages counted once."""
        world = Path(f"/proc/{self.pid}/ns/pid").readlink()
        total = 0
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "ns/pid").readlink() == world:
                    lines = (process / "smaps_rollup").read_text().splitlines()
                    total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            except (OSError, ProcessLookupError):
                continue  # ended meanwhile
        return total / 1000

    def stop(self) -> None:
        """Send it the STOPSIGNAL of its image."""
        os.kill(self.pid, self._stop_signal)

    def wait(self, seconds: float) -> int:
        """Wait for its end and return its exit code; raise subprocess.TimeoutExpired if it takes longer."""
        return self._started.wait(timeout=seconds)


class Services:
    """The services by name; `values` are what stands in .env."""

    def __init__(
        self, file: Path, values: Mapping[str, str], image: Stage, network: int, folder: Path
    ) -> None:
        self.said: dict[str, Any] = compose.read(file, values)["services"]
        self._values, self._image, self._network, self._folder = values, image, network, folder
        self._hosts = folder / "hosts"
        self._hosts.write_text("127.0.0.1 localhost db app\n")

    def world(self, name: str) -> World:
        """Return the world of a service; raise ServiceError if compose.yaml does not close it."""
        service = self.said[name]
        if not (
            service.get("read_only") and service.get("cap_drop") == ["ALL"] and service.get("security_opt")
        ):
            raise ServiceError(f"{name} is not closed")
        own = compose.environment(service, self._values)
        return World(
            self._image.root,
            {"HOME": "/nonexistent"} | self._image.environment | own,
            service.get("user", self._image.user),
            self._image.folder,
            {"/etc/hosts": self._hosts},
            self._network,
            closed=True,
        )

    def run(self, name: str, *command: str) -> str:
        """Run a one-shot service to its end and return what it said; raise ServiceError if it fails."""
        done = self.world(name).run(*(command or self.said[name]["command"]), check=False)
        if done.returncode:
            raise ServiceError(f"{name} ended with {done.returncode}\n{done.stdout[-2000:]}")
        return done.stdout

    @contextmanager
    def running(self, name: str, *, plain: bool = False) -> Iterator[Running]:
        """Start a service, `plain` with the image's own CMD; it ends with the context, however that ends."""
        command = self._image.command if plain else self.said[name]["command"]
        log = self._folder / f"{name}.log"
        with log.open("w", encoding="utf-8") as output:
            started = self.world(name).start(*command, output=output)
        try:
            _await_child(started, log)
            yield Running(started, log, self._image.stop_signal)
        finally:
            end(started)

    def is_healthy(self, name: str) -> bool:
        """Ask the image's HEALTHCHECK, inside."""
        return self.world(name).run(*self._image.health, check=False).returncode == 0

    def await_health(self, name: str) -> None:
        """Ask it until it says yes; raise ServiceError after HEALTHY_SECONDS."""
        deadline = time.monotonic() + HEALTHY_SECONDS
        while not self.is_healthy(name):
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"{name} does not get healthy\n{(self._folder / f'{name}.log').read_text()}"
                )
            time.sleep(0.2)


def _await_child(started: "subprocess.Popen[str]", log: Path) -> None:
    """Wait until the world stands and its process 1 is the program, no longer what built the world."""
    for _try in range(500):
        if started.poll() is not None:
            raise ServiceError(f"ended with {started.returncode}\n{log.read_text()}")
        try:
            if Path(f"/proc/{first_process(started)}/comm").read_text().strip() not in BUILDERS:
                return
        except (IndexError, OSError):
            pass
        time.sleep(0.02)
    raise ServiceError("the world of the service is not ready")
