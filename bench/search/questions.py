"""Mixed queries over the made-up offers, as people type them: the same in every run, most of them once."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Self

from api.core.geo import LonLat
from bench import words
from bench.region import Plan
from bench.search.engine import Filter
from bench.vocabulary import FOLDER, Vocabulary
from importers.strict import read_toml
from importers.taxonomy import TopicsFile

Question = tuple[str, Filter]

PLAN: Final = Plan(1, 10_000)
MOST_WORDS: Final = 3
SHORTEST: Final = 4  # letters of a word that is misspelt, cut off or taken from a sentence
REPEATED: Final = 0.1  # of the questions were asked before
FILTERED: Final = 0.4  # of the questions have filters: each of them in this share of those
OFTEN, SOMETIMES = 0.5, 0.25
METRES: Final = (500.0, 1000.0, 2000.0, 5000.0)
OLDEST: Final = 90  # years
LETTERS: Final = "abcdefghijklmnopqrstuvwxyzäöüß"


@dataclass(frozen=True)
class Words:
    """What questions are made of."""

    plain: list[str]  # words of names, places, topics and descriptions
    parts: list[tuple[str, str]]  # names that are written as one word
    forms: list[tuple[str, str]]  # a topic's word and what is done about it, written as two
    synonyms: list[str]

    @classmethod
    def read(cls) -> Self:
        """Return the words of the generator and of data/taxonomy."""
        topics = read_toml(FOLDER / "topics.toml", TopicsFile).topics
        terms = [term for parent in topics for term in (parent, *parent.children)]
        names = [word for term in terms for word in _long_words(term.de)]
        parts = [(stem, end) for stem in words.STEMS for end in (*words.QUARTERS, *words.STREETS)]
        sentences = _long_words(" ".join((*words.OPENINGS, *words.MIDDLES, *words.CLOSINGS)))
        plain = [
            *(stem + end for stem, end in parts),
            *[*_long_words(" ".join((*words.FORMS, *words.HOUSES, *words.CARRIERS))), *names] * 4,
            *sentences,
        ]
        forms = [(name, form) for name in names for form in words.FORMS if " " not in form]
        return cls(plain, parts, forms, [synonym for term in terms for synonym in term.synonyms])


class Asker:
    """Somebody who types all kinds of things, from one stream of chance."""

    def __init__(self, seed: int, plan: Plan, space_ids: Sequence[int]) -> None:
        """Begin the stream; without ids of spaces, no question asks for a space."""
        self.chance = Random(f"questions/{seed}")  # noqa: S311 - the same questions in every run
        self.plan = plan
        self.space_ids = space_ids
        self.words = Words.read()
        self.topics = [slug for slug, _ in Vocabulary.read().topics]

    def question(self) -> Question:
        """Return a text and a filter."""
        kinds: dict[Callable[[], list[str]], int] = {
            self.plain: 45,
            self.misspelt: 20,
            self.unfinished: 15,
            self.compound: 10,
            self.synonym: 10,
        }
        (kind,) = self.chance.choices(list(kinds), list(kinds.values()))
        text = " ".join(kind())
        return text if self.chance.random() < SOMETIMES else text.lower(), self.filter()

    def plain(self) -> list[str]:
        """Return one to three words, each as it stands."""
        return self.chance.choices(self.words.plain, k=self.chance.randint(1, MOST_WORDS))

    def misspelt(self) -> list[str]:
        """Return some words, of which the longest has a slip."""
        said = self.plain()
        place = max(range(len(said)), key=lambda number: len(said[number]))
        said[place] = slip(self.chance, said[place])
        return said

    def unfinished(self) -> list[str]:
        """Return some words, of which the last is still being typed."""
        *done, last = self.plain()
        return [*done, last[: self.chance.randint(min(SHORTEST, len(last)) - 1, len(last) - 1)]]

    def compound(self) -> list[str]:
        """Return one word in two, or two in one, other than the data has it."""
        if self.chance.random() < OFTEN:
            return list(self.chance.choice(self.words.parts))
        first, second = self.chance.choice(self.words.forms)
        return [first + second.lower()]

    def synonym(self) -> list[str]:
        """Return another word for a topic, alone or with a word beside it."""
        said = [self.chance.choice(self.words.synonyms)]
        return said if self.chance.random() < OFTEN else [*said, self.chance.choice(self.words.plain)]

    def filter(self) -> Filter:
        """Return what else is wanted; mostly nothing."""
        if self.chance.random() >= FILTERED:
            return Filter()
        topic = self.chance.choice(self.topics) if self._happens(OFTEN) else None
        age = self.chance.randint(0, OLDEST) if self._happens(SOMETIMES) else None
        cost_free = self._happens(SOMETIMES)
        space_id = self.chance.choice(self.space_ids) if self._happens(OFTEN) and self.space_ids else None
        near = self._point() if space_id is None and self._happens(SOMETIMES) else None
        metres = self.chance.choice(METRES)
        return Filter(topic=topic, age=age, cost_free=cost_free, space_id=space_id, near=near, metres=metres)

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _point(self) -> LonLat:
        grid = self.plan.grid()
        east, north = self.chance.uniform(0.2, 0.8), self.chance.uniform(0.2, 0.8)
        return LonLat(round(grid.west + grid.width * east, 5), round(grid.south + grid.height * north, 5))


def questions(number: int, seed: int, *, plan: Plan = PLAN, space_ids: Sequence[int] = ()) -> list[Question]:
    """Return so many questions about the region of a plan: a fifth misspelt, some unfinished, some filtered.

    space_ids: what may be asked for as a space, as the database has numbered them; none: nobody asks.
    """
    asker = Asker(seed, plan, space_ids)
    asked: list[Question] = []
    while len(asked) < number:
        again = asked and asker.chance.random() < REPEATED
        asked.append(asker.chance.choice(asked) if again else asker.question())
    return asked


def slip(chance: Random, word: str) -> str:
    """Return the word with two letters swapped, or one missing, doubled or wrong; never just as it was."""
    if len(word) < SHORTEST:
        return word + chance.choice(LETTERS)
    while True:
        at = chance.randrange(1, len(word) - 1)
        before, letter, after, rest = word[:at], word[at], word[at + 1], word[at + 2 :]
        spelt = chance.choice(
            [
                before + after + letter + rest,
                before + after + letter + rest,
                before + after + rest,
                before + letter + letter + after + rest,
                before + chance.choice(LETTERS) + after + rest,
            ]
        )
        if spelt != word:
            return spelt


def _long_words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text) if len(word) >= SHORTEST]
