"""Pages that end mails: what a mail program sends to them, and what their own forms do (RFC 8058)."""

from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.datastructures import QueryParams

from api.core.errors import TooLargeError
from web.mail.sending import ONE_CLICK

MOST_BYTES: Final = 4_000


async def _body(request: Request) -> bytes:
    """Return what was sent, in whatever form: mail programs send either of two."""
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > MOST_BYTES:
            raise TooLargeError(f"The body may have {MOST_BYTES} bytes.")
    return bytes(read)


Body = Annotated[bytes, Depends(_body)]


def is_one_click(body: bytes) -> bool:
    """Return whether a mail program says it, as a form or in parts (RFC 8058, 3.1)."""
    name, _equals, value = ONE_CLICK.encode().partition(b"=")
    is_in_parts = b'name="' + name + b'"' in body and value in body.splitlines()
    return body.strip() == ONE_CLICK.encode() or is_in_parts


def fields(body: bytes) -> QueryParams:
    """Return what a form of the page says; nothing for anything else."""
    try:
        return QueryParams(parse_qsl(body.decode("ascii"), max_num_fields=10))
    except ValueError:
        return QueryParams()
