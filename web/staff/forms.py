"""Forms of staff: each carries a proof that it is one of ours and was opened in this very browser.

A route that takes a form says `sent: Sent`, or `Annotated[Fields, Depends(form(most_bytes=…))]`
for a larger one; `checked` is for what scripts send otherwise, with the proof in the header X-Formular.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Annotated, Final

from fastapi import Depends, Request

from api.core.errors import ForeignRequestError
from web.sending.reading import MOST_BYTES, MOST_FIELDS, Fields, check_origin, read_fields
from web.staff import cookies

FIELD: Final = "formular"
HEADER: Final = "X-Formular"


def proof(token: str) -> str:
    """Return what forms carry along, made of a cookie that no other page can read."""
    return hmac.new(token.encode(), b"formular", hashlib.sha256).hexdigest()


def check(request: Request, said: str) -> None:
    """Raise ForeignRequestError unless a form of ours was sent by the browser that has opened it."""
    check_origin(request)
    token = cookies.read(request, cookies.SESSION)
    if not token or not hmac.compare_digest(said.encode(), proof(token).encode()):
        raise ForeignRequestError


def without_nul(said: str) -> str:
    """Return what somebody has typed without a sign that nobody can type, and no database keeps."""
    return said.replace("\0", "")


@cache
def form(most_bytes: int = MOST_BYTES, most_fields: int = MOST_FIELDS) -> Callable[..., Awaitable[Fields]]:
    """Return the dependency that reads a form of ours and lets no other one through."""

    async def read(request: Request) -> Fields:
        check_origin(request)  # before anything is read
        found = await read_fields(request, most_bytes, most_fields)
        check(request, found.pop(FIELD, ""))
        return {name: without_nul(value) for name, value in found.items()}

    read.checks_forms = True  # type: ignore[attr-defined]
    return read


async def checked(request: Request) -> None:  # waits for nothing, so it needs no thread
    """Check the proof in the header, for what scripts of ours send."""
    check(request, request.headers.get(HEADER, ""))


checked.checks_forms = True  # type: ignore[attr-defined]
Sent = Annotated[Fields, Depends(form())]
