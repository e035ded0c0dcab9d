"""Which numbers of a month are shown, so that none of the others can be told from them (ADR 42).

Every number is published in one place only: the cells of a topic that are not shown appear, if at all, in one
sum, the rest of the topic. So what can be known about a hidden cell is its own limit and that one sum, and
`is_safe` works out exactly what a linear programme over everything published would find.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from api.uptake.models import REST, Event

# Nobody may tell a hidden number as "x, give or take 2": at least so far apart lie what it can be at most and
# at least. A cell is shown from 6 on, not 5: else "hidden" would mean 0 to 4, which is 2 give or take 2.
APART: Final = 5
SHOWN_FROM: Final = APART + 1
SHOWN_FROM_IF_SENSITIVE: Final = 10
# Topics whose small numbers would tell too much; also finer ones, which are then counted on their own.
SENSITIVE: Final = frozenset(
    {"sucht", "gewalt", "schulden", "mietschulden", "seele", "gesundheit", "behinderung"}
)


class Cell(NamedTuple):
    """What a number is about: an event with the offers of a topic in a Stadtteil."""

    event: Event
    topic: str
    space_key: str


def shown_from(topic: str) -> int:
    """Return the smallest number of a topic that is shown."""
    return SHOWN_FROM_IF_SENSITIVE if topic in SENSITIVE else SHOWN_FROM


def topic_of(slugs: Sequence[str], parents: Mapping[str, str]) -> str:
    """Return the one topic under which an offer is counted; empty: it has none.

    A sensitive one if it has any, else what stands above its first. parents: finer topic → the one above it.
    """
    above = [parents.get(slug, slug) for slug in slugs]
    sensitive = [slug for slug in (*slugs, *above) if slug in SENSITIVE]
    return next(iter(sensitive or above), "")


def is_safe(total: int, hidden: int, limit: int) -> bool:
    """Return whether the sum of some hidden cells, each smaller than limit, can be shown."""
    highest = min(total, limit - 1)
    lowest = max(0, total - (hidden - 1) * (limit - 1))
    return total >= limit and highest - lowest >= APART


def publish(counts: Mapping[Cell, int]) -> dict[Cell, int | None]:
    """Return what is shown of a month; None: not shown. Sums stand under the space REST.

    counts: every cell that could have a number, because there is an offer, also with 0.
    """
    found: dict[Cell, int | None] = {}
    hidden: dict[tuple[Event, str], list[int]] = {}
    for cell, number in counts.items():
        is_shown = number >= shown_from(cell.topic)
        found[cell] = number if is_shown else None
        if not is_shown:
            hidden.setdefault((cell.event, cell.topic), []).append(number)
    for (event, topic), numbers in hidden.items():
        total = sum(numbers)
        is_shown = is_safe(total, len(numbers), shown_from(topic))
        found[Cell(event, topic, REST)] = total if is_shown else None
    return found


def publish_cases(counts: Mapping[int, int], listed: Iterable[int | None]) -> dict[int, int | None]:
    """Return how many offers were put on lists for each case type; None: not shown; empty: none is.

    A situation is sensitive whatever it is. listed: the published numbers of Event.LISTED. The shown cases
    must leave room in these, else the hidden ones would be what is left of them.
    """
    shown = {case: number for case, number in counts.items() if number >= SHOWN_FROM_IF_SENSITIVE}
    room = sum(number or 0 for number in listed) - sum(shown.values())
    return {case: shown.get(case) for case in counts} if room >= SHOWN_FROM_IF_SENSITIVE - 1 else {}
