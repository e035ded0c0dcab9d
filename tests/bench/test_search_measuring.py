"""Searches are compared on the same questions, in the same order, and over all offers."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from api.core.db import make_engine
from api.core.geo import LonLat
from api.main import create_api
from bench.__main__ import _parser
from bench.installation import Installation
from bench.load import LoadError
from bench.region import Plan
from bench.search import contenders
from bench.search.asking import Ask, Local, asks, local, path
from bench.search.contenders import Contender, OurSearch, PostgresSearch, TantivySearch
from bench.search.engine import Filter
from bench.search.figures import figures, p95, times_as_long
from bench.search.measure import blocks, opened
from bench.search.parts import PARTS
from bench.search.turns import BLOCK, Times
from tests.bench.conftest import OFFERS

ONE, OTHER = Local(1, Plan(1, 100), {7: "a:7", 8: "a:8"}), Local(2, Plan(2, 100), {27: "b:7", 28: "b:8"})


def asked(*new: bool, region: int = 1) -> list[Ask]:
    return [Ask(region, f"Wort{number}", Filter(), is_new) for number, is_new in enumerate(new)]


def times(first: Sequence[float], again: Sequence[float]) -> Times:
    return Times(30.0, list(first), list(again))


def test_a_question_is_new_while_one_of_its_words_is() -> None:
    said: set[str] = set()
    for _, text, _, is_new in asks(ONE, 300, 1):
        words = set(text.lower().split())
        assert is_new <= (not words <= said)
        said |= words
    assert sum(ask.is_new for ask in asks(ONE, 600, 1)) > 400


def test_regions_get_corresponding_questions() -> None:
    moved = {7: 27, 8: 28, None: None}
    for here, there in zip(asks(ONE, 300, 1), asks(OTHER, 300, 1), strict=True):
        assert (here.text, here.is_new) == (there.text, there.is_new)
        assert moved[here.wanted.space_id] == there.wanted.space_id
        assert (here.wanted.near is None) == (there.wanted.near is None)


def test_a_path_asks_the_same() -> None:
    near = LonLat(6.1, 47.6)
    wanted = Filter("kita", "familien", "tr", 7, cost_free=True, space_id=8, near=near, metres=500.0)
    said = parse_qs(urlsplit(path(("Rat & Tat", wanted), ONE.stadtteile)).query)
    assert said == {
        "q": ["Rat & Tat"],
        "topic": ["kita"],
        "audience": ["familien"],
        "language": ["tr"],
        "age": ["7"],
        "cost_free": ["true"],
        "space": ["a:8"],
        "near": ["6.1,47.6"],
        "metres": ["500.0"],
    }
    assert path(("Rat", Filter()), {}) == "/api/v1/search?q=Rat"


def test_figures_of_new_words_leave_the_others_out() -> None:
    found = figures(asked(True, False, True), times([4, 100, 8], [1, 2, 3]))
    assert found["new_p50"] == 6
    assert found["new_p95"] == pytest.approx(7.8)
    assert (found["known_p50"], found["opening"], found["first"]) == (2, 30, 4)


def test_figures_of_one_region_leave_the_others_out() -> None:
    every = [*asked(True, True), *asked(True, True, region=2)]
    found = figures(every, times([1, 1, 9, 9], [2, 2, 5, 5]), region=2)
    assert (found["new_p50"], found["known_p95"], found["first"]) == (9, 5, 9)


def test_the_95th_percentile_is_what_few_exceed() -> None:
    assert p95([float(number) for number in range(1, 102)]) == 96


def test_the_bound_is_the_faster_one_in_each_round() -> None:
    def rounds(*values: float) -> list[dict[str, float]]:
        return [{"new_p95": value} for value in values]

    assert times_as_long(rounds(10, 10, 10), rounds(1, 20, 30), rounds(5, 5, 20), name="new_p95") == 2


def test_blocks_mix_regions_and_keep_the_order_of_each() -> None:
    lists = [list(asks(at, BLOCK + 30, 1)) for at in (ONE, OTHER)]
    made = blocks(lists, Random(1))
    assert [len(block) for block in made] == [2 * BLOCK, 60]
    for at, list_ in zip((ONE, OTHER), lists, strict=True):
        assert [ask for block in made for ask in block if ask.region == at.id] == list_
    turns = [ask.region for ask in made[0]]
    assert turns != sorted(turns)


def test_open_regions_are_different_and_begin_with_the_copy() -> None:
    numbers = opened(100)
    assert (len(set(numbers)), numbers[0]) == (20, 47)
    assert all(1 <= number <= 100 for number in numbers)
    assert len(set(opened(20))) == 20


def test_the_command_line_takes_the_search_whole_or_in_parts() -> None:
    assert _parser().parse_args([]).search == ()
    assert _parser().parse_args(["--search"]).search == PARTS
    assert _parser().parse_args(["--search", "--without-speed"]).search == PARTS
    assert _parser().parse_args(["--search", "http", "sizes"]).search == ["http", "sizes"]
    with pytest.raises(SystemExit):
        _parser().parse_args(["--search", "nothing"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(contenders, "INDEX", tmp_path)
    return tmp_path


def test_every_search_holds_all_offers_when_opened_anew(installation: Installation, folder: Path) -> None:
    at = local(installation, Plan(1, OFFERS))
    made: list[Contender] = [
        OurSearch(installation.url),
        PostgresSearch(installation.url, guesses=True),
        PostgresSearch(installation.url, guesses=False),
        TantivySearch(installation.url),
    ]
    grid = at.plan.grid()
    near = LonLat(grid.west + grid.width / 2, grid.south + grid.height / 2)
    wishes = (
        Filter(space_id=next(iter(at.stadtteile))),
        Filter(near=near, metres=5000),
        Filter(age=7, cost_free=True),
    )
    totals = []
    for contender in made:
        built = contenders.build(contender, at.id, OFFERS)
        assert 0.01 < built["megabytes"] < 10
        assert built["seconds"] > 0
        with ExitStack() as until:
            engine = contender.open([at.id], until)[at.id]
            totals.append([engine.find("", wanted).total for wanted in wishes])
    assert totals[1:] == totals[:1] * (len(totals) - 1)
    assert all(totals[0])


def test_missing_offers_spoil_the_measurement(installation: Installation, folder: Path) -> None:
    with pytest.raises(LoadError, match="150 statt 151"):
        contenders.build(TantivySearch(installation.url), local(installation, Plan(1, OFFERS)).id, OFFERS + 1)


def test_every_question_is_one_that_the_api_answers(installation: Installation) -> None:
    at = local(installation, Plan(1, OFFERS))
    engine = make_engine(installation.url)
    with TestClient(create_api(engine), base_url=f"http://{at.plan.host}") as client:
        paths = [path(question, at.stadtteile).removeprefix("/api/v1") for question in at.questions(40, 1)]
        totals = [client.get(asked).raise_for_status().json()["total"] for asked in paths]
    engine.dispose()
    assert any(totals)
