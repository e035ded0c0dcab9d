"""A network of its own for a proof: only loopback, so nothing can lead outside and every port is free.

Run as a program inside it, it answers for the engine's name server: every name is this machine.
"""

import ctypes
import fcntl
import http.client
import os
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ops.image.chroot import WITH_US

HERE: Final = "127.0.0.1"
SECONDS: Final = 30.0
NAME_SERVER: Final = ("127.0.0.11", 53)  # where Docker's engine has it
NEW_NETWORK: Final = 0x40000000  # CLONE_NEWNET
SET_FLAGS: Final = 0x8914  # SIOCSIFFLAGS
UP_AND_RUNNING: Final = 0x41
HEADER_BYTES: Final = 12
QUERY_FOR_ADDRESS: Final = b"\x00\x01\x00\x01"
LIBC: Final = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Answer:
    """What a server answered; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@contextmanager
def network() -> Iterator[int]:
    """Make a network that lasts as long as the context; yields a process that is in it."""
    unshare = ["unshare", "--net", "--kill-child=KILL", "--fork"]
    command = [*WITH_US, *unshare, sys.executable, "-m", "ops.image.network"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        if (said := holder.stdout.readline().strip()) != "up":
            raise OSError(f"no network of our own: {said}")
        try:
            yield int(Path(f"/proc/{holder.pid}/task/{holder.pid}/children").read_text().split()[0])
        finally:
            holder.kill()


def ask(inside: int, path: str, **how: Any) -> Answer:  # noqa: ANN401 - as in ask_often
    """GET a path once from a server in that network; for the rest see ask_often."""
    return ask_often(inside, path, 1, **how)[0]


def ask_often(
    inside: int,
    path: str,
    times: int,
    *,
    port: int = 8000,
    host: str = "localhost",
    authority: Path | None = None,
) -> list[Answer]:
    """GET a path again and again through one connection; with TLS if a certificate `authority` is given."""
    connection = http.client.HTTPConnection(host, port)
    connection.sock = connected(inside, port)
    if authority is not None:
        context = ssl.create_default_context(cafile=str(authority))
        connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
    try:
        return [_exchange(connection, path, host) for _time in range(times)]
    finally:
        connection.close()


def _exchange(connection: http.client.HTTPConnection, path: str, host: str) -> Answer:
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, headers, answer.read())


def connected(inside: int, port: int) -> socket.socket:
    """Return a connection to a port in that network; a socket stays in the network where it was made."""
    with ThreadPoolExecutor(1) as apart:  # only this thread goes there, and it ends with its task
        return apart.submit(_connect, inside, port).result()


def _connect(inside: int, port: int) -> socket.socket:
    with Path(f"/proc/{inside}/ns/net").open() as place:
        if LIBC.setns(place.fileno(), NEW_NETWORK):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return socket.create_connection((HERE, port), timeout=SECONDS)


def _serve_names() -> None:
    """Switch loopback on and answer every question for an address with this machine's, until killed."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        fcntl.ioctl(server, SET_FLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))
        server.bind(NAME_SERVER)
        print("up", flush=True)
        while True:
            question, asker = server.recvfrom(512)
            server.sendto(named(question), asker)


def named(question: bytes) -> bytes:
    """Return the DNS answer (RFC 1035) to a question."""
    end = question.index(0, HEADER_BYTES) + 1 + len(QUERY_FOR_ADDRESS)
    known = question[end - len(QUERY_FOR_ADDRESS) : end] == QUERY_FOR_ADDRESS
    header = question[:2] + struct.pack(">HHHHH", 0x8180, 1, int(known), 0, 0)
    record = b"\xc0\x0c" + QUERY_FOR_ADDRESS + struct.pack(">IH", 10, 4) + socket.inet_aton(HERE)
    return header + question[HEADER_BYTES:end] + (record if known else b"")


if __name__ == "__main__":
    _serve_names()
