"""Which topics the words of an offer speak of; suggestions, for a person to take or leave."""

import re
from typing import Final

from sqlmodel import Session

from api.core.text import fold
from importers.assistant.topics import VAGUE, vocabulary

MOST: Final = 4
_SHORTEST: Final = 4  # letters of a word that tells anything
_LONG: Final = 7  # letters of a word that may end another: "Krabbelgruppe"


def suggested(session: Session, text: str) -> list[str]:
    """Return the slugs of the topics whose words stand in a text, the most telling first."""
    folded = fold(text)
    if not folded:
        return []
    weights = {slug: _weight(words, folded) for slug, words in vocabulary(session).topics.items()}
    found = sorted((slug for slug, weight in weights.items() if weight), key=lambda slug: -weights[slug])
    return found[:MOST]


def _weight(words: dict[str, str], text: str) -> int:
    telling = (word for word in words if len(word) >= _SHORTEST and word not in VAGUE)
    return sum(len(word) for word in telling if _stands(word, text))


def _stands(word: str, text: str) -> bool:
    start = rf"\b{re.escape(word)}"
    pattern = rf"{start}|{re.escape(word)}\b" if len(word) >= _LONG else start
    return re.search(pattern, text) is not None
