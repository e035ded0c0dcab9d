"""What is to be graded holds everything that was found, and not who has found it."""

import json

from sqlalchemy import Engine as Database

from bench.search.corpus import Document
from bench.search.engine import Engine
from tests.relevance.engines import asking
from tests.relevance.judging import Query
from tests.relevance.pool import lines, pooled

QUERY = Query("kita", "one", "Day care")


def first(_text: str) -> list[str]:
    return [f"a-{number}" for number in range(12)]


def second(_text: str) -> list[str]:
    return ["b", "a-3"]


def test_the_union_of_the_first_ten_is_shuffled_the_same_way_each_time() -> None:
    found = pooled([first, second], QUERY)
    assert sorted(found) == sorted(["b", *first("")[:10]])
    assert found not in (sorted(found), [*first("")[:10], "b"])
    assert found == pooled([second, first], QUERY)


def test_lines_say_all_of_an_offer_and_nothing_of_engines(
    baseline: Engine, demo: Database, offers: dict[int, Document]
) -> None:
    by_slug = {document.slug: document for document in offers.values()}
    query = Query("hilfe mit jobcenter brief", "several", "Help with a letter")
    (line,) = lines([asking(baseline, demo)], [query], by_slug)
    told = json.loads(line)
    assert set(told) == {"query", "need", "documents"}
    assert len(told["documents"]) == 10
    assert all(one["name"] == by_slug[one["slug"]].name for one in told["documents"])
    assert all(len(one["description"]) <= 600 for one in told["documents"])
    assert "tantivy" not in line.lower()
