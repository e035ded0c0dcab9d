"""Headers that keep pages on their own: nothing is loaded from anywhere else unless an operator says so."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.languages import LANGUAGES
from api.core.settings import Settings
from web.asgi import is_open
from web.language import localized

EMBED: Final = "/embed"  # the one page that others may show in a frame
_FRAMED: Final = frozenset(localized(EMBED, code) for code in LANGUAGES)


def content_security_policy(settings: Settings, ancestors: Sequence[str] = ()) -> str:
    """Return the policy (CSP level 3) without inline code; a basemap adds only its own host.

    ancestors: whose pages may show the page in a frame.
    """
    host = _origin(settings.basemap_url)
    images = f"'self' data: {host if settings.basemap == 'xyz' else ''}".strip()
    connections = f"'self' {host if settings.basemap == 'pmtiles' else ''}".strip()
    framers = " ".join(ancestors) or "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {images}",
            f"connect-src {connections}",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {framers}",
        )
    )


def _origin(url: str) -> str:
    parts = urlsplit(url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


class SecurityHeaders:
    """Adds the headers to every answer, errors included."""

    def __init__(self, app: ASGIApp, policy: str, framed_policy: str | None = None) -> None:
        """Give every page the policy, and the one that may stand in a frame another."""
        self.app = app
        self.policy = policy
        self.framed_policy = framed_policy or policy
        self.headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        # Strangers' pages may read the open API, but not take our pages and files into their process.
        self.own = {"Cross-Origin-Resource-Policy": "same-origin"}
        self.open = {"Cross-Origin-Resource-Policy": "cross-origin"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; see ASGI 3."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        path = scope["path"]
        is_framed = (path.rstrip("/") or "/") in _FRAMED
        policy = {"Content-Security-Policy": self.framed_policy if is_framed else self.policy}
        more = policy | (self.open if is_open(path) else self.own)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (self.headers | more).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)
