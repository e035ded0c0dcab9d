"""The two cookies of staff: who is signed in, and which browser is known. Residents never get one."""

from typing import Final

from fastapi import Request, Response

from api.accounts.signing_in import Client
from web.sending.networks import network

SESSION: Final = "sitzung"
DEVICE: Final = "geraet"
_DEVICE_SECONDS: Final = 400 * 86_400  # no browser keeps one for longer
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST: Final = 200
# The first that fits names the browser; nearly all claim to be Safari, too.
_BROWSERS: Final = (("Firefox/", "Firefox"), ("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def is_safe(request: Request) -> bool:
    """Return whether cookies are for nobody else's eyes: by https, or without leaving this machine."""
    return request.url.scheme == "https" or request.url.hostname in _LOOPBACK


def name(request: Request, kind: str) -> str:
    """Return the full name of a cookie: by https one that no other host can set (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{kind}" if request.url.scheme == "https" else kind


def read(request: Request, kind: str) -> str:
    """Return a cookie, empty if there is none or if it came by an unsafe way."""
    said = request.cookies.get(name(request, kind), "") if is_safe(request) else ""
    return said if len(said) <= _LONGEST else ""


def give(request: Request, response: Response, kind: str, value: str) -> None:
    """Let the browser keep a cookie: the session's until it ends, the device's for long."""
    response.set_cookie(
        name(request, kind),
        value,
        max_age=_DEVICE_SECONDS if kind == DEVICE else None,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        # Links in mails shall lead to the page and not to the way in; no link changes anything.
        samesite="lax" if kind == SESSION else "strict",
    )


def take(request: Request, response: Response, kind: str) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(
        name(request, kind), path="/", secure=request.url.scheme == "https", httponly=True, samesite="lax"
    )


def client(request: Request) -> Client:
    """Return where a request comes from, no finer than limits and people need it."""
    said = request.headers.get("user-agent", "")
    browser = next((known for mark, known in _BROWSERS if mark in said), "Unbekannter Browser")
    system = next((f", {known}" for mark, known in _SYSTEMS if mark in said), "")
    return Client(network(request), read(request, DEVICE), f"{browser}{system}")
