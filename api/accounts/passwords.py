"""Passwords: which ones are refused, and how the others are kept. Length counts, kinds of signs do not.

OWASP ASVS 5.0, 6.2: at least 15 letters, at most 128 and never cut, no composition rules, any sign, nothing
that many people choose, nothing made of the names around. Kept by Argon2id with OWASP's least parameters.
"""

import re
from collections.abc import Iterable
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.core.errors import BusyError
from api.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST: Final = 15
MOST: Final = 128
# What an attacker's list brings together in no time costs less than this; see _cost.
LEAST_COST: Final = 3.0
_WORD: Final = 1.0
_SIGN: Final = 0.5
_FREE: Final = 0.0
_SHORTEST_PIECE: Final = 3
_LONGEST_PIECE: Final = 24
_YEAR: Final = re.compile(r"(19|20)\d\d")
_FOLDER: Final = Path(__file__).parents[2] / "data" / "passwords"
_ROWS: Final = (
    "qwertzuiopuasdfghjkloayxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
)

# 19 MiB, two passes, one lane: the first choice of the OWASP Password Storage Cheat Sheet.
_HASHES: Final = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
_AT_ONCE: Final = BoundedSemaphore(4)  # more would only take memory from the pages
_WAIT_SECONDS: Final = 5.0


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    GUESSABLE = "guessable"


def weakness(password: str, around: Iterable[str] = ()) -> Weakness | None:
    """Return why a password is refused; around: names of the person, the site and the region."""
    if len(password) < LEAST:
        return Weakness.TOO_SHORT
    if len(password) > MOST:
        return Weakness.TOO_LONG
    return Weakness.GUESSABLE if _cost(fold(password), _words(around)) < LEAST_COST else None


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _place():
        return _HASHES.hash(password)


def verify(password: str, kept: str | None) -> bool:
    """Return whether this is the password; where none is kept, it takes the same time and is wrong."""
    with _place():
        nobodys = _nobodys()  # always: the first attempt of a process pays for it, known or not
        is_right = _HASHES.verify(password[: MOST + 1], kept or nobodys)
    return is_right and kept is not None


def _cost(text: str, around: frozenset[str]) -> float:
    """Return the least that a text costs in pieces: words, years and rows of keys 1, other signs ½ each.

    What stands around, and what is said again, costs nothing.
    """
    common = _common()
    costs = [0.0] + [float("inf")] * len(text)
    for end in range(1, len(text) + 1):
        costs[end] = costs[end - 1] + _SIGN
        for begin in range(max(0, end - _LONGEST_PIECE), end - _SHORTEST_PIECE + 1):
            piece = text[begin:end]
            if piece in around or piece in text[:begin]:
                costs[end] = min(costs[end], costs[begin] + _FREE)
            elif len(set(piece)) == 1:
                costs[end] = min(costs[end], costs[begin] + _SIGN)
            elif piece in common or _is_row(piece):
                costs[end] = min(costs[end], costs[begin] + _WORD)
    return costs[-1]


def _is_row(piece: str) -> bool:
    """Return whether a piece is a row of keys, or a year."""
    return any(piece in row or piece[::-1] in row for row in _ROWS) or bool(_YEAR.fullmatch(piece))


def _words(around: Iterable[str]) -> frozenset[str]:
    """Return the words of names, addresses and titles, and each of them as a whole."""
    found = set[str]()
    for text in around:
        folded = fold(text)
        plain = "".join(sign if sign.isalnum() else " " for sign in folded)
        found |= {folded, *plain.split()}
    return frozenset(word for word in found if len(word) >= _SHORTEST_PIECE)


@cache
def _common() -> frozenset[str]:
    lists = (path.read_text(encoding="utf-8").split() for path in sorted(_FOLDER.glob("*.txt")))
    return frozenset(fold(word) for words in lists for word in words if len(word) >= _SHORTEST_PIECE)


@cache
def _nobodys() -> str:
    return _HASHES.hash("the password of nobody")


@contextmanager
def _place() -> "Iterator[None]":
    if not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
        raise BusyError("Too many sign in at the same time. Please try again in a few seconds.")
    try:
        yield
    finally:
        _AT_ONCE.release()
