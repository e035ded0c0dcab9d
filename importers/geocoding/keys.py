"""How streets and towns are compared: without the many ways in which the same name is written."""

import re
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from api.core.text import fold

# Words that lists leave out, cut short or write out as they like.
_SAME: Final = {
    "strasse": "str", "st": "sankt", "pl": "platz", "doktor": "dr", "professor": "prof", "grosse": "gr",
    "grosser": "gr", "grossen": "gr", "grosses": "gr", "kleine": "kl", "kleiner": "kl", "kleinen": "kl",
    "kleines": "kl", "von": "v", "buergermeister": "bgm", "buergerm": "bgm", "freiherr": "frhr",
    "chaussee": "ch", "chauss": "ch",
}  # fmt: skip
_ARTICLES: Final = frozenset({"d", "der", "des", "dem", "den", "die", "das"})
KEPT: Final = 50_000  # names; a table repeats each of them for every house
_WORD: Final = re.compile(r"[^\W_]+")
_STREET: Final = "strasse"
_ENDINGS: Final = ((_STREET, "str"), ("chaussee", "ch"))
_SHORT_ENDINGS: Final = (("pl", "platz"), ("prom", "promenade"))


@lru_cache(KEPT)
def street_key(street: str) -> str:
    """Return a street's name for comparing: "Str. d. Kommune" and "Straße der Kommune" agree."""
    folded = fold(street)
    for short, whole in _SHORT_ENDINGS:
        folded = re.sub(rf"(?<=[a-z]{{3}}){short}\.", f"{whole} ", folded)
    words = (_SAME.get(word, word) for word in _WORD.findall(folded))
    return "".join(_short(word) for word in words if word not in _ARTICLES)


@lru_cache(KEPT)
def town_key(town: str) -> str:
    """Return a town's name for comparing; what stands in brackets or after a comma only explains it."""
    return " ".join(_WORD.findall(re.split(r"[(,]", fold(town))[0]))


def same_town(one: str, other: str) -> bool:
    """Return whether two keys name one town: "berlin karow" is in "berlin", and nothing fits everywhere."""
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return longer == shorter or not shorter or longer.startswith(f"{shorter} ")


def _short(word: str) -> str:
    for ending, short in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + short
    # The commonest word of all is misspelt most often.
    for letters in (7, 6, 8):
        if OSA.distance(word[-letters:], _STREET, score_cutoff=1) <= 1:
            return word[:-letters] + _ENDINGS[0][1]
    return word
