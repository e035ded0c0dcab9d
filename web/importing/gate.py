"""Until there are accounts, a token that the server prints at its start opens the pages of imports.

It is typed once into a form and exchanged for a cookie that says nothing about anybody: until when it holds,
a random number, and a signature that only those can make who know the token.
"""

import hashlib
import hmac
import os
import secrets
import sys
from typing import Final

from fastapi import Request, Response

from api.core import clock
from api.core.errors import ForeignRequestError, NotFoundError
from api.core.languages import DEFAULT
from api.core.settings import settings
from web.rendering import locale_of

PATH: Final = "/einlesen"
FIELD: Final = "formular"  # of every form: proof that it is one of ours
HOURS: Final = 8
TOKEN: Final = "LANDKARTE_IMPORT_TOKEN"  # noqa: S105 - the name of the setting
LONGEST: Final = 300  # letters


class ClosedError(Exception):
    """Somebody without the token asks for a page of imports, whichever."""


class Gate:
    """Lets in who knows the token; without one nobody comes in."""

    def __init__(self, token: str) -> None:
        self.is_there = bool(token)
        self._token = hashlib.sha256(token.encode()).digest()
        self._key = hmac.new(token.encode() or secrets.token_bytes(32), b"einlesen", hashlib.sha256).digest()

    def admits(self, said: str) -> bool:
        """Return whether this is the token; it takes the same time however much of it is right."""
        digest = hashlib.sha256(said.strip()[:LONGEST].encode()).digest()
        return self.is_there and hmac.compare_digest(digest, self._token)

    def ticket(self) -> str:
        """Return the value of a new cookie."""
        ends = int(clock.now().timestamp()) + HOURS * 3600
        said = f"{ends}.{secrets.token_urlsafe(16)}"
        return f"{said}.{self._signature('ticket', said)}"

    def knows(self, ticket: str) -> bool:
        """Return whether a cookie is one of ours and still holds."""
        said, _, signature = ticket[:LONGEST].rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature("ticket", said).encode()):
            return False
        return self.is_there and clock.now().timestamp() < int(said.partition(".")[0])

    def form_token(self, ticket: str) -> str:
        """Return what our forms carry along, so that no page of somebody else can send them."""
        return self._signature("form", ticket)

    def _signature(self, kind: str, said: str) -> str:
        return hmac.new(self._key, f"{kind}:{said}".encode(), hashlib.sha256).hexdigest()


def prepare() -> None:
    """Make sure before the server starts that all its processes share a token, and print it if it is new."""
    chosen = settings()
    if not chosen.import_pages or chosen.import_token:
        return
    os.environ[TOKEN] = token = secrets.token_urlsafe(24)
    settings.cache_clear()
    sys.stdout.write(f"Listen einlesen unter {PATH}, bis zum nächsten Start mit dem Zugang:\n    {token}\n")
    sys.stdout.flush()


async def admitted(request: Request) -> str:  # waits for nothing, so it needs no thread
    """Return the ticket of who may see the pages of imports; else raise ClosedError, or NotFoundError.

    They are German only: staff of German cities reads them, and the cookie has one path.
    """
    gate: Gate = request.app.state.gate
    if not gate.is_there or locale_of(request) != DEFAULT:
        raise NotFoundError
    ticket = request.cookies.get(cookie_name(request), "")
    if not gate.knows(ticket):
        raise ClosedError
    return ticket


def check_form(request: Request, said: str | None) -> None:
    """Raise ForeignRequestError unless a form of ours was sent by who has opened it."""
    gate: Gate = request.app.state.gate
    expected = gate.form_token(request.cookies.get(cookie_name(request), ""))
    if not hmac.compare_digest((said or "").encode(), expected.encode()):
        raise ForeignRequestError


def cookie_name(request: Request) -> str:
    """Return the name of the cookie; browsers take the longer one by https alone."""
    return "__Secure-einlesen" if request.url.scheme == "https" else "einlesen"


def give_ticket(request: Request, response: Response) -> None:
    """Let the browser keep a ticket for some hours, for these pages and no script."""
    gate: Gate = request.app.state.gate
    response.set_cookie(
        cookie_name(request),
        gate.ticket(),
        max_age=HOURS * 3600,
        path=PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def take_ticket(request: Request, response: Response) -> None:
    """Let the browser forget its ticket."""
    response.delete_cookie(
        cookie_name(request),
        path=PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
