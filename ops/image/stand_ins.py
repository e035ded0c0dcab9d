"""What stands for the foreign images of compose.yaml: this machine's PostgreSQL, nginx in a clean Debian."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ops.cluster.place import programs
from ops.image import base
from ops.image.chroot import WITH_US, World
from ops.image.mirrors import Mirrors

USUAL: Final = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
READY_SECONDS: Final = 60.0


class StandInError(Exception):
    """Something that stands for a foreign image does not work; says what it printed."""


class Database:
    """PostgreSQL with the arguments and variables that compose.yaml gives to `db`."""

    def __init__(self, folder: Path, network: int, service: Mapping[str, Any]) -> None:
        self.folder, self._network = folder, network
        self._environment = service["environment"]
        self._arguments = service["command"][1:]
        self._health = service["healthcheck"]["test"][1:]
        self._owner = pwd.getpwnam("postgres")
        self.socket = folder / "socket"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Create it, serve until the end of the context, and leave nothing behind."""
        self.folder.mkdir(mode=0o755)
        self.socket.mkdir()
        for folder in (self.folder, self.socket):
            os.chown(folder, self._owner.pw_uid, self._owner.pw_gid)
        self._create()
        binaries = programs(self._data)
        arguments = ["-D", self._data, "-k", self.socket, "-c", "listen_addresses=*", *self._arguments]
        inside = ["nsenter", f"--net=/proc/{self._network}/ns/net", *self._become()]
        log = self.folder / "log"
        with log.open("w") as output:
            server = subprocess.Popen(
                [*inside, binaries / "postgres", *arguments],
                cwd=self.folder,
                env={"PATH": os.defpath},
                stdout=output,
                stderr=output,
            )
        try:
            self._await(server, log)
            yield
        finally:
            server.terminate()  # smart shutdown waits; the clients are gone by now
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            shutil.rmtree(self.folder)

    def client(
        self, *command: str | Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a client of this machine as the user of the database, in its network, on its socket."""
        variables = {"PATH": os.defpath, "PGHOST": str(self.socket), "PGUSER": "postgres"}
        enter = ["nsenter", f"--net=/proc/{self._network}/ns/net", *self._become()]
        return subprocess.run(
            [*enter, *command],
            check=False,
            cwd=self.folder,
            env=variables | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _become(self) -> list[str]:
        return [*WITH_US, f"--reuid={self._owner.pw_uid}", f"--regid={self._owner.pw_gid}", "--clear-groups"]

    def _create(self) -> None:
        """Do what the image does at its first start; passwords count from everywhere but the socket."""
        secret = self.folder / "secret"
        secret.write_text(self._environment["POSTGRES_PASSWORD"])
        os.chown(secret, self._owner.pw_uid, self._owner.pw_gid)
        arguments = self._environment["POSTGRES_INITDB_ARGS"].split()
        auth = ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"]
        initdb = programs(self._data) / "initdb"
        done = self.client(initdb, "--pgdata", self._data, "--username=postgres", *arguments, *auth)
        if done.returncode:
            raise StandInError(f"initdb: {done.stdout.decode()}")

    def _await(self, server: "subprocess.Popen[bytes]", log: Path) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while self.client(*self._health).returncode:
            if server.poll() is not None or time.monotonic() > deadline:
                raise StandInError(f"PostgreSQL startet nicht:\n{log.read_text()}")
            time.sleep(0.2)


def nginx(work: Path, store: Path, image: str) -> Path:
    """Return a folder with a clean Debian in which its nginx is installed."""
    root = work / "nginx"
    base.unpack(image, store, root)
    mirrors = Mirrors(work / "nginx-mirrors")
    world = World(root, USUAL | mirrors.environment, binds=mirrors.binds)
    install = "apt-get -q install --yes --no-install-recommends nginx-light"
    done = world.run("sh", "-c", f"apt-get -q update && {install}", check=False)
    if done.returncode:
        raise StandInError(f"nginx: {done.stdout[-1000:]}")
    return root


def certificate(folder: Path, *names: str) -> Path:
    """Make a key and a certificate for the names, signed by itself; returns the certificate."""
    folder.mkdir()
    key, made = folder / "privkey.pem", folder / "fullchain.pem"
    subject = ["-subj", "/CN=proof", "-addext", f"subjectAltName={','.join(f'DNS:{name}' for name in names)}"]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command = ["openssl", "req", *kind, *subject, "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    key.chmod(0o644)  # the proxy's user is not its owner
    return made
