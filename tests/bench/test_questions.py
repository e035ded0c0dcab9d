"""The questions of the measurements are mixed, seldom repeated and the same every time."""

from random import Random

from bench.search.engine import Filter
from bench.search.questions import PLAN, Asker, questions, slip

SPACES = [7, 8, 9]
ASKED = questions(1000, 1, space_ids=SPACES)


def test_the_same_seed_asks_the_same() -> None:
    assert questions(1000, 1, space_ids=SPACES) == ASKED
    assert questions(50, 2) != questions(50, 1)


def test_most_questions_are_asked_once() -> None:
    assert len(set(ASKED)) > 0.85 * len(ASKED)
    assert len(set(ASKED)) < len(ASKED)


def test_questions_have_a_few_words() -> None:
    assert all(text.strip() for text, _ in ASKED)
    assert {1, 2, 3} <= {len(text.split()) for text, _ in ASKED}
    assert max(len(text) for text, _ in ASKED) < 100


def test_some_questions_have_filters_of_each_kind() -> None:
    filters = [wanted for _, wanted in ASKED if wanted != Filter(metres=wanted.metres)]
    assert 0.2 < len(filters) / len(ASKED) < 0.5
    for name in ("topic", "age", "cost_free", "space_id", "near"):
        assert sum(bool(getattr(wanted, name)) for wanted in filters) > 20, name
    assert {wanted.space_id for wanted in filters} == {None, *SPACES}


def test_points_lie_in_the_region() -> None:
    grid = PLAN.grid()
    for _, wanted in ASKED:
        if wanted.near:
            assert grid.west < wanted.near.lon < grid.west + grid.width
            assert grid.south < wanted.near.lat < grid.south + grid.height


def test_nobody_asks_for_a_space_without_spaces() -> None:
    assert all(wanted.space_id is None for _, wanted in questions(200, 3))


def test_a_slip_changes_a_word_but_little() -> None:
    chance = Random(1)
    for word in ("Beratung", "Kurs", "ab", "aaaa", "Otto"):
        for _ in range(50):
            slipped = slip(chance, word)
            assert slipped != word
            assert abs(len(slipped) - len(word)) <= 1


def test_an_unfinished_question_ends_within_a_word() -> None:
    asker = Asker(5, PLAN, [])
    for _ in range(200):
        last = asker.unfinished()[-1]
        assert len(last) >= 3
        assert any(word.startswith(last) and word != last for word in asker.words.plain)


def test_a_compound_is_one_word_in_two_or_two_in_one() -> None:
    asker = Asker(6, PLAN, [])
    together = {"".join(parts) for parts in asker.words.parts}
    for _ in range(50):
        said = asker.compound()
        assert len(said) == 1 or "".join(said) in together
