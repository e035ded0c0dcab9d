"""Which offers answer a question, and how well."""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from api.core import clock
from api.core.geo import LonLat
from api.search.question import Concept, Question, Way
from api.search.shelf import Shelf
from api.search.table import OLDEST, Table
from api.search.tags import Mask

ENOUGH: Final = 10  # offers that answer everything: then those that answer a part are left out
MOST: Final = 0.5  # of what is asked for, by weight, an offer has to answer even if there are few
NEED: Final = 1.6  # how much more a word weighs that names a need, a language or a Stadtteil than any other
FIRST_TOPIC: Final = 1.0  # an offer is foremost about its first topic
OTHER_TOPIC: Final = 0.75
STEPS: Final = 8  # in which scores differ; within one, what is nearer or checked later comes first
# What an offer loses that is overdue for a check, on the way there in proportion: a third of the least step
# at most, so that it comes after what is about as good and fresh, and never after what is clearly worse.
FADE: Final = 0.02

Scores = NDArray[np.float32]
Answers = tuple[NDArray[np.int64], Scores]


class Judged(NamedTuple):
    """The rows that answer a question, each with the share of it that it answers (0 to 1) and a score."""

    found: Mask
    share: Scores
    score: Scores
    answers: list[Mask]  # for each concept


def judge(shelf: Shelf, question: Question) -> Judged:
    """Return what answers a question: all that is asked for and, if that is little, the greater part of it.

    A concept weighs more the fewer offers answer it (idf, as in BM25). What is enough does not depend on
    filters, so a filter narrows a result and never changes it otherwise.
    """
    size = len(shelf.table)
    gains = [concept_gain(shelf, concept) for concept in question.concepts]
    weights = [
        _weight(gain, size) * (NEED if _names_a_need(concept) else 1.0)
        for gain, concept in zip(gains, question.concepts, strict=True)
    ]
    answers = [gain > 0 for gain in gains]
    total = sum(weights)
    if not total:
        nothing = np.zeros(size, np.float32)
        return Judged(np.zeros(size, np.bool_), nothing, nothing, answers)
    share = _sum([weight * answer for weight, answer in zip(weights, answers, strict=True)], size) / total
    score = _sum([weight * gain for weight, gain in zip(weights, gains, strict=True)], size) / total
    found = share > 0.999  # noqa: PLR2004 - all of it, but for rounding
    if found.sum() < ENOUGH:
        best = float(share.max(initial=0.0))
        # If nothing answers the greater part, what answers most of it is better than nothing.
        found = share >= min(MOST, best) - 0.001 if best else found
    return Judged(found, share, score, answers)


def order(shelf: Shelf, judged: Judged, rows: NDArray[np.int64], near: LonLat | None) -> NDArray[np.int64]:
    """Return the rows, best first: whole answers, then by score; of equals the nearer or later checked."""
    table = shelf.table
    away = table.nearest(near)[rows] if near else np.zeros(len(rows))
    keys = (
        table.by_name[rows],
        -table.verified_on[rows],
        away,
        -np.round(judged.score[rows] * freshness(table, rows) * STEPS * 2),
        -np.round(judged.share[rows] * 100),
    )
    found: NDArray[np.int64] = rows[np.lexsort(keys)]
    return found


def freshness(table: Table, rows: NDArray[np.int64]) -> Scores:
    """Return what a score is worth by the last check: 1 until it is due, then falling, 1 - FADE when overdue.

    An offer that was never checked counts as overdue.
    """
    today = clock.today(table.vocabulary.zone).toordinal()
    due_on, overdue_on = table.due_on[rows], table.overdue_on[rows]
    age = np.clip((today - due_on) / np.maximum(overdue_on - due_on, 1), 0, 1)
    age[table.verified_on[rows] == 0] = 1
    worth: Scores = (1 - FADE * age).astype(np.float32)
    return worth


def concept_gain(shelf: Shelf, concept: Concept) -> Scores:
    """Return how well each row answers a concept, 0 to 1: by its words, by what it is, or better by both."""
    by_words = np.zeros(len(shelf.table), np.float32)
    by_itself = np.zeros(len(shelf.table), np.float32)
    for way in concept.ways:
        rows, gains = _answers(shelf, way)
        gain = by_words if way.kind == "words" else by_itself
        gain[rows] = np.maximum(gain[rows], gains * np.float32(way.surety))
    return 1 - (1 - by_words) * (1 - by_itself)


def _answers(shelf: Shelf, way: Way) -> Answers:
    """Return the rows that answer in one way, each once, and how well."""
    if way.kind == "words":
        return _all_words(shelf, [str(term) for term in way.key])
    known = shelf.answers.get((way.kind, way.key))
    if known is None:
        known = shelf.answers[way.kind, way.key] = _by_itself(shelf, way)
    return known


def _by_itself(shelf: Shelf, way: Way) -> Answers:
    """Return the rows that answer by what they are, whatever their words."""
    table = shelf.table
    key = way.key[0] if way.key else ""
    if way.kind == "age":
        return _of_age(table, int(key))
    if way.kind == "topic":
        rows = np.flatnonzero(table.topics.any_of([key]))
        is_first = table.first_topics.any_of([key])[rows]
        return rows, np.where(is_first, FIRST_TOPIC, OTHER_TOPIC).astype(np.float32)
    found = {
        "audience": lambda: table.audiences.any_of([key]),
        "language": lambda: table.languages.any_of([key]),
        "space": lambda: table.at_place(table.spaces.any_of([key])),
        "free": lambda: table.is_free,
        "wheelchair": lambda: table.is_accessible,
        "at_home": lambda: table.outreach,
        "walk_in": lambda: table.is_walk_in,
    }
    rows = np.flatnonzero(found[way.kind]())  # type: ignore[no-untyped-call]
    return rows, np.ones(len(rows), np.float32)


def _of_age(table: Table, age: int) -> Answers:
    """Return the rows that are open to an age; those that say so are surer than those for everybody."""
    rows = np.flatnonzero((table.min_age <= age) & (table.max_age >= age))
    says_so = (table.min_age[rows] > 0) | (table.max_age[rows] < OLDEST)
    return rows, np.where(says_so, 1.0, 0.3).astype(np.float32)


def _all_words(shelf: Shelf, terms: list[str]) -> Answers:
    """Return the rows that have all of some words, with the weight of the least."""
    rows, gains = shelf.postings(terms[0])
    for term in terms[1:]:
        others, weights = shelf.postings(term)
        rows, here, there = np.intersect1d(rows, others, assume_unique=True, return_indices=True)
        gains = np.minimum(gains[here], weights[there])
    return rows, gains


def _names_a_need(concept: Concept) -> bool:
    return any(way.kind in ("topic", "language", "space") for way in concept.ways)


def _weight(gain: Scores, size: int) -> float:
    found = int((gain > 0).sum())
    return math.log(1 + (size - found + 0.5) / (found + 0.5)) + 0.1 if found else 0.0


def _sum(parts: list[Scores], size: int) -> Scores:
    return np.sum(parts, axis=0, dtype=np.float32) if parts else np.zeros(size, np.float32)
