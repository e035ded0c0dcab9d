"""A year of use of an invented region, and what its publisher shows of it, as an attacker reads it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from api.uptake import rules
from api.uptake.models import REST, Event
from api.uptake.rules import Cell
from tests.uptake.attack import Sum

TOPICS = ("behoerden", "familie", "kita", "geld", "wohnen", "schulden", "sucht", "gewalt", "")
# How often something happens with what was opened once.
OFTEN = {
    Event.FOUND: 6.0, Event.OPENED: 1.0, Event.ROUTED: 0.3, Event.LISTED: 0.25, Event.HANDED_OVER: 0.2,
    Event.HELPED: 0.08, Event.FULL: 0.04, Event.NOT_RESPONSIBLE: 0.02, Event.WRONG_DETAILS: 0.02,
    Event.NOT_GONE: 0.05,
}  # fmt: skip


ANY = 1_000_000  # a number about which nothing is said


class Month(NamedTuple):
    """What has happened in a month: every cell in which there is an offer, and the lists by case type."""

    counts: dict[Cell, int]
    cases: dict[int, int]


class Shown(NamedTuple):
    """What an attacker gets: what hidden cells can be at most, and the sums that are published."""

    limits: dict[Cell | int, int]
    sums: list[Sum]


def year(seed: int, spaces: int = 12, busy: float = 4.0) -> Iterator[Month]:
    """Twelve months of a region with so many Stadtteile; busy: how often an offer of it is opened, about."""
    chance = np.random.default_rng(seed)
    there = {
        (topic, f"lor:{space}" if space else ""): busy * chance.lognormal(0, 1.2)
        for topic in TOPICS
        for space in range(spaces)
        if chance.random() < 0.7  # elsewhere there is no offer, as everybody can see on the map
    }
    for _month in range(12):
        counts = {
            Cell(event, *leaf): int(chance.poisson(often * rate))
            for event, often in OFTEN.items()
            for leaf, rate in there.items()
        }
        listed = sum(number for cell, number in counts.items() if cell.event is Event.LISTED)
        shares = chance.dirichlet(np.full(9, 0.5))  # the last one: no case type was given
        drawn = chance.multinomial(listed, shares)
        yield Month(counts, {case: int(number) for case, number in enumerate(drawn[:-1], start=1)})


def shown(month: Month) -> Shown:
    """What our publisher shows of a month."""
    published = rules.publish(month.counts)
    listed = [number for cell, number in published.items() if cell.event is Event.LISTED]
    cases = rules.publish_cases(month.cases, listed)
    limits: dict[Cell | int, int] = {
        cell: rules.shown_from(cell.topic) - 1
        for cell, number in published.items()
        if cell.space_key != REST and number is None
    }
    sums = []
    for cell, number in published.items():
        if cell.space_key == REST and number is not None:
            parts = {one: 1 for one in limits if isinstance(one, Cell) and one[:2] == cell[:2]}
            sums.append(Sum(parts, number))
    hidden_cases = [case for case in month.cases if cases.get(case) is None]
    limits |= dict.fromkeys(hidden_cases, rules.SHOWN_FROM_IF_SENSITIVE - 1 if cases else ANY)
    # Whatever was put on a list for a case type was put on a list.
    cells = {one: -1 for one in limits if isinstance(one, Cell) and one.event is Event.LISTED}
    seen = [number for cell, number in published.items() if _is_seen(cell, number)]
    room = sum(number or 0 for number in seen) - sum(number or 0 for number in cases.values())
    if cells or hidden_cases:
        sums.append(Sum({**cells, **dict.fromkeys(hidden_cases, 1)}, room, is_most=True))
    return Shown(limits, sums)


def _is_seen(cell: Cell, number: int | None) -> bool:
    return cell.event is Event.LISTED and cell.space_key != REST and number is not None
