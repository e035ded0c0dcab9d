"""All plans that no other plan beats: which outings together answer the most worries, exactly.

Labels for each set of worries, extended day by day, as in multi-criteria shortest paths (Martins, 1984).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from api.plans.outings import Ground, Option, Outing

HORIZON: Final = 35  # days looked ahead, so that every third Monday comes at least once


class Cost(NamedTuple):
    """What a plan costs a family; less is better in each, and none outweighs another."""

    trips: int  # ways from home
    metres: int  # all ways together
    day: int  # of the last trip; HORIZON if nobody has said the hours
    level: int  # sum of resource levels, if somebody asks for them

    def beats(self, other: "Cost") -> bool:
        """Return whether it is as good in everything; an equal one beats, too."""
        return (
            self.trips <= other.trips
            and self.metres <= other.metres
            and self.day <= other.day
            and self.level <= other.level
        )


class Solution(NamedTuple):
    """Outings that do not clash, and who comes to the family."""

    cost: Cost
    worries: int  # that it answers, as bits
    at_home: tuple[Option, ...]
    outings: tuple[Outing, ...]
    stops: int = 0  # of equal plans, the one with fewer roofs and less friction stays
    friction: int = 0

    @property
    def rank(self) -> tuple[int, int]:
        """What decides between plans of equal cost."""
        return self.stops, self.friction


NOTHING: Final = Solution(Cost(0, 0, 0, 0), 0, (), ())


def solve(
    worries: int, options: Iterable[Option], between: Mapping[tuple[int, int], float]
) -> list[Solution]:
    """Return the plans that answer as many worries (of at most 6) as any can, none beaten by another.

    On one day there is one outing at most, and one way of visiting at home for each worry. between: metres
    between roofs.
    """
    options = list(options)
    labels: dict[int, list[Solution]] = {0: [NOTHING]}
    for worry in range(worries):
        coming = [option for option in options if option.place is None and option.worry == worry]
        if coming:
            _extend(labels, [_at_home(min(coming, key=lambda one: (one.level, one.friction, one.offer)))])
    ground = Ground((option for option in options if option.place is not None), between)
    seen: dict[int, list[list[Outing]]] = defaultdict(list)
    for day in ground.days:
        _extend(labels, [_way(one, day) for one in _needed(ground.on(day), seen, worries)])
    undated = [_way(one, None) for one in _needed(ground.on(None), defaultdict(list), worries)]
    for _ in range(worries):  # no day is taken, so there may be several
        _extend(labels, undated)
    most = max(mask.bit_count() for mask in labels)
    best: list[Solution] = []
    for mask, found in labels.items():
        if mask.bit_count() == most:
            for label in found:
                _keep(best, label)
    return best


def _needed(found: Iterable[Outing], seen: dict[int, list[list[Outing]]], worries: int) -> list[Outing]:
    """Return those outings of a day that a plan may need; seen: what earlier days had, by worries answered.

    Each of the other outings of a plan takes one day and answers one worry at least. So if more earlier days
    than that have one that is as good, one of them is free.
    """
    front: dict[int, list[Outing]] = defaultdict(list)
    for outing in found:
        kept = front[outing.worries]
        if not any(_as_good(one, outing) for one in kept):
            kept[:] = [one for one in kept if not _as_good(outing, one)]
            kept.append(outing)
    needed = []
    for mask, kept in front.items():
        others = worries - mask.bit_count()
        needed += [outing for outing in kept if not _often(outing, seen[mask], others + 1)]
        seen[mask].append(kept)
    return needed


def _often(outing: Outing, days: Sequence[Sequence[Outing]], times: int) -> bool:
    """Return whether that many days have an outing that is as good."""
    found = 0
    for day in days:
        for one in day:
            if one.metres <= outing.metres and one.level <= outing.level:
                found += 1
                break
        if found == times:
            return True
    return False


def _as_good(one: Outing, other: Outing) -> bool:
    """Return whether an outing is as good as another of its day; of equals the smoother one is."""
    if one.metres > other.metres or one.level > other.level:
        return False
    if (one.metres, one.level) != (other.metres, other.level):
        return True
    return (len(one.stops), one.friction) <= (len(other.stops), other.friction)


def _extend(labels: dict[int, list[Solution]], ways: Sequence[Solution]) -> None:
    """Add plans that go one of these ways besides what they have."""
    before = [(mask, list(found)) for mask, found in labels.items()]
    for way in ways:
        for mask, found in before:
            if mask & way.worries:
                continue
            kept = labels.setdefault(mask | way.worries, [])
            for label in found:
                _keep(kept, _joined(label, way))


def _keep(kept: list[Solution], new: Solution) -> None:
    """Put a plan among those that no other beats; of equal ones the smoother stays, else the first."""
    for one in kept:
        if one.cost.beats(new.cost) and (one.cost != new.cost or one.rank <= new.rank):
            return
    kept[:] = [one for one in kept if not new.cost.beats(one.cost)]
    kept.append(new)


def _joined(label: Solution, way: Solution) -> Solution:
    one, other = label.cost, way.cost
    return Solution(
        cost=Cost(
            one.trips + other.trips,
            one.metres + other.metres,
            max(one.day, other.day),
            one.level + other.level,
        ),
        worries=label.worries | way.worries,
        at_home=label.at_home + way.at_home,
        outings=label.outings + way.outings,
        stops=label.stops + way.stops,
        friction=label.friction + way.friction,
    )


def _at_home(option: Option) -> Solution:
    cost = Cost(0, 0, 0, option.level)
    return Solution(cost, 1 << option.worry, (option,), (), 0, option.friction)


def _way(outing: Outing, day: int | None) -> Solution:
    cost = Cost(1, outing.metres, HORIZON if day is None else day, outing.level)
    then = outing._replace(day=day)
    return Solution(cost, outing.worries, (), (then,), len(outing.stops), outing.friction)
