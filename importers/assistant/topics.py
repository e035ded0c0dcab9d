"""Which topics and audiences follow from which words of a list: rules that people can read and correct."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from api.core.build import ROOT
from api.core.text import fold
from api.taxonomy.models import Audience, Topic
from importers.assistant.draft import RuleGuess
from importers.assistant.profile import Profile
from importers.rules import Rule
from importers.values import as_text

WORDS: Final = ROOT / "data" / "words"
TONGUES: Final = ("de", "en")
SHORTEST: Final = 4  # letters of a word that may stand inside another …
ALWAYS: Final = 0.8  # … if it begins or ends a word this often
DISTINCT: Final = 40  # values of a column of categories at most
USUAL: Final = 0.6  # share of different values above which a column names things instead of sorting them
FEW_ROWS: Final = 10
MOST: Final = 12  # words of a rule
SHOWN: Final = 3
LONG: Final = 7  # letters
# They are in half of all texts and say nothing about the topic.
VAGUE: Final = frozenset(map(fold, (
    "Amt", "Haus", "Hilfe", "Beratung", "Eltern", "Mutter", "Vater", "Kinder", "Kind", "Familie", "Jugend",
    "Frauen", "Männer", "Gruppe", "Schule", "Verein", "Treff", "Arbeit", "Lernen", "Leben", "Kurs", "Geld",
    "Familienhilfe", "Freizeit", "School", "Family", "Help", "Work", "Book", "Post", "Begleitung", "Zentrum",
    "Rente", "Essen", "Pflege", "Trennung", "Streit", "Geburt", "Baby", "begleiten", "Rathaus", "Unterlagen",
    "Stelle", "Bude", "Deutsch", "Krise", "Umgang", "Buch", "Austausch", "Pass", "Betreuung", "Lehrer",
    "Praxis",
    "Miete", "Erziehung", "Integration", "Krippe", "Sprache", "Termin", "Bescheid", "Arzt", "Job", "Health",
    "Behörde", "Jugendamt", "Ferien", "Ausbildung", "Wohnung", "Grundschule", "Treffpunkt", "Kinderbetreuung",
    "Fest", "Spielen", "Reden", "Reise", "Garten", "Kleidung", "Training", "Bewegung", "Gesundheit", "Angst",
)))  # fmt: skip


Words = dict[str, dict[str, str]]  # slug → folded word → as it is written


@dataclass
class Themes:
    """Rules with their reasons, what is given where none holds, and how many rows have no topic."""

    rules: list[Rule] = field(default_factory=list)
    reasons: list[RuleGuess] = field(default_factory=list)
    default: list[str] = field(default_factory=list)
    default_reason: str = ""
    without: int = 0


@dataclass(frozen=True)
class Vocabulary:
    """What topics and audiences are called, in the order of the page."""

    topics: Words
    audiences: Words


def vocabulary(session: Session) -> Vocabulary:
    """Return the words of an installation's topics and audiences, with those that come with the program."""
    told, groups = _words("topics"), _words("audiences")
    topics = session.scalars(select(Topic).order_by(col(Topic.position), col(Topic.id)))
    audiences = session.scalars(select(Audience).order_by(col(Audience.position), col(Audience.id)))
    return Vocabulary(
        {one.slug: _folded([*_names(one), *one.synonyms, *_said(told, one.slug)]) for one in topics},
        {one.slug: _folded([*_names(one), *groups.get(one.slug, {}).get("words", [])]) for one in audiences},
    )


def guess(
    profiles: dict[str, Profile], categories: Sequence[str], texts: Sequence[str], groups: Sequence[str],
    file: str, known: Vocabulary,
) -> Themes:  # fmt: skip
    """Return the rules: categories and groups are columns of few values, texts say what is offered."""
    found = Themes()
    rows = len(next(iter(profiles.values())).cells) if profiles else 0
    covered = [False] * rows
    for column in categories:
        _by_values(profiles[column], known.topics, "topics", found, covered)
    for column in groups:
        _by_values(profiles[column], known.audiences, "audiences", found, [False] * rows)
    if texts:
        _by_text([profiles[column] for column in texts], known.topics, found, covered)
    if not all(covered):
        found.default = _of_file(file, known)
        found.default_reason = f"Der Dateiname „{file}“ nennt es; für Zeilen, auf die keine Regel zutrifft"
        found.without = 0 if found.default else covered.count(False)
    return found


