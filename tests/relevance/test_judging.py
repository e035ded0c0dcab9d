"""The measures are what the textbooks say, and the files of queries and grades are whole."""

from math import isnan, log2
from pathlib import Path

import pytest

from tests.relevance.__main__ import table
from tests.relevance.judging import (
    Query,
    by_kind,
    figures,
    judge,
    judge_all,
    ndcg,
    read_grades,
    read_queries,
    written,
)

GRADES = {"best": 3, "good": 2, "fair": 1, "bad": 0}
QUERY = Query("kita", "one", "Day care")


def test_ndcg_is_what_one_computes_by_hand() -> None:
    ideal = 7 + 3 / log2(3) + 1 / 2
    assert ndcg(["good", "best"], GRADES) == pytest.approx((3 + 7 / log2(3)) / ideal)
    assert ndcg(["bad", "strange", "best"], GRADES) == pytest.approx(7 / 2 / ideal)
    assert ndcg(["fair"], GRADES) == pytest.approx(1 / ideal)


def test_a_perfect_ranking_has_1_and_an_empty_one_0() -> None:
    assert ndcg(["best", "good", "fair", "bad"], GRADES) == 1
    assert ndcg(["best", "good", "fair", "strange"], GRADES) == 1
    assert ndcg([], GRADES) == 0
    assert ndcg(["best"], {}) == 0


def test_only_the_first_ten_count() -> None:
    many = {f"good-{number}": 2 for number in range(15)}
    assert ndcg(list(many)[:10], many) == 1
    assert ndcg([f"strange-{number}" for number in range(10)] + ["best"], GRADES) == 0


@pytest.mark.parametrize(
    ("first", "is_success"), [("best", True), ("good", True), ("fair", False), ("strange", False)]
)
def test_a_first_result_that_helps_is_a_success(first: str, is_success: bool) -> None:
    assert judge(QUERY, [first, "best" if first != "best" else "good"], GRADES).is_success is is_success


def test_nothing_is_no_success() -> None:
    judged = judge(QUERY, [], GRADES)
    assert (judged.found, judged.is_success, judged.is_answerable) == (0, False, True)


def test_an_offer_that_stands_twice_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        judge(QUERY, ["best", "best"], GRADES)


def test_zero_hits_count_where_there_was_an_answer_only() -> None:
    queries = [
        QUERY,
        Query("baby", "one", "Help"),
        Query("zzz", "nonsense", ""),
        Query("yyy", "nonsense", ""),
    ]
    grades = {"kita": GRADES, "baby": {"fair": 1}, "yyy": {"bad": 0}}
    answers = {"kita": ["best", "good", "fair"], "baby": [], "zzz": [], "yyy": ["bad"]}
    judged = judge_all(answers.__getitem__, queries, grades)
    parts = by_kind(judged)
    assert list(parts) == ["one", "nonsense", "all"]
    assert parts["all"].queries == 4
    assert (parts["all"].ndcg, parts["all"].success, parts["all"].zero_hits) == (0.5, 0.5, 0.5)
    assert parts["all"].found_nothing == 0.5
    assert isnan(parts["nonsense"].ndcg)
    assert isnan(figures([]).zero_hits)
    assert table("none", parts).count("\n") == 5


def test_grades_are_read_as_they_were_written(tmp_path: Path) -> None:
    grades = {'"Frühe Hilfen"': {"b": 3, "a": 3, "c": 0}, "a\\b": {"a": 1}, "السكن": {}, "iş": {"a.b": 2}}
    path = tmp_path / "grades.toml"
    path.write_text(written(grades), encoding="utf-8")
    assert read_grades(path) == grades
    assert path.read_text(encoding="utf-8").splitlines()[0] == (
        '"\\"Frühe Hilfen\\"" = { "a" = 3, "b" = 3, "c" = 0 }'
    )


def test_a_grade_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "grades.toml"
    path.write_text('"kita" = { "a" = 4 }\n', encoding="utf-8")
    with pytest.raises(ValueError, match="kita"):
        read_grades(path)


def test_there_are_queries_enough_and_none_twice() -> None:
    queries = read_queries()
    assert len(queries) >= 120
    assert len({query.text for query in queries}) == len(queries)
    assert all(bool(query.need) is (query.kind != "nonsense") for query in queries)
