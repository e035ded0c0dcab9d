"""Phone numbers and mail addresses as lists write them, and which addresses name a person."""

import re

from api.core.text import fold
from importers.values import as_text

_NUMBER = re.compile(r"\+?\(?\d(?:[\d()/\s.–-]*\d)?")
_SPLIT = re.compile(r"[,;|\n]|\s(?:und|oder|bzw\.?)\s", re.IGNORECASE)
_MAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_NAME = re.compile(r"([a-z-]{1,30})[._]([a-z-]{3,30})(?:_.*)?")
_COUNTRY = re.compile(r"(?:\+|\b00)\s*49\s*(?:\(0\))?")  # "+49 (0)2302" is an area code alone
FEWEST_DIGITS, MOST_DIGITS = 5, 17
WHOLE_NUMBER = 7  # digits from which what stands before a slash is a number of its own, not an area code
# fmt: off
ROLES = frozenset((
    "anfrage", "beratung", "bereich", "buero", "club", "empfang", "familie", "familien",
    "familienzentrum", "foerderverein", "haus", "hilfe", "hort", "info", "jfe", "jugend",
    "jugendclub", "jugendhaus", "kigae", "kinder", "kita", "kontakt", "koordination", "leitung",
    "mail", "network", "netzwerk", "office", "online", "post", "projekt", "redaktion", "schule",
    "schulstation", "sekretariat", "service", "sozialarbeit", "sozialstation", "stadtteil", "team",
    "treff", "treffpunkt", "verein", "verwaltung", "vorstand", "zentrale", "zentrum",
))
# fmt: on


def phones(value: object) -> list[str]:
    """Return the phone numbers in a cell as they are written, without faxes and the words around them."""
    found = []
    for part in _SPLIT.split(as_text(value)):
        for piece in [] if "fax" in part.lower() else _at_slashes(part):
            numbers = (" ".join(number.split()) for number in _NUMBER.findall(piece))
            found += [number for number in numbers if FEWEST_DIGITS <= _digits(number) <= MOST_DIGITS]
    return list(dict.fromkeys(found))


def lacks_zero(number: str) -> bool:
    """Return whether a number has no code of a town or country and is too long to be a short one."""
    return number[0] not in "0+(" and _digits(number) >= WHOLE_NUMBER


def mails(value: object) -> list[str]:
    """Return the mail addresses in a cell."""
    words = re.split(r"[\s,;<>()]+|/\s", as_text(value).removeprefix("mailto:"))
    return list(dict.fromkeys(word.strip(".") for word in words if _MAIL.fullmatch(word.strip("."))))


def names_a_person(mail: str, known: str) -> bool:
    """Tell whether an address is built like first.last@ or i.last@.

    Words of an office name nobody, nor do words that the entry itself is called (known: its name, provider).
    """
    local, _, domain = fold(mail).partition("@")
    name = _NAME.fullmatch(local)
    if name is None:
        return False
    about = fold(f"{known} {domain}")
    return not any(word in ROLES or (len(word) > 2 and word in about) for word in name.groups())  # noqa: PLR2004


def _at_slashes(part: str) -> list[str]:
    pieces: list[str] = []
    for piece in part.split("/"):
        if pieces and not (_is_whole(pieces[-1]) and _is_whole(piece)):
            pieces[-1] += f"/{piece}"
        else:
            pieces.append(piece)
    return pieces


def _is_whole(piece: str) -> bool:
    return _digits(_COUNTRY.sub("", piece)) >= WHOLE_NUMBER


def _digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text)
