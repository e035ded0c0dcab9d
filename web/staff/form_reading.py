"""What a large form of staff has sent: fields that can be said several times, and the proof."""

from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import QueryParams

from web.sending.reading import check_origin, read_pairs
from web.staff.forms import FIELD, check, without_nul

MOST_BYTES: Final = 200_000
MOST_FIELDS: Final = 2_000


async def read(request: Request) -> QueryParams:
    """Return the fields of a form of ours; raise TooLargeError, InvalidInputError for what no form sends."""
    check_origin(request)  # before anything is read
    found = await fields(request)
    check(request, found.get(FIELD, ""))
    return QueryParams([(name, value) for name, value in found.multi_items() if name != FIELD])


async def fields(request: Request) -> QueryParams:
    """Return the fields of a form, whosever it is."""
    pairs = await read_pairs(request, MOST_BYTES, MOST_FIELDS)
    return QueryParams([(name, without_nul(value)) for name, value in pairs])


read.checks_forms = True  # type: ignore[attr-defined]
SentSteps = Annotated[QueryParams, Depends(read)]