def sorts(profile: Profile) -> bool:
    """Return whether a column sorts the rows: few values, each of several rows."""
    return 1 <= len(profile.different) <= DISTINCT and (
        profile.distinctness < USUAL or len(profile.filled) < FEW_ROWS
    )


def _by_values(profile: Profile, known: Words, kind: str, found: Themes, covered: list[bool]) -> None:
    cells = [as_text(cell) for cell in profile.cells]
    values = Counter(cell for cell in cells if cell)
    meant: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for value in values:
        slugs = _meanings(value, known)
        if slugs:
            meant[slugs].append(value)
    for slugs, those in meant.items():
        rule = Rule.model_validate({"column": profile.name, "equals": those, kind: list(slugs)})
        count = sum(values[value] for value in those)
        covered[:] = [is_covered or cell in those for is_covered, cell in zip(covered, cells, strict=True)]
        said = _listed(those)
        found.rules.append(rule)
        found.reasons.append(RuleGuess(reason=f"In „{profile.name}“ steht {said}", rows=count))


def _meanings(text: str, known: Words) -> tuple[str, ...]:
    """Return what a short text names: the topic whose longest word stands in it."""
    folded = fold(text)
    hits = {
        slug: max((len(word) for word in words if _stands(word, folded)), default=0)
        for slug, words in known.items()
    }
    longest = max(hits.values(), default=0)
    return tuple(slug for slug, length in hits.items() if length == longest)[:1] if longest else ()


def _by_text(texts: list[Profile], known: Words, found: Themes, covered: list[bool]) -> None:
    rows = [
        fold(" ¶ ".join(map(as_text, cells))) for cells in zip(*(one.cells for one in texts), strict=True)
    ]
    everything = " ¶ ".join(rows)
    columns = [one.name for one in texts]
    claimed: dict[str, str] = {}
    rules = []
    for slug, words in known.items():
        usable = sorted(word for word in words if word not in VAGUE and _is_telling(word, everything))
        hits = {word: sum(word in row for row in rows) for word in usable}
        chosen = sorted(hits, key=lambda word: -hits[word])[:MOST]
        chosen = [word for word in chosen if claimed.setdefault(word, slug) == slug]
        holds = [any(word in row for word in chosen) for row in rows]
        if any(holds):
            rules.append((slug, [words[word] for word in chosen], holds))
    for slug, chosen, holds in rules:
        covered[:] = [one or other for one, other in zip(covered, holds, strict=True)]
        found.rules.append(Rule(columns=columns, contains=chosen, topics=[slug]))
        found.reasons.append(RuleGuess(reason=f"Im Text steht {_listed(chosen)}", rows=sum(holds)))


def _is_telling(word: str, everything: str) -> bool:
    """Return whether a word is there, and nearly always begins a word; longer ones may end it as well.

    "einsam" is in "gemeinsam" and "sucht" ends "besucht", but "Krabbelgruppe" is what it is.
    """
    if len(word) < SHORTEST:
        return False
    total = everything.count(word)
    edge = _edged(word) if len(word) >= LONG else _begun(word)
    return bool(total) and len(edge.findall(everything)) >= total * ALWAYS


def _stands(word: str, text: str) -> bool:
    return bool((_edged(word) if len(word) >= SHORTEST else _alone(word)).search(text))


@cache
def _edged(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}|{re.escape(word)}\b")


@cache
def _begun(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}")


@cache
def _alone(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}\b")


def _of_file(file: str, known: Vocabulary) -> list[str]:
    words = re.findall(r"[^\W\d_]+", file.rpartition(".")[0])
    # English names of files are plural: "libraries", "sport-centers".
    single = [re.sub(r"ers$", "re", re.sub(r"ies$", "y", word)) for word in words]
    return list(_meanings(" ".join([*words, "¶", *single]), known.topics)) if words else []


def _listed(words: Sequence[str]) -> str:
    said = ", ".join(f"„{word}“" for word in words[:SHOWN])
    return f"{said} und {len(words) - SHOWN} weitere" if len(words) > SHOWN else said


def _names(one: Topic | Audience) -> list[str]:
    return [one.names[tongue] for tongue in TONGUES if one.names.get(tongue)]


def _said(told: dict[str, dict[str, list[str]]], slug: str) -> list[str]:
    return [word for tongue in TONGUES for word in told.get(slug, {}).get(tongue, [])]


def _folded(words: Iterable[str]) -> dict[str, str]:
    return {folded: word for word in words if (folded := fold(word))}


@cache
def _words(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((WORDS / f"{name}.toml").read_text(encoding="utf-8"))
