"""A small file of a form of ours, taken into memory as a whole; what is larger is brought in as a list."""

from typing import Final, NamedTuple

from fastapi import Request

from api.core.errors import ForeignRequestError, TooLargeError
from web.importing import multipart
from web.sending.reading import Fields, check_origin
from web.staff import forms

FILE: Final = "datei"
MOST_BYTES: Final = 200_000


class Received(NamedTuple):
    """The fields of a form, and the file that came with it; empty: none was chosen."""

    fields: Fields
    content: bytes


async def received(request: Request) -> Received:
    """Return what a form with a file sends; nothing is looked at before the form has proved to be ours."""
    check_origin(request)
    if not request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise ForeignRequestError  # no form with a file is sent so, and no proof could be in it
    found: dict[str, bytearray] = {}
    name, read = "", 0
    async for part in multipart.read(request.headers.get("content-type", ""), request.stream()):
        if isinstance(part, multipart.Part):
            name = part.name
            found.setdefault(name, bytearray())
            continue
        read += len(part)
        if read > MOST_BYTES:
            raise TooLargeError(f"The file may have {MOST_BYTES} bytes.")
        found[name] += part
    content = bytes(found.pop(FILE, b""))
    fields = {key: value.decode("utf-8", "replace") for key, value in found.items()}
    forms.check(request, fields.pop(forms.FIELD, ""))
    return Received({key: forms.without_nul(value) for key, value in fields.items()}, content)


received.checks_forms = True  # type: ignore[attr-defined]
