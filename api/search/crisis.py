"""Words that say a crisis: whoever types them sees whom to call before any list."""

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from api.search.analysis import fold, words
from api.search.lexicon import FOLDER

FILE: Final = FOLDER / "crisis.toml"
GOES_ON: Final = "*"
MOST_WORDS: Final = 60  # of a question; more have no place in the field

Phrase = tuple[str, ...]


def kinds(text: str) -> list[str]:
    """Return the kinds of helplines that belong to what somebody types; none if it says no crisis.

    Words are compared as they are written but for accents and capitals, never by stems or likeness: "Schlag"
    and "schlägt" have one stem, and a wrong alarm shames.
    """
    said = tuple(fold(word) for word in words(text)[:MOST_WORDS])
    found: dict[str, None] = {}
    for kind_names, phrases in _crises():
        if any(_stands_in(phrase, said) for phrase in phrases):
            found |= dict.fromkeys(kind_names)
    return list(found)


def _stands_in(phrase: Phrase, said: Phrase) -> bool:
    return any(
        all(map(_is, phrase, said[start : start + len(phrase)]))
        for start in range(len(said) - len(phrase) + 1)
    )


def _is(wanted: str, word: str) -> bool:
    if wanted.endswith(GOES_ON):
        return word.startswith(wanted.removesuffix(GOES_ON))
    return word == wanted


@cache
def _crises() -> Sequence[tuple[list[str], list[Phrase]]]:
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [(one["kinds"], [tuple(_folded(phrase)) for phrase in one["words"]]) for one in told.values()]


def _folded(phrase: str) -> Iterator[str]:
    """Yield the words of a phrase as they are compared; the star belongs to the last."""
    star = GOES_ON if phrase.endswith(GOES_ON) else ""
    *first, last = words(phrase)
    yield from map(fold, first)
    yield fold(last) + star
