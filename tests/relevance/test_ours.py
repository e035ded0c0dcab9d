"""Our search on the demo region: good enough, better than others, and silent where there is nothing."""

from collections.abc import Iterator
from typing import Final

import pytest
from sqlalchemy import Engine as Database

from bench.search.engine import Filter
from bench.search.ours import Ours
from tests.relevance import engines
from tests.relevance.judging import Ask, figures, judge_all, read_grades, read_queries

GOOD: Final = 0.90
BETTER: Final = 0.05
MOST_ZERO_HITS: Final = 0.02
# Made of letters that mean nothing; the other nonsense has a word in it that stands for something here.
MEANINGLESS: Final = ("asdfghjk", "qwertzuiop yxcv", "Schnurpfelkraut", "99999", "zzzzzz", "raumschiff")


@pytest.fixture(scope="module")
def ours(demo: Database) -> Iterator[Ours]:
    opened = engines.ours(demo)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ask(ours: Ours, demo: Database) -> Ask:
    return engines.asking(ours, demo)


def ndcg(ask: Ask) -> float:
    return figures(judge_all(ask, read_queries(), read_grades())).ndcg


def test_there_are_enough_queries_and_all_are_graded() -> None:
    queries = read_queries()
    assert len(queries) >= 120
    assert {query.text for query in queries} == set(read_grades())


def test_finds_what_people_need(ask: Ask) -> None:
    found = figures(judge_all(ask, read_queries(), read_grades()))
    assert found.ndcg >= GOOD
    assert found.zero_hits <= MOST_ZERO_HITS


def test_finds_it_better_than_the_baselines(ask: Ask, demo: Database) -> None:
    with engines.postgres(demo) as postgres:
        others = [ndcg(engines.asking(postgres, demo)), ndcg(engines.asking(engines.tantivy(demo), demo))]
    assert ndcg(ask) >= max(others) + BETTER


@pytest.mark.parametrize("text", MEANINGLESS)
def test_nonsense_finds_nothing(ours: Ours, text: str) -> None:
    assert ours.find(text, Filter()).total == 0
