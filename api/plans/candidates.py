"""From offers that answer to what plans are made of: the near ones, the shared roofs, who comes home."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from api.plans.hours import Times
from api.plans.outings import Option
from api.plans.roofs import NEAR_METRES
from api.plans.schemas import Gap, PlanQuestion
from api.plans.spots import Numbers, Sight, Spot
from api.plans.starting import Start
from api.plans.worries import Known
from api.search.table import Table
from api.search.tags import Mask

# Roofs that are kept for each worry; the solver is exact for what is kept.
NEAREST: Final = 8
WITH_HOURS: Final = 4  # besides, the nearest of those whose hours are known
SHARED: Final = 8  # for all worries together: under which most of them are answered
EVERYDAY: Final = 4  # the nearest of those with the lowest level, if somebody asks for it
LOOKED_AT: Final = 24  # places for each worry, the nearest first
EXAMINED: Final = 200  # the same, where few can be visited when the family can come
UNDER_A_ROOF: Final = 2  # options for the same worry
AT_HOME: Final = 3
ASKED: Final = 4  # offers for each worry that perhaps do not speak a language of the family


class Candidates(NamedTuple):
    """What plans are made of, and for which question."""

    question: PlanQuestion
    table: Table
    start: Start
    times: Times
    options: Sequence[Option]
    spots: Mapping[tuple[int, int | None], Spot]  # by Option.visit
    # Roofs are called by a place under them.
    between: Mapping[tuple[int, int], float]  # metres between roofs that are near each other
    points: Mapping[int, tuple[float, float]]  # of roofs: longitude and latitude
    gaps: Sequence[Gap | None]  # of each worry
    found: Sequence[int]  # offers that answer each worry and all conditions
    others: Sequence[Sequence[Spot]]  # of each worry, the nearest first
    metres: NDArray[np.float64]  # from the start to each place; 0 if nobody has said where that is


def gather(known: Known, question: PlanQuestion, start: Start, times: Times) -> Candidates:
    """Return what plans are made of."""
    sight = Sight(known.table, question, start, times)
    every = [
        answer.rows if worry.offer else sight.conditions.met(answer.rows)
        for answer, worry in zip(known.answers, question.worries, strict=True)
    ]
    met = [sight.conditions.understood(rows) for rows in every]
    foremost = [answer.foremost for answer in known.answers]
    nearest = _nearest(sight, met)
    kept = _kept_roofs(sight, nearest)
    options: list[Option] = []
    gaps: list[Gap | None] = []
    for number, (rows, spots) in enumerate(zip(met, nearest, strict=True)):
        found = _options(
            sight, number, foremost[number], [spot for spot in spots if _roof(sight, spot) in kept]
        )
        found += _at_home(sight, number, foremost[number], rows)
        gaps.append(None if found else _gap(sight, rows, known.answers[number].rows))
        options += found
    return Candidates(
        question=question,
        table=known.table,
        start=start,
        times=times,
        options=options,
        spots=sight.spots(),
        between=_between(sight, sorted(kept, key=lambda roof: sight.table.place_ids[roof])),
        points={
            int(sight.table.place_ids[roof]): (float(sight.table.lon[roof]), float(sight.table.lat[roof]))
            for roof in kept
        },
        gaps=gaps,
        found=[int(rows.sum()) for rows in met],
        others=[
            _others(sight, rows, spots, first) + asked
            for rows, spots, first, asked in zip(
                met, nearest, foremost, _in_other_languages(sight, every, met, foremost), strict=True
            )
        ],
        metres=sight.metres,
    )


def _nearest(sight: Sight, met: Sequence[Mask]) -> list[list[Spot]]:
    """Return for each worry where it can be answered, the nearest first; far away only shared roofs."""
    ordered = [_ordered(sight, rows) for rows in met]
    shared = _shared(sight, ordered)
    chosen = [
        np.concatenate([order[:LOOKED_AT], order[LOOKED_AT:][np.isin(sight.roof[order[LOOKED_AT:]], shared)]])
        for order in ordered
    ]
    sight.prepare(np.concatenate(chosen))
    found = []
    for order, some in zip(ordered, chosen, strict=True):
        spots = sight.at(some)
        if len({_roof(sight, spot) for spot in spots}) < NEAREST:
            # Few can be visited when the family can come: look farther.
            sight.prepare(order[LOOKED_AT:EXAMINED])
            spots += [spot for spot in sight.at(order[LOOKED_AT:EXAMINED]) if spot not in spots]
        found.append(sorted(spots, key=lambda spot: sight.metres[spot.at]))
    return found


def _ordered(sight: Sight, rows: Mask) -> Numbers:
    """Return the places at which rows can be visited, the nearest first."""
    table = sight.table
    can = (rows & ~table.outreach)[table.offer_of_place] & table.has_point & sight.conditions.places
    places = np.flatnonzero(can)
    return places[np.lexsort((table.by_name[table.offer_of_place[places]], sight.metres[places]))]


def _shared(sight: Sight, ordered: Sequence[Numbers]) -> Numbers:
    """Return the roofs under which most of the worries are answered, two at least, the nearest first."""
    under = np.concatenate([np.unique(sight.roof[order]) for order in ordered])
    found, worries = np.unique(under, return_counts=True)
    found, worries = found[worries > 1], worries[worries > 1]
    return found[np.lexsort((sight.table.place_ids[found], sight.metres[found], -worries))][: 2 * SHARED]


def _roof(sight: Sight, spot: Spot) -> int:
    return -1 if spot.at is None else int(sight.roof[spot.at])


def _kept_roofs(sight: Sight, nearest: Sequence[Sequence[Spot]]) -> frozenset[int]:
    kept: set[int] = set()
    worries_at: dict[int, int] = defaultdict(int)
    for spots in nearest:
        under = list(dict.fromkeys(_roof(sight, spot) for spot in spots))
        timed = list(dict.fromkeys(_roof(sight, spot) for spot in spots if spot.fitting))
        kept.update(under[:NEAREST], timed[:WITH_HOURS])
        if sight.question.by_level:
            by_level = sorted(spots, key=lambda spot: sight.table.level[spot.row])
            kept.update(list(dict.fromkeys(_roof(sight, spot) for spot in by_level))[:EVERYDAY])
        for roof in under:
            worries_at[roof] += 1
    shared = [roof for roof, count in worries_at.items() if count > 1]
    shared.sort(key=lambda roof: (-worries_at[roof], sight.metres[roof], sight.table.place_ids[roof]))
    return frozenset(kept) | frozenset(shared[:SHARED])


def _options(sight: Sight, worry: int, foremost: Mask, spots: Sequence[Spot]) -> list[Option]:
    by_roof: dict[int, list[Option]] = defaultdict(list)
    for spot in spots:
        roof = _roof(sight, spot)
        by_roof[roof].append(
            Option(
                worry=worry,
                offer=int(sight.table.ids[spot.row]),
                place=spot.place_id,
                roof=int(sight.table.place_ids[roof]),
                metres=round(float(sight.metres[roof])),
                level=int(sight.table.level[spot.row]) if sight.question.by_level else 0,
                friction=_friction(sight, spot, foremost),
                windows=spot.fitting,
            )
        )
    return [
        option
        for found in by_roof.values()
        for option in sorted(found, key=lambda one: (one.level, one.friction, one.offer))[:UNDER_A_ROOF]
    ]


def _at_home(sight: Sight, worry: int, foremost: Mask, rows: Mask) -> list[Option]:
    coming = rows & sight.conditions.reaches
    # No way at all would beat every other: so only for what somebody mainly comes for, if that can be had.
    if (rows & foremost).any():
        coming &= foremost
    found = []
    for row in np.flatnonzero(coming).tolist():
        spot = sight.spot(row, None)
        if spot is not None:
            level = int(sight.table.level[row]) if sight.question.by_level else 0
            friction = _friction(sight, spot, foremost)
            found.append(Option(worry, int(sight.table.ids[row]), None, -1, 0, level, friction))
    return sorted(found, key=lambda one: (one.level, one.friction, one.offer))[:AT_HOME]


def _friction(sight: Sight, spot: Spot, foremost: Mask) -> int:
    overdue = bool(sight.table.overdue_on[spot.row] < sight.times.today.toordinal())
    return 3 * len(spot.doubts) + 2 * (not foremost[spot.row]) + overdue


def _gap(sight: Sight, met: Mask, answer: Mask) -> Gap:
    if not met.any():
        return sight.conditions.gap(answer)
    table = sight.table
    visitable = met[table.offer_of_place] & table.has_point & sight.conditions.places
    return Gap.TIMES if visitable.any() else Gap.ADDRESS


def _in_other_languages(
    sight: Sight, every: Sequence[Mask], met: Sequence[Mask], foremost: Sequence[Mask]
) -> list[list[Spot]]:
    """Return for each worry some of those who should be asked for their language.

    An office near by may have an interpreter: nobody has to travel because we left it out.
    """
    if not sight.question.languages:
        return [[] for _ in every]
    silent = [rows & ~chosen for rows, chosen in zip(every, met, strict=True)]
    nearest = _nearest(sight, silent)
    return [
        _others(sight, rows, spots, first)[:ASKED]
        for rows, spots, first in zip(silent, nearest, foremost, strict=True)
    ]


def _others(sight: Sight, rows: Mask, spots: Sequence[Spot], foremost: Mask) -> list[Spot]:
    """Return each offer once: who comes home, then the nearest places, then those to be called."""
    home = np.flatnonzero(rows & sight.conditions.reaches).tolist()
    found: dict[int, Spot] = {}
    ids = sight.table.ids
    for row in sorted(home, key=lambda row: (not foremost[row], ids[row]))[:AT_HOME]:
        spot = sight.spot(row, None)
        if spot is not None:
            found.setdefault(row, spot)
    for spot in spots:
        found.setdefault(spot.row, spot)
    has_point = sight.table.at_place(sight.table.has_point)
    by_phone = np.flatnonzero(rows & ~has_point & ~sight.table.outreach).tolist()
    for row in sorted(by_phone, key=lambda row: ids[row])[:AT_HOME]:
        spot = sight.spot(row, None)
        if spot is not None:
            found.setdefault(row, spot)
    return list(found.values())


def _between(sight: Sight, under: Sequence[int]) -> dict[tuple[int, int], float]:
    """Return the metres between roofs that are near each other, the smaller number first."""
    x, y, numbers = sight.plane.x[under], sight.plane.y[under], sight.table.place_ids[under].tolist()
    metres = np.hypot(x[:, None] - x, y[:, None] - y)
    one, other = np.nonzero(np.triu(metres <= NEAR_METRES, 1))
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    return {(numbers[a], numbers[b]): float(metres[a, b]) for a, b in pairs}
