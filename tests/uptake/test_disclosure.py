"""Nobody can tell a hidden number, give or take 2, from everything that is published in a year."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.uptake import rules
from api.uptake.models import REST, Event
from api.uptake.rules import Cell
from tests.uptake.attack import Name, Sum, attack
from tests.uptake.year import Month, shown, year

GIVE_OR_TAKE = 2


def told(months: list[Month]) -> list[tuple[Name, float]]:
    """Hidden cells of months that can be told too well, with how far apart the most and the least are."""
    found = []
    for month in months:
        known = attack(*shown(month))
        found += [(name, apart) for name, apart in known.apart.items() if apart <= 2 * GIVE_OR_TAKE]
    return found


@pytest.mark.parametrize(("seed", "spaces", "busy"), [(1, 6, 3.0), (2, 12, 12.0)])
def test_no_hidden_number_can_be_told(seed: int, spaces: int, busy: float) -> None:
    months = list(year(seed, spaces, busy))
    assert told(months[:2]) == []
    known = [attack(*shown(month)) for month in months[:1]]
    # What the attacker works out is true, and there is something to work out.
    for month, found in zip(months, known, strict=False):
        values: dict[Name, int] = {**month.counts, **month.cases}
        assert all(found.lowest[name] <= values[name] <= found.highest[name] for name in found.lowest)
    published = [number for month in months for number in rules.publish(month.counts).values()]
    assert 0.1 < sum(number is not None for number in published) / len(published) < 0.9


@pytest.mark.proof
@pytest.mark.parametrize("spaces", [1, 2, 3, 5, 12, 40])
@pytest.mark.parametrize("busy", [0.3, 2.0, 12.0, 80.0])
def test_no_hidden_number_of_a_whole_year_can_be_told_anywhere(spaces: int, busy: float) -> None:
    for seed in range(5):
        assert told(list(year(1000 + seed, spaces, busy))) == []


@given(
    st.sampled_from(["familie", "sucht"]),
    st.lists(st.integers(0, 30), min_size=1, max_size=12),
    st.dictionaries(st.integers(1, 6), st.integers(0, 12), max_size=6),
)
def test_no_choice_of_numbers_opens_a_way(topic: str, numbers: list[int], cases: dict[int, int]) -> None:
    counts = {Cell(Event.LISTED, topic, str(space)): number for space, number in enumerate(numbers)}
    while sum(cases.values()) > sum(numbers):
        cases = {case: number // 2 for case, number in cases.items()}
    assert told([Month(counts, cases)]) == []
    published = rules.publish(counts)
    assert all(number is None or number >= rules.shown_from(topic) for number in published.values())


def test_the_worked_out_range_is_what_linear_programming_finds() -> None:
    for limit in (6, 10):
        for hidden in range(1, 6):
            for total in range(hidden * (limit - 1) + 1):
                cells = dict.fromkeys(range(hidden), limit - 1)
                known = attack(cells, [Sum(dict.fromkeys(cells, 1), total)])
                is_wide = min(known.apart.values()) > 2 * GIVE_OR_TAKE
                assert rules.is_safe(total, hidden, limit) == (is_wide and total >= limit)


def test_who_knows_the_rule_learns_nothing_from_what_is_missing() -> None:
    """Why a sum is not shown must not tell: whatever leads to it, a hidden cell can still be anything."""
    for limit, most in ((6, 4), (10, 3)):
        for hidden in range(1, most + 1):
            left = Counter[int]()
            for code in range(limit**hidden):
                numbers = [code // limit**i % limit for i in range(hidden)]
                if not rules.is_safe(sum(numbers), hidden, limit):
                    left[numbers[0]] += 1
            assert set(left) == set(range(limit))


# The test can fail: careless publishers are caught.


def naive(month: Month, least: int) -> list[tuple[Name, float]]:
    """What can be told if small cells are hidden, and all sums of topics and Stadtteile are shown."""
    limits: dict[Name, int] = {c: least - 1 for c, number in month.counts.items() if number < least}
    sums = []
    for place in (1, 2):
        groups: dict[tuple[Event, str], list[Cell]] = {}
        for cell in month.counts:
            groups.setdefault((cell.event, cell[place]), []).append(cell)
        for cells in groups.values():
            hidden = {cell: 1 for cell in cells if cell in limits}
            if hidden:
                sums.append(Sum(hidden, sum(month.counts[cell] for cell in hidden)))
    known = attack(limits, sums)
    return [(name, apart) for name, apart in known.apart.items() if apart <= 2 * GIVE_OR_TAKE]


def test_sums_in_two_directions_are_caught() -> None:
    month = next(year(3, 4, 6.0))
    found = naive(month, rules.SHOWN_FROM_IF_SENSITIVE)
    assert found
    assert any(apart == 0 for _name, apart in found)


def test_hiding_below_five_alone_is_caught() -> None:
    assert set(attack({"x": 4}, []).apart.values()) == {4}
    assert min(attack({"x": rules.SHOWN_FROM - 1}, []).apart.values()) > 2 * GIVE_OR_TAKE


def test_a_rest_of_two_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {Cell(Event.OPENED, "kita", space): number for space, number in (("a", 5), ("b", 4), ("c", 40))}
    assert told([Month(counts, {})]) == []
    monkeypatch.setattr(rules, "is_safe", lambda *_said: True)
    assert dict(told([Month(counts, {})])) == dict.fromkeys(list(counts)[:2], 1)


def test_case_types_that_fill_the_lists_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    month = Month({Cell(Event.LISTED, "kita", "a"): 32}, {1: 20, 2: 12, 3: 0})
    assert told([month]) == []
    monkeypatch.setattr(
        rules, "publish_cases", lambda cases, _listed: {c: n if n >= 10 else None for c, n in cases.items()}
    )
    assert told([month]) == [(3, 0)]


# Differencing: one number minus another.


def test_no_cell_stands_in_two_published_numbers() -> None:
    for month in year(4, 8, 5.0):
        published = rules.publish(month.counts)
        covered = Counter[Cell]()
        for cell, number in published.items():
            if number is None:
                continue
            parts = [cell] if cell.space_key != REST else _hidden(published, cell)
            assert number == sum(month.counts[part] for part in parts)
            covered.update(parts)
        assert set(covered.values()) <= {1}


def test_publishing_the_same_again_with_more_is_caught() -> None:
    """Sums since January, published month by month, give a hidden month away by subtraction."""
    months = list(year(5, 4, 6.0))[:2]
    cell = next(
        cell
        for cell, number in months[1].counts.items()
        if cell.topic == "familie" and 0 < number < rules.SHOWN_FROM <= months[0].counts[cell]
    )
    before, now = months[0].counts[cell], months[0].counts[cell] + months[1].counts[cell]
    known = attack({cell: rules.SHOWN_FROM - 1}, [Sum({cell: 1}, now - before)])
    assert known.apart == {cell: 0}


def _hidden(published: Mapping[Cell, int | None], rest: Cell) -> list[Cell]:
    return [
        cell
        for cell, number in published.items()
        if cell[:2] == rest[:2] and cell.space_key != REST and number is None
    ]
