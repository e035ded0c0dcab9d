"""Reads what a form with a file sends (RFC 7578) piece by piece, so that no file is ever held as a whole."""

import re
from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from api.core.errors import FieldError, InvalidInputError

MOST_PARTS: Final = 10
MOST_HEADER_BYTES: Final = 4_000  # of one part
_KIND: Final = re.compile(
    r"multipart/form-data\s*;.*\bboundary=(\"?)([\w'()+,./:=?-]{1,70})\1", re.IGNORECASE
)
_NAME: Final = re.compile(r'[;\s]name="([^"]*)"')
_FILE_NAME: Final = re.compile(r'[;\s]filename="([^"]*)"')


class Part(NamedTuple):
    """The beginning of a field."""

    name: str
    file_name: str | None  # None: an ordinary field


async def read(content_type: str, stream: AsyncIterator[bytes]) -> AsyncIterator[Part | bytes]:
    """Yield the beginning of each part and then its content in pieces; raise InvalidInputError."""
    kind = _KIND.match(content_type)
    if kind is None:
        raise misshapen("another form is expected", 415)
    mark = b"\r\n--" + kind[2].encode()
    # The first mark may stand at the very beginning; what comes before it is for nobody.
    buffer, parts = bytearray(b"\r\n"), 0
    while True:
        at = buffer.find(mark)
        if at >= 0:
            if parts and at:
                yield bytes(buffer[:at])
            del buffer[: at + len(mark)]
            head = await _head(buffer, stream)
            if head is None:
                return
            parts += 1
            if parts > MOST_PARTS:
                raise misshapen("too many parts")
            yield head
            continue
        # The end of what is here may be the beginning of a mark.
        sure = len(buffer) - len(mark) + 1
        if sure > 0:
            if parts:
                yield bytes(buffer[:sure])
            del buffer[:sure]
        await _fill(buffer, stream)


async def _head(buffer: bytearray, stream: AsyncIterator[bytes]) -> Part | None:
    """Take the headers of a part off the buffer; None: that was the last mark."""
    while True:
        if buffer.startswith(b"--"):
            return None
        end = buffer.find(b"\r\n\r\n")
        if end >= 0:
            said = bytes(buffer[:end]).decode("utf-8", "replace")
            del buffer[: end + 4]
            name, file_name = _NAME.search(said), _FILE_NAME.search(said)
            if name is None or len(said) > MOST_HEADER_BYTES:
                raise misshapen("a part without a name")
            return Part(name[1], file_name[1].replace("%22", '"') if file_name else None)
        if len(buffer) > MOST_HEADER_BYTES:
            raise misshapen("headers too long")
        await _fill(buffer, stream)


async def _fill(buffer: bytearray, stream: AsyncIterator[bytes]) -> None:
    piece = await anext(stream, None)
    if piece is None:
        raise misshapen("ends too early")
    buffer += piece


def misshapen(detail: str, status: int = 400) -> InvalidInputError:
    """Return what to say of a form that no browser sends."""
    error = InvalidInputError(errors=[FieldError("form", detail)])
    error.status = status
    return error
