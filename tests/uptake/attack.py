"""Somebody who reads everything that is published, knows the rules, and asks what hidden numbers can be.

The attacker knows which cells there are, that numbers are whole and not negative, below what a hidden one
must be, every published number, and which cells are parts of which sums. Linear programming (HiGHS) does the
rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

Name = Any  # whatever tells cells apart


class Sum(NamedTuple):
    """That some cells together are a number, or at most one."""

    cells: Mapping[Name, int]  # with their factors
    value: int
    is_most: bool = False


class Known(NamedTuple):
    """What can be known about hidden cells: the least and the most that each can be, by its name."""

    lowest: dict[Name, float]
    highest: dict[Name, float]

    @property
    def apart(self) -> dict[Name, float]:
        """How far apart the least and the most are."""
        return {name: self.highest[name] - self.lowest[name] for name in self.lowest}


def attack(limits: Mapping[Name, int], sums: Iterable[Sum]) -> Known:
    """Return what can be known about cells that are at most their limits, given these sums.

    Sums that share no cell, by no detour either, say nothing about each other: each group is solved alone.
    """
    found = Known({}, {})
    for names, of_names in _groups(limits, list(sums)):
        if not of_names:
            (name,) = names
            found.lowest[name], found.highest[name] = 0, limits[name]
            continue
        # Cells that stand in the same sums with the same limit are alike: one of them stands for all.
        kinds: dict[tuple[int, tuple[tuple[int, int], ...]], list[Name]] = {}
        for name in names:
            stands = tuple((i, one.cells[name]) for i, one in enumerate(of_names) if name in one.cells)
            kinds.setdefault((limits[name], stands), []).append(name)
        for alike in kinds.values():
            low, high = (_extreme(alike[0], names, limits, of_names, sign) for sign in (1, -1))
            found.lowest.update(dict.fromkeys(alike, low))
            found.highest.update(dict.fromkeys(alike, high))
    return found


def _extreme(
    name: Name, names: Sequence[Name], limits: Mapping[Name, int], sums: Sequence[Sum], sign: int
) -> float:
    at = {one: i for i, one in enumerate(names)}
    goal = np.zeros(len(names))
    goal[at[name]] = sign
    equal, most = [one for one in sums if not one.is_most], [one for one in sums if one.is_most]
    answer = linprog(
        goal,
        A_eq=_rows(equal, at),
        b_eq=[one.value for one in equal] or None,
        A_ub=_rows(most, at),
        b_ub=[one.value for one in most] or None,
        bounds=[(0, limits[one]) for one in names],
        method="highs",
    )
    assert answer.success, answer.message
    return round(sign * float(answer.fun), 6)


def _rows(sums: Sequence[Sum], at: Mapping[Name, int]) -> csr_array | None:
    if not sums:
        return None
    rows = [(i, at[name], factor) for i, one in enumerate(sums) for name, factor in one.cells.items()]
    lines, columns, values = zip(*rows, strict=True)
    return csr_array((values, (lines, columns)), shape=(len(sums), len(at)))


def _groups(limits: Mapping[Name, int], sums: Sequence[Sum]) -> list[tuple[list[Name], list[Sum]]]:
    """Return the cells that have to do with each other, with their sums."""
    leader: dict[Name, Name] = {name: name for name in limits}

    def find(name: Name) -> Name:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for one in sums:
        first, *others = one.cells
        for other in others:
            leader[find(other)] = find(first)
    groups: dict[Name, tuple[list[Name], list[Sum]]] = {}
    for name in limits:
        groups.setdefault(find(name), ([], []))[0].append(name)
    for one in sums:
        groups[find(next(iter(one.cells)))][1].append(one)
    return list(groups.values())
