"""Bytes of a text file turned into letters, whatever program wrote them."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from importers.errors import UnusableError

_PART: Final = 1024**2  # letters
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(path: Path, encoding: str | None = None) -> str:
    """Return the text of a file: in the named encoding, else as marked, UTF-8 or cp1252."""
    content = path.read_bytes()
    tried = _possible(content, encoding)
    for name in tried:
        try:
            text = content.decode(name)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
        else:
            if "\0" in text:
                raise UnusableError(f"{path.name}: Das ist keine Textdatei.")
            return text
    raise UnusableError(f"{path.name}, Zeile {line}: Zeichen, die nicht zu {' oder '.join(tried)} passen.")


@contextmanager
def opened(path: Path, encoding: str | None = None) -> Iterator[TextIO]:
    """Open a file in the encoding that it has, without ever holding it as a whole."""
    with path.open("rb") as file:
        tried = _possible(file.read(len(codecs.BOM_UTF8)), encoding)
    name = next((name for name in tried if _is_text(path, name)), None)
    if name is None:
        decoded(path, encoding)  # says where the mistake is
        raise AssertionError
    with path.open(encoding=name, newline="") as text:
        yield text


def _possible(start: bytes, encoding: str | None) -> list[str]:
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    if encoding == "utf-16" and not marked:
        return ["utf-16-le"]  # as Windows writes it
    return [marked] if marked else [encoding] if encoding else ["utf-8", "cp1252"]


def _is_text(path: Path, name: str) -> bool:
    try:
        with path.open(encoding=name, newline="") as text:
            return not any("\0" in part for part in iter(lambda: text.read(_PART), ""))
    except UnicodeDecodeError:
        return False
