"""From what somebody types to concepts: each a word or a phrase with everything that it can stand for."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from api.search import lexicon
from api.search.analysis import fold, stem, words
from api.search.lexicon import Meaning, Stems
from api.search.shelf import Shelf

MOST_WORDS: Final = 16  # that say something; nobody needs more, and each costs time
MOST_GUESSES: Final = 24  # words that are tried for one that nobody has written so
NEAREST: Final = 4  # of them, the most alike

# How surely each way leads to what is meant.
ITSELF: Final = 1.0
JOINED: Final = 0.95
IN_PARTS: Final = 0.75
SPACE: Final = 0.9
PROPERTY: Final = 0.9
TOPIC_BY_NAME: Final = 0.6
TOPIC: Final = 0.3  # below what says the word itself
AGE: Final = 0.8
SYNONYM: Final = 0.6
INSIDE: Final = 0.5
A_PART: Final = 0.4
BEGUN: Final = 0.8
SLIP: Final = 0.75

_AGE = re.compile(
    r"\b(\d{1,2})\s*-?\s*(?:jahre?n?|jährige[nrs]?|jährig|years? old|yaş\w*|рок\w*|лет)\b", re.IGNORECASE
)
_QUOTED = re.compile(r'["„“”«»]([^"„“”«»]{2,200})["„“”«»]')


class Way(NamedTuple):
    """One way in which an offer can answer a concept.

    kind: "words" (all of these stems), "space" (id), or a kind of Meaning; surety: 0 to 1.
    """

    kind: str
    key: tuple[str | int, ...]
    surety: float


class Concept(NamedTuple):
    """What is asked for with one word or phrase; read: the word it was taken for, if it was mistyped."""

    said: str
    ways: tuple[Way, ...]
    read: str | None = None
    phrase: Stems = ()


class Question(NamedTuple):
    """All that is asked for; offers should answer every concept."""

    concepts: tuple[Concept, ...]
    unknown: tuple[str, ...] = ()  # words that stand for nothing here


# A mistyped word that says nothing in itself.
NOTHING_MORE: Final = Concept("", ())


def understand(text: str, shelf: Shelf) -> Question:
    """Return the concepts of a text, without stop words, and without mere calls for help if more is said."""
    quoted = [phrase for phrase in _QUOTED.findall(text) if words(phrase)]
    ages = list(_AGE.finditer(text))
    rest = _AGE.sub(" ", _QUOTED.sub(" ", text))
    with_small_words, others = _whole_phrases(words(rest), shelf)
    said = [word for word in others if not lexicon.says_nothing(word)]
    telling = [word for word in said if fold(word) not in lexicon.weak()] or (
        [] if with_small_words else said
    )
    concepts = [_quoted(phrase) for phrase in quoted]
    concepts += [Concept(found[0].strip(), (Way("age", (int(found[1]),), AGE),)) for found in ages[:1]]
    concepts += [*with_small_words, *_concepts(telling[:MOST_WORDS], shelf)]
    concepts = [concept for concept in concepts if concept is not NOTHING_MORE]
    known = tuple(concept for concept in concepts if concept.ways)
    return Question(known, tuple(concept.said for concept in concepts if not concept.ways))


def _quoted(phrase: str) -> Concept:
    key = tuple(stem(word) for word in words(phrase))
    return Concept(phrase, (Way("words", tuple(dict.fromkeys(key)), ITSELF),), phrase=key)


def _whole_phrases(said: Sequence[str], shelf: Shelf) -> tuple[list[Concept], list[str]]:
    """Return the phrases that need their small words ("ohne Termin"), and all other words."""
    found, others, position = [], [], 0
    while position < len(said):
        length, ways = _phrase(said[position:], shelf)
        phrase = said[position : position + length]
        if any(lexicon.says_nothing(word) for word in phrase):
            found.append(Concept(" ".join(phrase), _best(ways)))
            position += length
        else:
            others.append(said[position])
            position += 1
    return found, others


def _concepts(said: Sequence[str], shelf: Shelf) -> Iterator[Concept]:
    position = 0
    while position < len(said):
        length, ways = _phrase(said[position:], shelf)
        if length:
            yield Concept(" ".join(said[position : position + length]), _best(ways))
            position += length
            continue
        joined = _joined(said[position:], shelf)
        if joined:
            yield Concept(" ".join(said[position : position + 2]), joined)
            position += 2
            continue
        yield _word(said[position], shelf)
        position += 1


def _phrase(said: Sequence[str], shelf: Shelf) -> tuple[int, list[Way]]:
    """Return how many words from the first on are a phrase of two or more that means something, and what."""
    for length in range(min(shelf.longest, len(said)), 1, -1):
        ways = _meant(said[:length], shelf)
        if ways:
            return length, [*_as_it_stands(said[:length], shelf), *ways]
    return 0, []


def _joined(said: Sequence[str], shelf: Shelf) -> tuple[Way, ...]:
    """Return the ways of two words that are one elsewhere: "Kinder garten"."""
    if len(said) < 2:  # noqa: PLR2004
        return ()
    whole = said[0] + said[1]
    joined = [way._replace(surety=JOINED) for way in _as_it_stands([whole], shelf)] + _meant([whole], shelf)
    if not joined:
        return ()
    apart = [way._replace(surety=IN_PARTS) for way in _as_it_stands(said[:2], shelf)]
    return _best([*joined, *apart])


def _word(word: str, shelf: Shelf) -> Concept:
    ways = _ways(word, shelf)
    if ways:
        return Concept(word, _best(ways))
    apart = _apart(word, shelf)
    if apart and shelf.knows("words", apart):
        return Concept(word, (Way("words", apart, IN_PARTS),))
    begun = _begun(word, shelf)
    if begun:
        return Concept(word, _best(begun))
    for guess in _guesses(word, shelf):
        if guess in lexicon.weak() or guess in lexicon.stop():
            return NOTHING_MORE
        ways = [way._replace(surety=way.surety * SLIP) for way in _ways(guess, shelf)]
        if ways:
            return Concept(word, _best(ways), read=guess)
    # Nobody offers breakfast for seniors: then breakfast, or something for seniors, is better than nothing.
    pieces = lexicon.parts().stems(word) or apart
    return Concept(
        word, tuple(Way("words", (one,), A_PART) for one in pieces if shelf.knows("words", (one,)))
    )


def _ways(word: str, shelf: Shelf) -> list[Way]:
    """Return everything that a word as it stands can lead to."""
    own = stem(word)
    ways = [*_as_it_stands([word], shelf), *_meant([word], shelf)]
    pieces = lexicon.parts().stems(word)
    if pieces and shelf.knows("words", pieces):
        ways.append(Way("words", pieces, IN_PARTS))
    ways += [Way("words", (term,), INSIDE) for term in _inside(own, shelf)]
    return ways


def _as_it_stands(said: Sequence[str], shelf: Shelf) -> list[Way]:
    key = tuple(dict.fromkeys(stem(word) for word in said))
    return [Way("words", key, ITSELF)] if shelf.knows("words", key) else []


def _meant(said: Sequence[str], shelf: Shelf) -> list[Way]:
    """Return what words stand for, as far as any offer here answers to it."""
    key = tuple(stem(word) for word in said)
    places = [Way("space", (space.id,), SPACE) for space in shelf.spaces.get(key, ())]
    for meanings in shelf.lexicon.meanings(said):
        ways = [way for way in (*map(_way, meanings), *places) if shelf.knows(way.kind, way.key)]
        if ways:
            return ways
    return []


def _way(meaning: Meaning) -> Way:
    surety = {"words": SYNONYM, "topic": TOPIC, "audience": TOPIC_BY_NAME}.get(meaning.kind, PROPERTY)
    return Way(meaning.kind, meaning.key, TOPIC_BY_NAME if meaning.is_name else surety)


def _inside(own: str, shelf: Shelf) -> Iterator[str]:
    """Yield the words that begin or end with a stem, for compounds with parts that nobody has listed."""
    if len(own) < 5 or not own.isascii():  # noqa: PLR2004 - shorter ones are inside of anything
        return
    count = 0
    for term in shelf.words_with(own):
        if term != own and (term.startswith(own) or term.endswith(own)) and shelf.has(term):
            yield term
            count += 1
            if count >= MOST_GUESSES:
                return


def _apart(word: str, shelf: Shelf) -> Stems:
    """Return the stems of two words of the region that make up a compound nobody has written there."""
    folded = fold(word)
    if not folded.isascii():
        return ()
    for cut in range(4, len(folded) - 3):
        first, second = folded[:cut], folded[cut:]
        if shelf.has(stem(second)):
            known = next((one for one in (first, *_unlinked(first)) if shelf.has(stem(one))), None)
            if known:
                return stem(known), stem(second)
    return ()


def _unlinked(first: str) -> Iterator[str]:
    """Yield the first part of a compound without the letters that link it: "geburts" → "geburt"."""
    for link in ("s", "n", "es", "en"):
        if first.endswith(link) and len(first) > len(link) + 3:
            yield first[: -len(link)]


def _begun(word: str, shelf: Shelf) -> list[Way]:
    """Return the ways of words that begin like a word half typed."""
    folded = fold(word)
    if len(folded) < 3:  # noqa: PLR2004
        return []
    longer = shelf.words_from(folded)[:MOST_GUESSES]
    found = [way for one in longer for way in _ways(one, shelf)]
    return [way._replace(surety=way.surety * BEGUN) for way in found]


def _guesses(word: str, shelf: Shelf) -> list[str]:
    """Return the words most like a mistyped one; two neighbouring letters swapped are one slip (OSA)."""
    folded = fold(word)
    if len(folded) < 4 or folded.isdigit():  # noqa: PLR2004
        return []
    slips = 1 if len(folded) < 8 else 2  # noqa: PLR2004
    # Few mistype the first letter; and "Sohn" is not "John", "Zimmer" not "immer".
    known = shelf.words_from(folded[0])
    near = process.extract(folded, known, scorer=OSA.distance, score_cutoff=slips, limit=MOST_GUESSES)
    alike = sorted((found, one) for one, found, _ in near)
    return [one for _, one in alike[:NEAREST]]


def _best(ways: Sequence[Way]) -> tuple[Way, ...]:
    """Return each way once, by its greatest surety."""
    found: dict[tuple[str, tuple[str | int, ...]], Way] = {}
    for way in ways:
        known = found.get((way.kind, way.key))
        if known is None or known.surety < way.surety:
            found[way.kind, way.key] = way
    return tuple(found.values())
