"""Two small turns of a request before it meets a route: HEAD, and the language in the path."""

from collections.abc import Collection
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.settings import TILES_PATH
from api.exports.download import HEAD

# Where files lie: they are neither remembered nor answered with pages.
FILES = ("/static/", f"{TILES_PATH}/")
# What programs ask; strangers' pages may, too.
API, OGC, HSDS = "/api", "/ogc", "/hsds"

STREAMED = (f"{HSDS}/datapackage.zip",)


def is_open(path: str) -> bool:
    """Return whether a path lies under what programs ask, in whatever version."""
    return any(path == root or path.startswith(f"{root}/") for root in (API, OGC, HSDS))


def is_streamed(scope: Scope) -> bool:
    """Return whether the answer is sent while it is made, because it is too long to be kept in memory."""
    path = scope["path"]
    is_file = path in STREAMED
    return is_file or (path.startswith(f"{HSDS}/") and b"ndjson" in unquote_to_bytes(scope["query_string"]))


class HeadAsGet:
    """Answers HEAD like GET without the body (RFC 9110, 9.3.2); FastAPI's GET routes would answer 405.

    Where other methods are refused, Allow names HEAD, too. Files do that themselves, without being read.
    """

    def __init__(self, app: ASGIApp, files: tuple[str, ...] = ()) -> None:
        """Leave alone the paths that begin with one of `files`."""
        self.app = app
        self.files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; see ASGI 3."""
        if scope["type"] != "http" or scope["path"].startswith(self.files):
            await self.app(scope, receive, send)
            return
        if scope["method"] != "HEAD":
            await self.app(scope, receive, _allowing_head(send))
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET", HEAD: True}, receive, without_body)


def _allowing_head(send: Send) -> Send:
    async def allowing(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 405:  # noqa: PLR2004
            headers = [
                (name, b"GET, HEAD" if name == b"allow" and b"GET" in value else value)
                for name, value in message["headers"]
            ]
            message = {**message, "headers": headers}
        await send(message)

    return allowing


class LocaleInPath:
    """Takes a leading /en off the path and keeps it as the request's language; German has no prefix."""

    def __init__(self, app: ASGIApp, prefixes: Collection[str], default: str) -> None:
        self.app = app
        self.prefixes = frozenset(prefixes)
        self.default = default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; see ASGI 3."""
        if scope["type"] == "http":
            locale, path = self.default, scope["path"]
            first, slash, rest = path[1:].partition("/")
            if first in self.prefixes and not rest.startswith(("api/", "static/")):
                locale, path = first, f"/{rest}" if slash else "/"
            # "/angebote/" is meant as "/angebote"; a redirect would lose the language.
            if not path.startswith(("/api/", "/static/", "/kacheln/")):
                path = path.rstrip("/") or "/"
            if path in (OGC, HSDS):  # the way in to an app of its own
                path = f"{path}/"
            state = {**scope.get("state", {}), "locale": locale}
            scope = {**scope, "path": path, "raw_path": path.encode(), "state": state}
        await self.app(scope, receive, send)
