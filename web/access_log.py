"""An access log that says what was asked and how it went, never who asked or what for."""

import logging
import sys
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("landkarte.access")


def write_to_stdout() -> None:
    """Let the access log write its lines, with the time in UTC, to standard output."""
    if log.handlers:
        return
    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


class AccessLog:
    """Writes one line for each request: method, kind of page, status, bytes and milliseconds.

    No address of a visitor, no query and no name of an offer or a Stadtteil: of a path only the words that
    stand in our own routes are kept, "/angebot/schuldnerberatung" becomes "/angebot/…".
    """

    def __init__(self, app: ASGIApp, words: frozenset[str]) -> None:
        """Keep the `words` of paths."""
        self.app = app
        self.words = words

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went; see ASGI 3."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status, size = time.monotonic(), 500, 0

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            took = (time.monotonic() - began) * 1000
            log.info("%s %s %d %d B %.0f ms", _method(scope), self._kind(scope["path"]), status, size, took)

    def _kind(self, path: str) -> str:
        parts = ["…" if part and part not in self.words else part for part in path.split("/")[:6]]
        return "/".join(parts) or "/"


def _method(scope: Scope) -> str:
    known = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
    return scope["method"] if scope["method"] in known else "…"


def words_of(paths: list[str]) -> frozenset[str]:
    """Return the fixed words in the paths of routes, e.g. of "/angebot/{slug}" the word "angebot"."""
    parts = {part for path in paths for part in path.split("/")}
    return frozenset(part for part in parts if part and "{" not in part)
