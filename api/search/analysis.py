"""From a text to the stems that are searched: German first, every script welcome."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST_WORD: Final = 60  # letters; what is longer is no word but noise
SHORTEST_PART: Final = 3

_WORD = re.compile(r"[^\W_]+(?:[-'’ʼ‑][^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+")
# ue is ü, but not in Frauen, neue, Quelle.
_UMLAUT = re.compile(r"(?:(?<![aeqouy])ue|ae|oe)(?!e)")
_LINKS = ("", "s", "n", "es", "en")  # between the parts of a compound, and as its ending
# German endings with the shortest words that can have them.
_ENDINGS: Final = (
    ("ungen", 8), ("ung", 7), ("innen", 8), ("lich", 9), ("in", 7), ("em", 6), ("er", 6),
    ("t", 6), ("e", 5), ("s", 5), ("n", 5),
)  # fmt: skip
# Words too short for these rules, folded, with their other forms.
_SHORT_FORMS: Final = {
    form: word
    for word, forms in {
        "amt": ("amter", "amtern", "amtes", "amts"),
        "neu": ("neue", "neuen", "neuer", "neues", "neuem"),
        "alt": ("alte", "alten", "altes", "altem"),
        "arm": ("arme", "armen", "armer"),
        "bad": ("bader", "badern"),
        "rad": ("rader", "radern", "rades"),
        "rat": ("rates",),
        "hof": ("hofe", "hofen", "hofes"),
        "job": ("jobs",),
        "oma": ("omas",),
        "opa": ("opas",),
        "ehe": ("ehen",),
        "zoo": ("zoos",),
        "tag": ("tage", "tagen", "tages"),
    }.items()
    for form in forms
}
_FOLDED = str.maketrans(
    {"ı": "i", "ø": "o", "æ": "a", "œ": "o", "đ": "d", "ł": "l", "ʼ": "", "'": "", "’": ""}
)
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ک": "ك", "ی": "ي", "ـ": "", "ٱ": "ا"})
_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
_CYRILLIC_ENDINGS: Final = (  # of folded words: й has become и
    "ами", "ями", "ого", "ему", "ому", "ыми", "ими", "ових", "еві", "ові", "ах", "ях", "ам", "ям", "ои", "ою",
    "ею", "еи", "ів", "ов", "ев", "ия", "ию", "ии", "іи", "ыи", "ая", "ую", "ое", "ие", "а", "я", "о",
    "е", "у", "ю", "ы", "и", "і", "ь",
)  # fmt: skip


class Token(NamedTuple):
    """A word of a text: where it stands (letters from 0, end excluded) and the stem that is searched."""

    start: int
    end: int
    stem: str


def plain(text: str) -> str:
    """Return a text in small letters without accents, as names are put in order: "Ärzte" → "arzte"."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word in small letters without accents: ä, ae → a, ß → ss, "Café" → "cafe".

    Plurals with an umlaut meet their singular ("Ärzte", "Arzt"), and phones without umlauts are understood.
    """
    letters = plain(word).translate(_FOLDED)
    if letters.isascii():
        return _UMLAUT.sub(lambda found: found[0][0], letters)
    return letters.translate(_ARABIC)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of a word in any script; German as CISTEM does, and without -ung, -in, -lich.

    After Weissweiler and Fraser, "Developing a Stemmer for German Based on a Comparative Analysis" (2017);
    the prefix ge- stays, so that a word half typed begins like the whole one.
    """
    folded = fold(word)[:LONGEST_WORD]
    first = folded[:1]
    if "\u0400" <= first <= "\u052f":
        return _without_ending(folded, _CYRILLIC_ENDINGS)
    if "\u0600" <= first <= "\u06ff":
        return _arabic(folded)
    return _german(folded)


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text; a word with hyphens as a whole and in pieces, both at their places."""
    for found in _WORD.finditer(text):
        pieces = list(_PIECE.finditer(found[0]))
        if len(pieces) > 1:
            whole = "".join(piece[0] for piece in pieces)
            yield Token(found.start(), found.end(), stem(whole))
        for piece in pieces:
            start = found.start() + piece.start()
            yield Token(start, start + len(piece[0]), stem(piece[0]))


def words(text: str) -> list[str]:
    """Return the single words of a text as they stand there; hyphens part them."""
    return _PIECE.findall(text)


class Parts:
    """Knows the parts of German compounds and takes words apart into them."""

    def __init__(self, parts: Sequence[str]) -> None:
        """Take the parts as they stand in compounds, e.g. "kinder", "familien", "beratung"."""
        self._parts = frozenset(fold(part) for part in parts)
        self._longest = max((len(part) for part in self._parts), default=0)
        self.stems = lru_cache(maxsize=65_536)(self._stems)

    def _stems(self, word: str) -> tuple[str, ...]:
        """Return the stems of a word's parts, or nothing if it is no compound of known parts."""
        folded = fold(word)
        if len(folded) < 2 * SHORTEST_PART or not folded.isalpha():
            return ()
        found = self._cut(folded)
        return tuple(stem(part) for part in found) if found and len(found) > 1 else ()

    def _cut(self, word: str) -> list[str] | None:
        """Return the fewest known parts that make up the whole word, with at most a link after each."""
        best: list[list[str] | None] = [None] * (len(word) + 1)
        best[0] = []
        for start in range(len(word) - SHORTEST_PART + 1):
            before = best[start]
            if before is None:
                continue
            for end in range(start + SHORTEST_PART, min(len(word), start + self._longest) + 1):
                part = word[start:end]
                if part not in self._parts:
                    continue
                longer = [*before, part]
                for link in _LINKS:
                    stop = end + len(link)
                    if not word.startswith(link, end):
                        continue
                    known = best[stop]
                    if known is None or len(known) > len(longer):
                        best[stop] = longer
        return best[len(word)]


def _german(word: str) -> str:
    if word.isdigit():
        return word
    if word in _SHORT_FORMS:
        return _SHORT_FORMS[word]
    while True:
        shorter = _shorter(word)
        if shorter == word:
            return word
        word = shorter


def _shorter(word: str) -> str:
    """Return a word without its last ending; what is left has four letters at least."""
    for ending, least in _ENDINGS:
        if len(word) >= least and word.endswith(ending):
            # Verein, Termin and Berlin are no women.
            if ending == "in" and word[-3] in "ael":
                continue
            return word[: -len(ending)]
    return word


def _arabic(word: str) -> str:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= SHORTEST_PART - 1:
            word = word[len(article) :]
            break
    return _without_ending(word, ("ات", "ين", "ون", "ه", "ي"))


def _without_ending(word: str, endings: Sequence[str]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_PART:
            return word[: -len(ending)]
    return word
