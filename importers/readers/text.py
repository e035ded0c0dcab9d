"""Bytes of a text file turned into letters, whatever program wrote them."""

import codecs
from pathlib import Path

from importers.errors import UnusableError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(path: Path, encoding: str | None = None) -> str:
    """Return the text of a file: in the named encoding, else as marked, UTF-8 or cp1252."""
    content = path.read_bytes()
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    tried = [marked] if marked else [encoding] if encoding else ["utf-8", "cp1252"]
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
