"""Headers that keep pages on their own: nothing is loaded from anywhere else unless an operator says so."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.settings import Settings
from web.asgi import is_open


def content_security_policy(settings: Settings) -> str:
    """Return the policy (CSP level 3) without inline code; a basemap adds only its own host."""
    host = _origin(settings.basemap_url)
    images = f"'self' data: {host if settings.basemap == 'xyz' else ''}".strip()
    connections = f"'self' {host if settings.basemap == 'pmtiles' else ''}".strip()
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
            "frame-ancestors 'none'",
        )
    )


def _origin(url: str) -> str:
    parts = urlsplit(url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


class SecurityHeaders:
    """Adds the headers to every answer, errors included."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": policy,
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

        more = self.open if is_open(scope["path"]) else self.own

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (self.headers | more).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)
