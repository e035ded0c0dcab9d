"""How German words are folded: for comparing, for sorting keys and for addresses of pages."""

import re
import unicodedata
from typing import Annotated

from pydantic import StringConstraints

# A slug, code or key as a question names it; PostgreSQL knows no texts with NUL.
Name = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})


# Persian and emoji need joiners, Arabic among Latin letters needs marks; none of them hides anything.
_JOINERS = "\u200c\u200d\u200e\u200f"


def fold(text: str) -> str:
    """Return lower-case text without umlauts, accents and ß: "Straße für Äpfel" → "strasse fuer aepfel"."""
    if text.isascii():
        return text.lower()
    german = unicodedata.normalize("NFC", text).lower().translate(_GERMAN)
    if german.isascii():
        return german
    decomposed = unicodedata.normalize("NFKD", german)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.lower().translate(_GERMAN)  # signs like ℡ and ǽ show their letters only when decomposed


def slugify(text: str, limit: int = 80) -> str:
    """Return text as part of a page address: folded words joined by hyphens, at most limit letters."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > limit:
            break
        slug = longer
    return slug or (words[0][:limit] if words else "angebot")


def clean(text: str) -> str:
    """Return text with blanks, breaks and invisible characters brought in order, line breaks kept."""
    if text.isprintable():  # nothing invisible, no breaks, no blanks but spaces: nearly every cell of a list
        return unicodedata.normalize("NFC", " ".join(text.split()))
    broken = text.replace("\r\n", "\n").replace("\r", "\n")
    visible = "".join(c for c in broken if c.isspace() or c in _JOINERS or unicodedata.category(c)[0] != "C")
    normal = unicodedata.normalize("NFC", visible)
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in normal.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
