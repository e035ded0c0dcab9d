"""What a form has sent: small, well-formed, from one of our own pages."""

from typing import Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from api.core.errors import FieldError, ForeignRequestError, InvalidInputError, TooLargeError

MOST_BYTES: Final = 16_000
MOST_FIELDS: Final = 20
FORM: Final = "application/x-www-form-urlencoded"

Fields = dict[str, str]


def check_origin(request: Request) -> None:
    """Raise ForeignRequestError if a page of somebody else has sent this.

    There are no cookies to steal, but nobody's browser shall be made to send us things. Old browsers say only
    Origin or Referer. Who says none of these is let through: the other hurdles stand in the way, too.
    """
    said = request.headers.get("sec-fetch-site")
    if said is not None:
        if said not in {"same-origin", "none"}:
            raise ForeignRequestError
        return
    source = request.headers.get("origin") or request.headers.get("referer")
    if source is not None and urlsplit(source).netloc != request.headers.get("host"):
        raise ForeignRequestError


async def fields(request: Request) -> Fields:
    """Return what the form's fields say; raise TooLargeError, or InvalidInputError for what no form sends."""
    return await read_fields(request, MOST_BYTES, MOST_FIELDS)


async def read_fields(request: Request, most_bytes: int, most_fields: int) -> Fields:
    """Return what the fields of a form say that may be larger than most; each can be said once."""
    pairs = await read_pairs(request, most_bytes, most_fields)
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _misshapen("can be said only once", 400)
    return found


async def read_pairs(request: Request, most_bytes: int, most_fields: int) -> list[tuple[str, str]]:
    """Return the fields of a form in their order; raise as `fields` does."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != FORM or parameters.lower().replace('"', "").strip() not in {
        "",
        "charset=utf-8",
    }:
        raise _misshapen("another form is expected", 415)
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > most_bytes:
            raise TooLargeError(f"The body may have {most_bytes} bytes.")
    try:
        return parse_qsl(
            read.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=most_fields
        )
    except ValueError:  # neither ASCII nor, decoded, UTF-8; or too many fields
        raise _misshapen("cannot be read", 400) from None


def _misshapen(detail: str, status: int) -> InvalidInputError:
    error = InvalidInputError(errors=[FieldError("form", detail)])
    error.status = status
    return error
