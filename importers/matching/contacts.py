"""Phone numbers, mail addresses and web addresses in the one form in which they can be compared."""

import re
from typing import Final

from importers.contacts import phones

COUNTRY: Final = "49"
_TRUNK: Final = re.compile(r"^(?:\+|00)(\d{1,2})[\s/.-]*\(0\)")
_ONE_NUMBER: Final = re.compile(r"[+\d](?:[ ()-]*\d){4,14}")  # what most cells hold
_NO_DIGIT: Final = re.compile(r"\D+")
_SCHEME: Final = re.compile(r"^[a-z]+://", re.IGNORECASE)
_WWW: Final = re.compile(r"^(?:www\d?|m)\.")
# Behind them stands which page of a site is meant, not who follows whom from where.
_REST: Final = re.compile(r"[?#].*$")
_START_PAGE: Final = re.compile(r"/(?:index\.\w+|home|start)?$")


def phone_keys(text: str | None) -> frozenset[str]:
    """Return the numbers in a cell in the form of E.164 without its plus: "030 / 12 34" is "49301234"."""
    if not text:
        return frozenset()
    if _ONE_NUMBER.fullmatch(text):
        return frozenset((_dialled(text),))
    return frozenset(_dialled(number) for number in phones(text))


def mail_key(text: str | None) -> str:
    """Return a mail address for comparing, empty if there is none."""
    return (text or "").strip().removeprefix("mailto:").lower()


def web_key(text: str | None) -> str:
    """Return a web address without scheme, www, question and last slash, empty if there is none."""
    if not text:
        return ""
    bare = _WWW.sub("", _REST.sub("", _SCHEME.sub("", text.strip())).lower())
    return _START_PAGE.sub("", bare)


def web_host(key: str) -> str:
    """Return the site that a compared web address belongs to."""
    return key.partition("/")[0]


def _dialled(number: str) -> str:
    number = _TRUNK.sub(r"+\1", number)
    digits = _NO_DIGIT.sub("", number)
    if number.startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    return COUNTRY + digits[1:] if digits.startswith("0") else digits
