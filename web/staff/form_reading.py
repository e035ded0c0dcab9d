"""What a large form of staff has sent: fields that can be said several times, and the proof."""

from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.datastructures import QueryParams

from api.core.errors import FieldError, InvalidInputError, TooLargeError
from web.sending.reading import FORM, check_origin
from web.staff.forms import FIELD, check

MOST_BYTES: Final = 200_000
MOST_FIELDS: Final = 2_000


async def read(request: Request) -> QueryParams:
    """Return the fields of a form; raise TooLargeError, or InvalidInputError for what no form sends."""
    check_origin(request)  # before anything is read
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    said = parameters.lower().replace('"', "").strip()
    if kind.strip().lower() != FORM or said not in {"", "charset=utf-8"}:
        raise _misshapen("another form is expected", 415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise TooLargeError(f"The body may have {MOST_BYTES} bytes.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:  # neither ASCII nor, decoded, UTF-8; or too many fields
        raise _misshapen("cannot be read", 400) from None
    check(request, dict(pairs).get(FIELD, ""))
    return QueryParams([(name, value.replace("\0", "")) for name, value in pairs if name != FIELD])


read.checks_forms = True  # type: ignore[attr-defined]
SentSteps = Annotated[QueryParams, Depends(read)]


def _misshapen(detail: str, status: int) -> InvalidInputError:
    error = InvalidInputError(errors=[FieldError("form", detail)])
    error.status = status
    return error
