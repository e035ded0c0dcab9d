"""How large the parts are in which files go out: few enough to send, small enough to hold."""

from collections.abc import Iterable, Iterator
from typing import Final

LETTERS: Final = 64 * 1024


def together(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield many small texts as few larger parts, in UTF-8."""
    kept: list[str] = []
    size = 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size >= LETTERS:
            yield "".join(kept).encode()
            kept, size = [], 0
    if kept:
        yield "".join(kept).encode()
