"""Runs programs in a folder that holds a Debian, nearly as a container engine would.

Each gets namespaces of its own for mounts and processes: whatever is mounted goes with it, also after
kill -9, and it is process 1 of its world, where signals do nothing by default, as in a container.
"""

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

# What starts with these words ends when the proof does, also when that is killed.
WITH_US: Final = ("setpriv", "--pdeathsig=KILL")
SHARED: Final = "/dev/shm"  # noqa: S108 - inside
PASSING: Final = "/tmp"  # noqa: S108 - inside
DEVICES: Final = {
    "null": "1 3",
    "zero": "1 5",
    "full": "1 7",
    "random": "1 8",
    "urandom": "1 9",
    "tty": "5 0",
}


@dataclass(frozen=True)
class World:
    """What a program sees: a root, its variables, its user, what is mounted where, and its network.

    user: "uid:gid"; network: a process whose network it shares, else this machine's; closed: only /tmp can
    be written, no capability is left and none can be gained (read_only, cap_drop, no-new-privileges).
    """

    root: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = "0:0"
    folder: str = "/"
    binds: Mapping[str, Path] = field(default_factory=dict)
    network: int | None = None
    closed: bool = False

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program to its end and return what it said, both ways in stdout."""
        return subprocess.run(
            self._command(command),
            check=check,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self, *command: str, output: IO[str]) -> "subprocess.Popen[str]":
        """Start a program that goes on; its process 1 is first_process() of what is returned."""
        return subprocess.Popen(
            self._command(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _command(self, command: Sequence[str]) -> list[str]:
        enter = [] if self.network is None else ["nsenter", f"--net=/proc/{self.network}/ns/net"]
        # --kill-child: should we die, so does all that runs inside.
        unshare = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child=KILL"]
        return [*WITH_US, *enter, *unshare, "/bin/sh", "-euc", self._script(command)]

    def _script(self, command: Sequence[str]) -> str:
        """Return the shell program that builds the world around the command."""
        root = shlex.quote(str(self.root))
        lines = [f"mount --bind {root} {root}", f"mount -t proc -o nosuid,nodev,noexec proc {root}/proc"]
        lines += [f"mount -t tmpfs -o mode=755 tmpfs {root}/dev", f"mkdir -m 1777 {root}{SHARED}"]
        lines += [f"mknod -m 666 {root}/dev/{name} c {number}" for name, number in DEVICES.items()]
        lines += [f"ln -s /proc/self/fd {root}/dev/fd", f"ln -s fd/1 {root}/dev/stdout"]
        lines += [f"ln -s fd/2 {root}/dev/stderr"]
        lines += [
            f"mount --bind {shlex.quote(str(source))} {root}{shlex.quote(target)}"
            for target, source in self.binds.items()
        ]
        if self.closed:
            lines += [f"mount -t tmpfs -o size=64m,mode=1777,noexec,nosuid,nodev tmpfs {root}{PASSING}"]
            lines += [f"mount -o remount,bind,ro {root}"]
        return "\n".join([*lines, f"exec {shlex.join(self._inside(command))}"])

    def _inside(self, command: Sequence[str]) -> list[str]:
        uid, _, gid = self.user.partition(":")
        # A change of user takes back what unshare's --kill-child has asked for, so it is asked for again.
        become = [*WITH_US, f"--reuid={uid}", f"--regid={gid or uid}", "--clear-groups"]
        if self.closed:
            become += ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        enter = ["env", "-i", f"--chdir={self.folder}", *variables]
        return ["chroot", str(self.root), *become, *enter, *command]


def first_process(started: "subprocess.Popen[str]") -> int:
    """Return the number, seen from here, of the process that is 1 inside."""
    # nsenter and unshare replace themselves, so the child of the one is the 1 of the other.
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
    return int(children[0])


def end(started: "subprocess.Popen[str]") -> None:
    """End a world at once: with its process 1 go all others in it."""
    if started.poll() is None:
        with suppress(IndexError, OSError):  # it may be ending by itself
            os.kill(first_process(started), signal.SIGKILL)
        started.kill()
        started.wait(timeout=30)
