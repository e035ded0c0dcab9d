"""An opened index: all that a search needs in memory, of one state of a region; replaced, never changed."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from api.search.analysis import fold, words
from api.search.cards import Cards
from api.search.documents import phrase
from api.search.index import Reading, State
from api.search.lexicon import Lexicon, Stems, stems
from api.search.table import Chunk, Table, Vocabulary
from api.search.tags import Mask

MOST_PHRASES: Final = 200  # kept: what has been asked in quotes
Gains = NDArray[np.float32]


class Where(NamedTuple):
    """A space as people name it."""

    id: int
    name: str
    slug: str
    is_resident: bool


class Words(NamedTuple):
    """All words of a region's offers: for slips of the pen and words half typed."""

    written: Sequence[str]  # folded, in order
    stems: frozenset[str]


class Shelf:
    """The offers of a region as text and as columns."""

    def __init__(
        self,
        reading: Reading,
        chunks: Mapping[str, Chunk],
        vocabulary: Vocabulary,
        lexicon: Lexicon,
        spaces: Sequence[Where],
    ) -> None:
        """Join what the segments hold; chunks: the columns of each segment by its name."""
        self.state: State = reading.state
        self.segments = [segment for segment, _ in reading.segments]
        self._some_are_gone = any(deleted for _, deleted in reading.segments)
        self.lexicon = lexicon
        kept = []
        self._rows: list[NDArray[np.int64]] = []
        first = 0
        for segment, deleted in reading.segments:
            is_kept = segment.is_row.copy()
            is_kept[list(deleted)] = False
            numbers = np.where(is_kept, first + np.cumsum(is_kept) - 1, -1)
            first += int(is_kept.sum())
            self._rows.append(numbers)
            kept.append((chunks[segment.name], is_kept[segment.is_row]))
        self.table = Table(kept, vocabulary)
        self._said = [
            said
            for segment, (_, is_kept) in zip(self.segments, kept, strict=True)
            for said, is_here in zip(segment.said, is_kept.tolist(), strict=True)
            if is_here
        ]
        self._phrases: dict[Stems, Mask] = {}
        self.cards = Cards()
        # What each label and property finds, filled in by api.search.ranking as it is asked for.
        self.answers: dict[tuple[str, tuple[str | int, ...]], tuple[NDArray[np.int64], Gains]] = {}
        self._gains: dict[str, tuple[NDArray[np.int64], Gains]] = {}
        self.spaces: dict[Stems, list[Where]] = {}
        for space in spaces:
            self.spaces.setdefault(stems(space.name), []).append(space)
        self.longest = max([lexicon.longest, *(len(key) for key in self.spaces)])

    def take_over(self, older: "Shelf") -> None:
        """Keep the cards of offers that are still the same as in an older shelf of the region.

        What a card shows of other tables either makes its offer a changed one (migration 0004) or is part of
        the words and the vocabulary.
        """
        if older.lexicon is self.lexicon and older.table.vocabulary == self.table.vocabulary:
            here = {id(row) for row in self.table.rows}  # rows that are read again are other objects
            self.cards = older.cards.but({row.id for row in older.table.rows if id(row) not in here})

    def postings(self, term: str) -> tuple[NDArray[np.int64], Gains]:
        """Return the rows of the offers that have a term, and its weight in each."""
        known = self._gains.get(term)
        if known is None:
            found, weights = [], []
            for segment, numbers in zip(self.segments, self._rows, strict=True):
                documents, gains = segment.postings(term)
                rows = numbers[documents]
                found.append(rows[rows >= 0])
                weights.append(gains[rows >= 0])
            known = self._gains[term] = np.concatenate(found), np.concatenate(weights)
        return known

    def saying(self, stems: Stems) -> Mask:
        """Return the rows in which some stems follow each other."""
        known = self._phrases.get(stems)
        if known is None:
            if len(self._phrases) >= MOST_PHRASES:
                self._phrases.clear()
            known = self._phrases[stems] = np.zeros(len(self.table), np.bool_)
            looked_for = phrase(stems)
            rows = set.intersection(*(set(self.postings(stem)[0].tolist()) for stem in stems))
            known[[row for row in rows if looked_for in self._said[row]]] = True
        return known

    def knows(self, kind: str, key: Sequence[str | int]) -> bool:
        """Return whether any offer here can answer to words or to a label; see api.search.question.Way."""
        if kind == "words":
            return all(self.has(str(term)) for term in key) and (len(key) == 1 or self._together(key))
        table = self.table
        labels = {
            "topic": table.topics,
            "audience": table.audiences,
            "language": table.languages,
            "space": table.spaces,
        }
        return kind not in labels or key[0] in labels[kind].borne

    def has(self, term: str) -> bool:
        """Return whether any offer has a stem; segments also know the words of offers that are gone."""
        return term in self.words.stems and (not self._some_are_gone or len(self.postings(term)[0]) > 0)

    def _together(self, terms: Sequence[str | int]) -> bool:
        """Return whether any offer has all of some stems."""
        rows = [set(self.postings(str(term))[0].tolist()) for term in terms]
        return bool(set.intersection(*rows))

    @cached_property
    def words(self) -> Words:
        """Return the words of all offers and of the lexicon, for what nobody has written exactly so."""
        written = {word for segment in self.segments for word in segment.words} | set(self.lexicon.written)
        return Words(sorted(written), frozenset(term for segment in self.segments for term in segment.terms))

    def words_from(self, beginning: str) -> list[str]:
        """Return the words that begin with some letters, in order."""
        written = self.words.written
        return list(written[bisect_left(written, beginning) : bisect_left(written, f"{beginning}\U0010ffff")])

    def words_with(self, letters: str) -> Iterator[str]:
        """Yield the stems that contain some letters."""
        text, at = self._all_stems, 0
        while (at := text.find(letters, at)) >= 0:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            yield text[start:end]
            at = end

    @cached_property
    def place_names(self) -> list[str]:
        """Return the names of places that have one, in order."""
        return sorted({str(place[1]) for row in self.table.rows for place in row.places if place[1]})

    @cached_property
    def _all_stems(self) -> str:
        """All stems as one text: searching that is one call, not one for each."""
        return "\n" + "\n".join(sorted(self.words.stems)) + "\n"

    @cached_property
    def names(self) -> list[tuple[str, int]]:
        """Return the words of offers' names, folded and in order, each with the row of its offer."""
        return sorted(
            (fold(word), row) for row, offer in enumerate(self.table.rows) for word in words(offer.name)
        )
