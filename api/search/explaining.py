"""Why an offer was found, and what somebody probably meant."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from api.search import lexicon
from api.search.analysis import fold, tokens, words
from api.search.cards import Card
from api.search.question import Question
from api.search.ranking import Judged
from api.search.shelf import Shelf

SpanDict = dict[str, int]
WhyDict = dict[str, bool | list[str] | list[SpanDict]]


class Reasons:
    """Says of each offer found why it was found."""

    def __init__(self, question: Question, shelf: Shelf | None, judged: Judged | None) -> None:
        """Gather what was meant; without a shelf or a question there are no reasons."""
        self._question = question
        self._shelf = shelf
        self._judged = judged
        ways = [way for concept in question.concepts for way in concept.ways]
        self._words = {str(term) for way in ways if way.kind == "words" for term in way.key}
        self._topics = {str(way.key[0]) for way in ways if way.kind == "topic"}
        self._languages = {str(way.key[0]) for way in ways if way.kind == "language"}

    def of(self, card: Card) -> WhyDict:
        """Return why an offer was found, as api.search.schemas.Why."""
        name, summary = _spans(card.name, self._words), _spans(card.summary, self._words)
        provider = _spans(card.provider, self._words)
        topics = self._topics_of(card)
        return {
            "name": name,
            "summary": summary,
            "provider": provider,
            "elsewhere": bool(self._question.concepts) and not (name or summary or provider or topics),
            "topics": topics,
            "languages": sorted(self._languages.intersection(card.languages)),
            "missing": self._missing(card),
        }

    def _topics_of(self, card: Card) -> list[str]:
        if not self._topics or self._shelf is None:
            return []
        above = self._shelf.table.vocabulary.above
        return sorted(
            {slug for topic in card.topics for slug in (topic, above.get(topic, ""))} & self._topics
        )

    def _missing(self, card: Card) -> list[str]:
        if self._judged is None or self._shelf is None:
            return []
        row = self._shelf.table.row_of[card.offer_id]
        answers = zip(self._question.concepts, self._judged.answers, strict=True)
        return [concept.said for concept, answered in answers if not answered[row]]


def did_you_mean(said: str, question: Question, shelf: Shelf | None, found: Sequence[Card]) -> str | None:
    """Return a question with slips mended, written as the offers found write it; None: nothing was mended."""
    if shelf is None:
        return None
    mended = said
    for concept in question.concepts:
        if concept.read:
            mended = mended.replace(concept.said, _written(concept.read, shelf, found))
    return mended if mended != said else None


def _spans(said: str, meant: set[str]) -> list[SpanDict]:
    """Return where words stand that were meant, whole or as a part of a compound, without overlaps."""
    if not meant or not said:
        return []
    marks = _marks(said)
    found = sorted({mark for stem in marks.keys() & meant for mark in marks[stem]})
    spans: list[SpanDict] = []
    for start, end in found:
        if not spans or spans[-1]["end"] <= start:
            spans.append({"start": start, "end": end})
    return spans


@lru_cache(maxsize=20_000)
def _marks(said: str) -> dict[str, list[tuple[int, int]]]:
    """Return where each stem of a text stands, alone or as a part of a compound."""
    parts = lexicon.parts()
    marks: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for token in tokens(said):
        for found in {token.stem, *parts.stems(said[token.start : token.end])}:
            marks[found].append((token.start, token.end))
    return dict(marks)


def _written(word: str, shelf: Shelf, found: Sequence[Card]) -> str:
    """Return a folded word as people write it: with capitals and umlauts."""
    for card in found:
        for one in words(f"{card.name} {card.summary}"):
            if fold(one) == word:
                return one
    return shelf.lexicon.written.get(word, word)
