"""Plans are exact: as good as trying everything, and they never clash."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest

from api.plans.outings import VISIT_MINUTES, Option, Window
from api.plans.roofs import NEAR_METRES
from api.plans.solving import Solution, solve
from tests.family.families import Question, question, tried


def check(seed: int) -> None:
    asked = question(Random(seed))
    found = solve(asked.worries, asked.options, asked.between)
    most, costs = tried(asked)
    assert {one.cost for one in found} == costs
    assert len(found) == len(costs)
    for one in found:
        assert one.worries.bit_count() == most
        check_dates(one, asked)


def check_dates(plan: Solution, asked: Question) -> None:
    """No two visits clash, and each lies within hours of its day; one way a day."""
    days = [outing.day for outing in plan.outings if outing.day is not None]
    assert len(set(days)) == len(days)
    for outing in plan.outings:
        spans: list[tuple[int, int]] = []
        for stop in outing.stops:
            for option in stop.options:
                if not option.windows:
                    continue
                begins = stop.begins[option.visit]
                fitting = [w for w in option.windows if w.day == outing.day and w.opens <= begins < w.closes]
                stays = min(VISIT_MINUTES, max(w.closes - w.opens for w in fitting))
                assert any(begins + min(VISIT_MINUTES, w.closes - w.opens) <= w.closes for w in fitting)
                spans.append((begins, begins + min(stays, VISIT_MINUTES)))
        roofs = [stop.roof for stop in outing.stops]
        if len(roofs) == 2:
            assert asked.between[min(roofs), max(roofs)] <= NEAR_METRES
        begun = sorted(set(spans))
        assert all(one[1] <= other[0] for one, other in pairwise(begun))


# The last ones were found by breaking the solver: they need each of its rules.
@pytest.mark.parametrize("seeds", [range(20), range(20, 40), (179, 13)], ids=["20", "40", "hard"])
def test_plans_are_those_of_trying_everything(seeds: Sequence[int]) -> None:
    for seed in seeds:
        check(seed)


@pytest.mark.proof
@pytest.mark.parametrize("first", range(40, 1040, 50))
def test_a_thousand_plans_are_those_of_trying_everything(first: int) -> None:
    for seed in range(first, first + 50):
        check(seed)


def at(
    worry: int, roof: int, metres: int, *windows: tuple[int, int, int], offer: int | None = None
) -> Option:
    number = 10 * worry + roof if offer is None else offer
    return Option(worry, number, number, roof, metres, 3, 0, tuple(Window(*one) for one in windows))


def ways(plans: Sequence[Solution]) -> list[list[tuple[int | None, list[int]]]]:
    return [[(way.day, [stop.roof for stop in way.stops]) for way in plan.outings] for plan in plans]


def test_one_roof_comes_before_three_near_doors() -> None:
    doors = [at(worry, worry, 100, (0, 600, 720)) for worry in range(3)]
    house = [at(worry, 9, 900, (3, 600, 780)) for worry in range(3)]
    between = {(one, other): 600.0 for one in range(10) for other in range(one + 1, 10)}
    fewest = min(solve(3, [*doors, *house], between), key=lambda plan: plan.cost)
    assert ways([fewest]) == [[(3, [9])]]


def test_what_is_open_at_the_same_half_hour_takes_two_ways() -> None:
    found = solve(2, [at(0, 1, 100, (0, 600, 630), (7, 600, 630)), at(1, 1, 100, (0, 600, 630))], {})
    assert ways(found) == [[(0, [1]), (7, [1])]] or ways(found) == [[(7, [1]), (0, [1])]]


def test_two_doors_that_are_near_are_one_way() -> None:
    options = [at(0, 1, 1000, (2, 540, 720)), at(1, 2, 1000, (2, 540, 720))]
    (near,) = solve(2, options, {(1, 2): 300.0})
    assert (near.cost.trips, near.cost.metres) == (1, 2300)
    # Farther away it would be a second way, and there is only one day.
    assert {plan.worries.bit_count() for plan in solve(2, options, {(1, 2): 501.0})} == {1}
    (late,) = solve(2, [options[0], at(1, 2, 1000, (2, 540, 590))], {(1, 2): 300.0})
    assert [stop.roof for stop in late.outings[0].stops] == [2, 1]


def test_only_one_of_two_that_clash_is_in_the_plan() -> None:
    found = solve(2, [at(0, 1, 100, (0, 600, 630)), at(1, 2, 500, (0, 600, 630))], {(1, 2): 2000.0})
    assert {plan.worries for plan in found} == {1}


def test_who_comes_home_takes_no_way() -> None:
    home = Option(0, 5, None, -1, 0, 3)
    (plan,) = solve(2, [home, at(0, 1, 10, (0, 600, 700)), at(1, 1, 10, (0, 600, 700))], {})[:1]
    assert plan.at_home == (home,)
    assert plan.cost.trips == 1
