"""How good rankings are: graded queries, and the measures nDCG@10, success@1 and zero-hit rate."""

import json
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
DEPTH: Final = 10
HIGHEST: Final = 3
GOOD: Final = 2  # from here on a result satisfies

Grades = Mapping[str, int]  # by the slug of an offer: 0 useless, 1 related, 2 helps, 3 just this
Ask = Callable[[str], Sequence[str]]  # a query's text to slugs, the best first


@dataclass(frozen=True)
class Query:
    """What somebody types, of what kind it is, and what would satisfy them (nothing, if empty)."""

    text: str
    kind: str
    need: str


@dataclass(frozen=True)
class Judged:
    """One engine's answer to one query."""

    query: Query
    found: int  # of the results looked at
    is_answerable: bool
    ndcg: float
    is_success: bool


@dataclass(frozen=True)
class Figures:
    """Means over some queries; over the answerable ones, except for the last."""

    queries: int
    ndcg: float
    success: float
    zero_hits: float
    found_nothing: float  # share of the queries that nothing answers which rightly find nothing


def read_queries(path: Path = FOLDER / "queries.toml") -> list[Query]:
    """Return all queries in the order of the file."""
    return [Query(**one) for one in tomllib.loads(path.read_text(encoding="utf-8"))["query"]]


def read_grades(path: Path = FOLDER / "grades.toml") -> dict[str, dict[str, int]]:
    """Return the grades of each query's judged offers; raise ValueError for a grade that does not exist."""
    grades: dict[str, dict[str, int]] = tomllib.loads(path.read_text(encoding="utf-8"))
    for text, judged in grades.items():
        if wrong := {slug: grade for slug, grade in judged.items() if grade not in range(HIGHEST + 1)}:
            raise ValueError(f"{text}: {wrong}")
    return grades


def written(grades: Mapping[str, Grades]) -> str:
    """Return grades as grades.toml holds them: a line for each query, the best offers first."""
    return "".join(f"{_quoted(text)} = {_table(judged)}\n" for text, judged in grades.items())


def ndcg(ranking: Sequence[str], grades: Grades, depth: int = DEPTH) -> float:
    """Return the normalized discounted cumulative gain, 0 to 1: gain 2^grade - 1, discount log2(rank + 1).

    What was not judged has grade 0; the ideal is made of all that was judged; without any gain it is 0.
    (Järvelin and Kekäläinen 2002; gain and discount as Burges et al. 2005 have them.)
    """
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain(grades.get(slug, 0) for slug in ranking[:depth]) / ideal if ideal else 0.0


def judge(query: Query, ranking: Sequence[str], grades: Grades) -> Judged:
    """Return how good a ranking is; an offer that stands in it twice is a mistake."""
    assert len(set(ranking)) == len(ranking), query.text
    return Judged(
        query,
        found=len(ranking),
        is_answerable=any(grade > 0 for grade in grades.values()),
        ndcg=ndcg(ranking, grades),
        is_success=bool(ranking) and grades.get(ranking[0], 0) >= GOOD,
    )


def judge_all(ask: Ask, queries: Iterable[Query], grades: Mapping[str, Grades]) -> list[Judged]:
    """Ask all queries and return how good the answers are."""
    return [judge(query, ask(query.text), grades.get(query.text, {})) for query in queries]


def figures(judged: Sequence[Judged]) -> Figures:
    """Return the means; a mean over nothing is NaN."""
    answerable = [one for one in judged if one.is_answerable]
    others = [one for one in judged if not one.is_answerable]
    return Figures(
        len(judged),
        _mean([one.ndcg for one in answerable]),
        _mean([one.is_success for one in answerable]),
        _mean([one.found == 0 for one in answerable]),
        _mean([one.found == 0 for one in others]),
    )


def by_kind(judged: Sequence[Judged]) -> dict[str, Figures]:
    """Return the means of each kind of query, and of "all"."""
    kinds = dict.fromkeys(one.query.kind for one in judged)
    parts = {kind: figures([one for one in judged if one.query.kind == kind]) for kind in kinds}
    return {**parts, "all": figures(judged)}


def _gain(grades: Iterable[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def _table(grades: Grades) -> str:
    ordered = sorted(grades.items(), key=lambda item: (-item[1], item[0]))
    return (
        "{ " + ", ".join(f"{_quoted(slug)} = {grade}" for slug, grade in ordered) + " }" if grades else "{}"
    )


def _quoted(text: str) -> str:
    """Return a basic string of TOML; JSON writes the same, except for the letter DEL."""
    return json.dumps(text, ensure_ascii=False)
