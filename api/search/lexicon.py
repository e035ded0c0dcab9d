"""What words mean: stop words, synonyms, and what people name in many tongues: topics, groups, properties."""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from babel import Locale

from api.core.build import ROOT
from api.search.analysis import Parts, fold, stem, words
from api.taxonomy.schemas import AudienceOut, TopicOut

FOLDER: Final = ROOT / "data" / "words"
# Languages that offers are given in, and the tongues in which people name them.
SPOKEN: Final = (
    "de",
    "en",
    "tr",
    "ar",
    "uk",
    "ru",
    "pl",
    "ro",
    "bg",
    "fr",
    "es",
    "it",
    "fa",
    "ku",
    "vi",
    "sr",
    "sq",
    "ti",
    "el",
    "pt",
)
NAMED_IN: Final = ("de", "en", "tr", "ar", "uk", "ru")
GIVEN: Final = {
    "kurdisch": "ku",
    "persisch": "fa",
    "farsi": "fa",
    "dari": "fa",
    "vietnamesisch": "vi",
    "gebärdensprache": "sgn",
}

Stems = tuple[str, ...]


class Meaning(NamedTuple):
    """One thing that a word can stand for.

    kind: "words" (other words, as stems), "topic", "audience", "language" (keys of these), or the property
    "free", "wheelchair", "at_home", "walk_in".
    """

    kind: str
    key: Stems
    is_name: bool = False  # of the topic itself, not one of many words that lead to it


class Lexicon:
    """Knows what is said with a word or a phrase; phrases are named by the stems of their words."""

    def __init__(self, topics: Iterable[TopicOut], audiences: Iterable[AudienceOut]) -> None:
        """Add the vocabulary of an installation to the words that come with the program."""
        self.written: dict[str, str] = {}  # folded word → as it is written
        self._meanings: dict[Stems, list[Meaning]] = defaultdict(list)
        self._as_written: dict[Stems, list[Meaning]] = defaultdict(list)
        for group in _groups():
            keys = list(dict.fromkeys(key for key in map(stems, group) if key))
            for phrase in group:
                self._say([phrase], *(Meaning("words", key) for key in keys if key != stems(phrase)))
        said = _toml("topics")
        for topic in _every(topics):
            known = [word for tongue in said.get(topic.slug, {}).values() for word in tongue]
            self._say(topic.names.values(), Meaning("topic", (topic.slug,), is_name=True))
            self._say([*topic.synonyms, *known], Meaning("topic", (topic.slug,)))
        groups = _toml("audiences")
        for audience in audiences:
            known = groups.get(audience.slug, {}).get("words", [])
            self._say([*audience.names.values(), *known], Meaning("audience", (audience.slug,)))
        for code, names in _languages().items():
            self._say(names, Meaning("language", (code,)))
        for kind, signs in _toml("signs").items():
            self._say(signs, Meaning(kind, ()))
        self.longest = max((len(key) for key in self._meanings), default=1)

    def meanings(self, phrase: Sequence[str]) -> tuple[Sequence[Meaning], Sequence[Meaning]]:
        """Return what the words of a phrase stand for as they are written, and by their stems.

        They part ways in "rent", which is not "Rente" although both have one stem.
        """
        as_written = self._as_written.get(_any_order(fold(word) for word in phrase), ())
        return as_written, self._meanings.get(_any_order(stem(word) for word in phrase), ())

    def _say(self, phrases: Iterable[str], *meanings: Meaning) -> None:
        for phrase in phrases:
            every, telling = words(phrase), _telling(phrase)
            # "ohne Termin" must not be what "Termin" stands for.
            said = [every] if len(telling) < min(len(every), 2) else [every, telling]
            for part in said:
                self._let_stand(part, meanings)
            self._remember(phrase)

    def _let_stand(self, said: Sequence[str], meanings: Sequence[Meaning]) -> None:
        for known, letters in ((self._as_written, fold), (self._meanings, stem)):
            here = known[_any_order(letters(word) for word in said)]
            here += [meaning for meaning in meanings if meaning not in here]

    def _remember(self, phrase: str) -> None:
        for word in words(phrase):
            if len(word) > 2:  # noqa: PLR2004 - shorter ones are no help against slips of the pen
                self.written.setdefault(fold(word), word)


def stems(phrase: str) -> Stems:
    """Return the stems of the words of a phrase that say something: "Brief vom Amt" → brief, amt."""
    return tuple(stem(word) for word in _telling(phrase))


def _telling(phrase: str) -> list[str]:
    every = words(phrase)
    return [word for word in every if not says_nothing(word)] or every


def _any_order(key: Iterable[str]) -> Stems:
    """Return the key of words that people put in any order: "Anträge ausfüllen", "Ausfüllen von Anträgen"."""
    return tuple(sorted(key))


def says_nothing(word: str) -> bool:
    """Return whether a word as it is written is a stop word; "iş" (work) is not, though "is" is one."""
    folded = fold(word)
    if folded not in stop():
        return False
    return word.isascii() or not folded.isascii() or word.casefold() in _lines("stop")


@cache
def stop() -> frozenset[str]:
    """Return the words that say nothing at all, folded."""
    return frozenset(fold(word) for word in _lines("stop"))


@cache
def weak() -> frozenset[str]:
    """Return the words that ask for help without saying for which, folded."""
    return frozenset(fold(word) for word in _lines("weak"))


@cache
def parts() -> Parts:
    """Return the known parts of German compounds."""
    return Parts(_lines("parts"))


@cache
def _groups() -> list[list[str]]:
    text = (FOLDER / "synonyms.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [[word.strip() for word in row if word.strip()] for row in csv.reader(lines)]


@cache
def _languages() -> Mapping[str, list[str]]:
    """Return the names of languages in the tongues of our visitors, and as their speakers call them."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in SPOKEN:
        for tongue in {*NAMED_IN, code}:
            name = Locale.parse(tongue).languages.get(code)
            if name:
                found[code].append(name)
    for name, code in GIVEN.items():
        found[code].append(name)
    return found


def _every(topics: Iterable[TopicOut]) -> Iterable[TopicOut]:
    for topic in topics:
        yield topic
        yield from topic.children


@cache
def _lines(name: str) -> list[str]:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def _toml(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
