"""Patience with slow clients, and its end: who sends or takes too slowly loses the connection.

uvicorn itself waits for ever for the rest of a request and for a client that does not take its answer. A few
hundred such connections would shut everybody else out.
"""

import asyncio
import json
from typing import Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.core.errors import InvalidInputError

REQUEST_SECONDS: Final = 20.0  # for the whole of a request, also over a bad mobile line
ANSWER_SECONDS: Final = 30.0  # in which nothing of an answer is taken
HEADER_BYTES: Final = 64 * 1024  # of address and headers; web/limits.py refuses far less with kinder words
PATIENCE: Final = "landkarte.patience"  # name of the ASGI extension
CONNECTIONS: Final = 900  # below the 1024 open files that a process usually may have


class HeadersTooLongError(Exception):
    """More address and headers than anybody needs."""


class PatientHttp(HttpToolsProtocol):
    """HTTP/1.1 with deadlines for reading a request and for taking an answer (seconds, see above)."""

    _request: asyncio.TimerHandle | None = None
    _answer: asyncio.TimerHandle | None = None
    _header_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS:
            transport.abort()
            return
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadlines of a connection that is gone."""
        self._stop_awaiting_request()
        self._stop_awaiting_client()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; from the first byte of a request, even an empty line, the time runs."""
        if self.cycle is None or self.cycle.response_complete:
            self._await_request()
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin to count, and let the app have more patience with somebody whom it knows."""
        self._header_bytes = 0
        super().on_message_begin()
        self.scope["extensions"] = {PATIENCE: {"grant": self._grant}}

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_message_complete(self) -> None:
        """Note that the request is here, whole."""
        self._stop_awaiting_request()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Note that the client does not keep up with its answer."""
        super().pause_writing()
        self._await_client()

    def resume_writing(self) -> None:
        """Note that the client has taken what it was sent."""
        if not self.transport.is_closing():  # then the last of the answer is still to be taken
            self._stop_awaiting_client()
        super().resume_writing()

    def on_response_complete(self) -> None:
        """Note that the answer is written; a connection that closes now may still hold some of it."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._await_client()

    def timeout_keep_alive_handler(self) -> None:
        """Close what nobody uses any more, for good if the last answer is not taken."""
        super().timeout_keep_alive_handler()
        self._await_client()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in the form in which the API refuses everything."""
        body = json.dumps(
            {
                "type": f"/problems/{InvalidInputError.slug}",
                "title": InvalidInputError.title,
                "status": 400,
                "detail": msg,
            }
        ).encode()
        head = (
            b"content-type: application/problem+json\r\nconnection: close\r\n"
            b"content-length: " + str(len(body)).encode() + b"\r\n\r\n"
        )
        self.transport.write(STATUS_LINE[400] + head + body)
        self.transport.close()

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > HEADER_BYTES:
            raise HeadersTooLongError  # the parser stops and the request is refused

    def _await_request(self) -> None:
        if self._request is None:
            self._request = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _grant(self, seconds: float) -> None:
        """Wait so many seconds from now on for the rest of a request that is not yet here."""
        if self._request is not None:
            self._request.cancel()
            self._request = self.loop.call_later(seconds, self.transport.abort)

    def _stop_awaiting_request(self) -> None:
        if self._request is not None:
            self._request.cancel()
            self._request = None

    def _await_client(self) -> None:
        self._stop_awaiting_client()
        self._answer = self.loop.call_later(ANSWER_SECONDS, self.transport.abort)

    def _stop_awaiting_client(self) -> None:
        if self._answer is not None:
            self._answer.cancel()
            self._answer = None
