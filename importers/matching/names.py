"""Names as German lists write them, and how much alike two of them are."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from api.core.text import fold
from importers.matching.words import (
    DIRECTIONS,
    INSIDE,
    KINDS,
    LAST_NUMBERS,
    NOISE,
    NUMBERS,
    PHRASES,
    SPELLED,
    WEAK,
)

_WORD: Final = re.compile(r"[a-z0-9]+")
_PHRASES: Final = re.compile(r"\b(" + "|".join(sorted(PHRASES, key=len, reverse=True)) + r")\b")
_PHRASE_BEGINS: Final = frozenset(phrase.split()[0] for phrase in PHRASES)
_HOUSE_LETTER: Final = re.compile(r"(?<=\d) (?=[a-h]\b)")
_STREET_END: Final = re.compile(r"str$")
# UTF-8 that somebody has read as cp1252: „RÃ¼bchen“.
_MISREAD: Final = re.compile("[ÃÂ]")
_GERMAN: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e"} | dict.fromkeys("„“”‚‘’«»–—…·", " ")
)
TYPING_ERROR: Final = 0.8  # of the letters of a word, at least
WHOLE_TYPING_ERROR: Final = 0.9  # of a name written in one
SURE_LENGTH, SURELY = 8, 0.88  # a word for a kind of house, misspelt
SHORTEST_PART: Final = 4  # letters of a word that may be part of a compound
MOST_OF_A_WORD: Final = 0.8


class Alike(StrEnum):
    """How two names relate; the value is what the person who decides reads."""

    SAME = "Name gleich"
    NEARLY = "Name fast gleich"
    PART = "ein Name steckt im anderen"
    GENERAL = "beide Namen sagen nur, was es ist"
    PARTLY = "Namen teilweise gleich"
    OTHER = "anderer Name"


@dataclass(frozen=True)
class Name:
    """A name, taken apart: its own words, and what lists add, leave out or abbreviate."""

    words: tuple[str, ...]  # its own, in their order
    kinds: frozenset[str]
    weak: frozenset[str]
    numbers: frozenset[str]
    before: frozenset[str] = frozenset()  # own words before "im", "bei" …: what takes place there


def read(text: str, districts: Collection[str] = frozenset()) -> Name:
    """Take a name apart; districts are words that say only where something is."""
    tokens = _tokens(text)
    words: list[str] = []
    kinds: set[str] = set()
    weak: set[str] = set()
    numbers: set[str] = set()
    before: frozenset[str] = frozenset()
    for place, token in enumerate(tokens):
        is_last = place == len(tokens) - 1
        number = NUMBERS.get(token) or (LAST_NUMBERS.get(token) if is_last and place else None)
        if number or token.isdigit():
            numbers.add(str(number or int(token)))
        elif token in INSIDE:
            before = before or frozenset((*words, *kinds))
        elif kind := _kind(token):
            kinds.add(kind)
        elif token in WEAK or (token in districts and token not in DIRECTIONS):
            weak.add(token)
        elif token not in NOISE:
            words.append(token)
            if not token.isalpha():
                numbers.add(token)
    return Name(tuple(words), frozenset(kinds), frozenset(weak), frozenset(numbers), before)


def compare(one: Name, other: Name, providers: Callable[[], Collection[str]] = frozenset) -> Alike:
    """Return how two names relate; words of a provider may stand in one of them."""
    if not one.words or not other.words:
        return Alike.OTHER if one.words or other.words else _without_words(one, other)
    if one.words == other.words:
        return Alike.SAME
    mine, yours = _unmatched(one.words, other.words)
    if not mine and not yours:
        same = sorted(one.words) == sorted(other.words) or "".join(one.words) == "".join(other.words)
        return Alike.SAME if same else Alike.NEARLY
    if len(mine) == len(one.words) or len(yours) == len(other.words):
        return _written_in_one(one, other)
    said = providers()
    mine, yours = [word for word in mine if word not in said], [word for word in yours if word not in said]
    if not mine and not yours:
        return Alike.NEARLY
    return Alike.PARTLY if mine and yours else Alike.PART


def folded(text: str) -> str:
    """Return text as fold() does, quickly where it holds nothing but German letters and signs."""
    plain = text.lower().translate(_GERMAN)
    return plain if plain.isascii() else fold(text)


def takes_place_in(one: Name, other: Name) -> bool:
    """Return whether one is something that takes place in the other: "Nachhilfe im Haus Sonne"."""
    return _is_inside(one, other) or _is_inside(other, one)


def words_of(texts: Iterable[str | None]) -> frozenset[str]:
    """Return the words of providers or districts, to know them again in names."""
    return frozenset().union(*(_words_of(text) for text in texts if text))


@lru_cache(maxsize=4_000)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(word for word in _tokens(text) if word not in NOISE)


@lru_cache(maxsize=4_000)
def _kind(token: str) -> str:
    """Return what a word says a house is, empty if it does not; long words with a typing error, too."""
    if token in KINDS or len(token) < SURE_LENGTH:
        return KINDS.get(token, "")
    meant = process.extractOne(token, KINDS.keys(), scorer=OSA.normalized_similarity, score_cutoff=SURELY)
    return KINDS[meant[0]] if meant else ""


def _tokens(text: str) -> list[str]:
    if _MISREAD.search(text):
        text = _reread(text)
    words = _WORD.findall(folded(text))
    if not _PHRASE_BEGINS.isdisjoint(words):
        words = _PHRASES.sub(lambda found: PHRASES[found[0]], " ".join(words)).split()
    if any(word.isdigit() for word in words):
        words = _HOUSE_LETTER.sub("", " ".join(words)).split()
    if len(words) > 1 and words[-1] == "ev":
        words.pop()  # "e. V." behind a name, not "evangelisch"
    return [SPELLED.get(word) or _STREET_END.sub("strasse", word) for word in words]


def _reread(text: str) -> str:
    try:
        return text.encode("cp1252").decode()
    except UnicodeError:
        return text


def _written_in_one(one: Name, other: Name) -> Alike:
    """Compare two names that share no word: "Sport-Jugend-Club" is "Sportjugendclub"."""
    written, too = "".join(one.words), "".join(other.words)
    if written == too:
        return Alike.SAME
    if written.isalpha() and too.isalpha() and OSA.normalized_similarity(written, too) >= WHOLE_TYPING_ERROR:
        return Alike.NEARLY
    return Alike.OTHER


def _without_words(one: Name, other: Name) -> Alike:
    if one.kinds != other.kinds:
        return Alike.OTHER
    return Alike.SAME if one.weak == other.weak and one.weak else Alike.GENERAL


def _is_inside(whole: Name, house: Name) -> bool:
    if not whole.before:
        return False
    behind = [word for word in whole.words if word not in whole.before]
    extra = whole.before - frozenset(house.words) - house.kinds
    return bool(extra) and (not behind or not _unmatched(tuple(behind), house.words)[0])


def _unmatched(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the words of each that have no partner in the other, typing errors and compounds allowed."""
    mine = [word for word in one if word not in other]
    yours = [word for word in other if word not in one]
    for word in list(mine):
        partner = max(yours, key=lambda it, word=word: _like(word, it), default="")  # type: ignore[misc]
        if partner and _like(word, partner) >= TYPING_ERROR:
            mine.remove(word)
            yours.remove(partner)
    if mine and yours:
        _take_apart(mine, yours)
        _take_apart(yours, mine)
    return mine, yours


def _like(one: str, other: str) -> float:
    if not (one.isalpha() and other.isalpha()):  # a digit is never a typing error: A1 is not B1
        return float(one == other)
    return OSA.normalized_similarity(one, other, score_cutoff=TYPING_ERROR)


def _take_apart(wholes: list[str], parts: list[str]) -> None:
    """Take away compounds that the parts make up: "Schwangerenberatung" is "Beratung" for "Schwangere"."""
    for whole in list(wholes):
        inside = [part for part in parts if len(part) >= SHORTEST_PART and part in whole]
        if sum(map(len, inside)) >= MOST_OF_A_WORD * len(whole):
            wholes.remove(whole)
            for part in inside:
                parts.remove(part)
