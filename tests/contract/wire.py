"""Requests byte by byte: what no HTTP client would send."""

import http.client
import json
import socket
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The problem (RFC 9457) that the body is."""
        assert self.headers["content-type"] == "application/problem+json", self.body[:200]
        found: dict[str, Any] = json.loads(self.body)
        assert found["status"] == self.status
        assert found["title"]
        return found


def ask(server: str, request: bytes) -> Answer:
    """Send bytes and read the answer to its end."""
    method = request.partition(b" ")[0].decode("latin-1")
    with socket.create_connection(("127.0.0.1", urlsplit(server).port), timeout=30) as connection:
        # What is refused before all of it is sent has an answer nevertheless.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        answer = http.client.HTTPResponse(connection, method=method)
        answer.begin()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, answer.read())


def request(target: str | bytes, method: str = "GET", body: bytes = b"", **headers: str | bytes) -> bytes:
    """A request to an address; further headers are named like user_agent."""
    address = target.encode() if isinstance(target, str) else target
    said: dict[str, str | bytes] = {"host": "localhost", "connection": "close", **headers}
    lines = [method.encode() + b" " + address + b" HTTP/1.1"]
    for name, value in said.items():
        text = value.encode() if isinstance(value, str) else value
        lines.append(name.replace("_", "-").encode() + b": " + text)
    if body and "transfer_encoding" not in headers:
        lines.append(f"content-length: {len(body)}".encode())
    return b"\r\n".join([*lines, b"", body])
