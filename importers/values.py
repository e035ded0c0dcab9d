"""Single cells brought in order: each function takes what a source wrote and returns what it means."""

import re
from collections.abc import Mapping
from functools import lru_cache
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from api.core.text import clean, fold

BLANK = frozenset({"", "-", "–", "—", "/", "k. a.", "k.a.", "null", "none", "n/a", "nan", "<null>"})
YES = frozenset({"ja", "yes", "true", "wahr", "1", "x", "j", "y"})
NO = frozenset({"nein", "no", "false", "falsch", "0", "n"})
OLDEST = 120  # years
LANGUAGES = {
    "deutsch": "de", "german": "de", "englisch": "en", "english": "en", "tuerkisch": "tr",
    "arabisch": "ar", "russisch": "ru", "ukrainisch": "uk", "polnisch": "pl", "vietnamesisch": "vi",
    "farsi": "fa", "persisch": "fa", "dari": "prs", "paschtu": "ps", "kurdisch": "ku",
    "kurmandschi": "kmr", "sorani": "ckb", "rumaenisch": "ro", "bulgarisch": "bg", "serbisch": "sr",
    "kroatisch": "hr", "bosnisch": "bs", "albanisch": "sq", "spanisch": "es", "franzoesisch": "fr",
    "italienisch": "it", "portugiesisch": "pt", "griechisch": "el", "romanes": "rom", "tigrinya": "ti",
    "somali": "so", "urdu": "ur", "hindi": "hi", "chinesisch": "zh", "thai": "th",
    "gebaerdensprache": "gsg", "deutsche gebaerdensprache": "gsg", "leichte sprache": "de-simple",
}  # fmt: skip

LONGEST_SUMMARY = 180  # letters, about two lines of a card

# Each cell is looked at several times, and lists say the same again and again.
SHORT = 100  # letters
REMEMBERED = 20_000  # cells

_QUOTED = re.compile(r"[\"“”„‟«»]\s*([^\"“”„‟«»]+?)\s*[\"“”„‟«»]")
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_HOST = re.compile(r"([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_]{2,}", re.ASCII | re.IGNORECASE)
_SPLIT = re.compile(r"[;,\n]")


class UnclearError(ValueError):
    """A cell says something that cannot be used; the text is the German reason."""


def as_text(value: object) -> str:
    """Return a cell as clean text; nothing at all for the ways in which lists say "no value"."""
    if isinstance(value, str):
        return _short_text(value) if len(value) <= SHORT else _text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return "; ".join(filter(None, map(as_text, value)))
    return _text(str(value))


def _text(said: str) -> str:
    text = clean(said)
    return "" if text.lower() in BLANK else text


def line(value: object) -> str:
    """Return a cell as text in one line."""
    text = as_text(value)
    return _short_line(text) if len(text) <= SHORT else _line(text)


def _line(text: str) -> str:
    return " ".join(text.split())


_short_text, _short_line = lru_cache(REMEMBERED)(_text), lru_cache(REMEMBERED)(_line)


def title(value: object) -> str:
    """Return a name with German quotes in pairs, and none around the whole: "JFE "Oase”" → "JFE „Oase“"."""
    text = _QUOTED.sub(r"„\1“", line(value))
    whole = re.fullmatch(r"„([^„“]+)“", text)
    return whole[1] if whole else text


def summary(value: object) -> str:
    """Return a text in one line, cut after a whole item or word where it is too long for a list."""
    text = line(value)
    if len(text) <= LONGEST_SUMMARY:
        return text
    start = text[:LONGEST_SUMMARY]
    items_end = start.rfind(", ")
    end = items_end if items_end > LONGEST_SUMMARY // 2 else start.rfind(" ")
    return f"{start[:end].rstrip(',;:')} …"


def items(value: object) -> list[str]:
    """Return a list cell, or a text cell split at commas, semicolons and line breaks; each item once."""
    cells = value if isinstance(value, list) else _SPLIT.split(as_text(value))
    return list(dict.fromkeys(filter(None, map(line, cells))))


def boolean(value: object) -> bool:
    """Return yes or no."""
    word = fold(as_text(value))
    if word not in YES | NO:
        raise UnclearError("weder ja noch nein")
    return word in YES


def number(value: object) -> float:
    """Return a number, written with a decimal comma or a point."""
    text = as_text(value).replace(" ", "")
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        raise UnclearError("keine Zahl") from None
    if not isfinite(found):
        raise UnclearError("keine Zahl")
    return found


def age(value: object) -> int:
    """Return whole years from "6", "6,0" or "ab 6 Jahren"."""
    found = re.findall(r"\d+(?:[.,]\d+)?", as_text(value))
    years = float(found[0].replace(",", ".")) if len(found) == 1 else -1.0
    if not (years.is_integer() and 0 <= years <= OLDEST):
        raise UnclearError(f"kein Alter in Jahren (0 bis {OLDEST})")
    return int(years)


def level(value: object) -> int:
    """Return a resource level, 2 to 4."""
    text = as_text(value)
    if text not in ("2", "3", "4"):
        raise UnclearError("keine Ressourcenebene (2, 3 oder 4)")
    return int(text)


def postcode(value: object) -> str:
    """Return a German postcode."""
    text = line(value).removeprefix("D-").replace(" ", "")
    if not re.fullmatch(r"\d{5}", text, re.ASCII):
        raise UnclearError("keine Postleitzahl aus fünf Ziffern")
    return text


def url(value: object) -> str:
    """Return the (first) web address; http:// is added where the source leaves it out."""
    text = line(value).split(" ")[0].rstrip(".,;")
    address = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    else:
        if parts.scheme.lower() not in ("http", "https") or parts.username is not None:
            host = ""
    if not _HOST.fullmatch(host) or re.search(r"[\s<>\"]", address):
        raise UnclearError("keine Internetadresse")
    return parts.scheme.lower() + address[len(parts.scheme) :]


def languages(value: object) -> list[str]:
    """Return BCP 47 tags from tags or German names."""
    found = []
    for item in items(value):
        word = fold(item)
        tag = LANGUAGES.get(word, word)
        if not _TAG.fullmatch(tag):
            raise UnclearError(f"unbekannte Sprache „{item}“")
        found.append(tag)
    return list(dict.fromkeys(found))


def chosen(words: Mapping[str, str], value: object) -> str:
    """Return the value of a choice that a word stands for."""
    word = fold(line(value))
    if word not in words:
        raise UnclearError(f"unbekannt; möglich sind: {', '.join(words)}")
    return words[word]


def storable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a raw value without what PostgreSQL cannot keep in a document: zero bytes, half letters."""
    if isinstance(value, str):
        if value.isprintable():  # neither zeros nor half letters are
            return value
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {
            name if name.isprintable() else storable(name): item
            if item.__class__ is str and item.isprintable()
            else storable(item)
            for name, item in value.items()
        }
    return value
