"""Small random questions, and plans for them found by trying everything."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations, product
from random import Random

from api.plans.outings import Option, Window, walk
from api.plans.roofs import NEAR_METRES
from api.plans.solving import HORIZON, Cost

MOST_WAYS = 20_000  # to choose everything, that trying goes through
DAY = 24 * 60
Between = Mapping[tuple[int, int], float]
Choice = tuple[Option, int] | None  # an option with its slot: a day, or below 0 one of several without


class Question:
    """Worries, options and roofs as the solver takes them."""

    def __init__(self, worries: int, options: Sequence[Option], between: Between) -> None:
        self.worries = worries
        self.options = options
        self.between = between


def question(random: Random) -> Question:
    """Return a question of at most 6 worries and 12 places that can be tried out."""
    while True:
        found = _question(random)
        ways = 1
        for choices in _choices(found):
            ways *= len(choices)
        if ways <= MOST_WAYS:
            return found


def _question(random: Random) -> Question:
    worries, roofs = random.randint(1, 6), random.randint(1, 12)
    spots = [(random.randint(-2000, 2000), random.randint(-2000, 2000)) for _ in range(roofs)]
    metres = [round((x * x + y * y) ** 0.5) for x, y in spots]
    between = {
        (one, other): ((spots[one][0] - spots[other][0]) ** 2 + (spots[one][1] - spots[other][1]) ** 2) ** 0.5
        for one in range(roofs)
        for other in range(one + 1, roofs)
    }
    if random.random() < 0.5:
        between = {pair: away / 5 for pair, away in between.items()}
    options = []
    for offer in range(random.randint(1, 12)):
        roof = random.randrange(roofs)
        windows = _windows(random) if random.random() < 0.8 else ()
        level, is_home = random.randint(2, 4), random.random() < 0.1
        for worry in random.sample(range(worries), random.randint(1, min(2, worries))):
            if is_home:
                options.append(Option(worry, offer, None, -1, 0, level))
            else:
                options.append(Option(worry, offer, offer, roof, metres[roof], level, 0, windows))
    return Question(worries, options, between)


def _windows(random: Random) -> tuple[Window, ...]:
    days = sorted(random.sample(range(6), random.randint(1, 2)))
    found = []
    for day in days:
        opens = random.choice((540, 560, 600, 780))
        found.append(Window(day, opens, opens + random.choice((20, 45, 60, 90, 180))))
    return tuple(found)


def tried(asked: Question, *, by_level: bool = True) -> tuple[int, set[Cost]]:
    """Return the most worries that can be answered, and the costs of the plans that none beats."""
    found: dict[int, set[Cost]] = defaultdict(set)
    for chosen in product(*_choices(asked)):
        cost = _cost([one for one in chosen if one], asked.between, by_level=by_level)
        if cost is not None:
            found[sum(one is not None for one in chosen)].add(cost)
    most = max(found)
    return most, {
        one for one in found[most] if not any(other != one and other.beats(one) for other in found[most])
    }


def _choices(asked: Question) -> list[list[Choice]]:
    days = sorted({window.day for option in asked.options for window in option.windows})
    found: list[list[Choice]] = []
    for worry in range(asked.worries):
        choices: list[Choice] = [None]
        undated = 0
        for option in asked.options:
            if option.worry != worry:
                continue
            if option.place is None:
                choices.append((option, 0))
            elif option.windows:
                choices += [(option, day) for day in sorted({window.day for window in option.windows})]
            else:
                undated += 1
                choices += [(option, day) for day in (*days, *range(-worry - 1, 0))]
        found.append(choices)
    return found


def _cost(chosen: Sequence[tuple[Option, int]], between: Between, *, by_level: bool) -> Cost | None:
    slots: dict[int, list[Option]] = defaultdict(list)
    for option, slot in chosen:
        if option.place is not None:
            slots[slot].append(option)
    metres = 0
    for slot, options in slots.items():
        roofs = sorted({option.roof for option in options})
        away = {option.roof: option.metres for option in options}
        if len(roofs) > 2 or not _fit(slot, options, roofs, between):
            return None
        if len(roofs) == 1:
            metres += 2 * away[roofs[0]]
        else:
            metres += round(sum(away.values()) + between[roofs[0], roofs[1]])
    # A day on which nothing is known to take place is no day of a plan.
    is_dated = {slot: any(option.windows for option in options) for slot, options in slots.items()}
    if any(dated != (slot >= 0) for slot, dated in is_dated.items()):
        return None
    last = max((slot if slot >= 0 else HORIZON for slot in slots), default=0)
    return Cost(len(slots), metres, last, sum(option.level for option, _ in chosen) if by_level else 0)


def _fit(slot: int, options: Sequence[Option], roofs: Sequence[int], between: Between) -> bool:
    """Return whether all visits of a day follow each other, those under one roof together."""
    if len(roofs) > 1 and between[roofs[0], roofs[1]] > NEAR_METRES:
        return False
    if slot < 0:
        return True
    minutes = walk(between[roofs[0], roofs[1]]) if len(roofs) > 1 else 0
    visits = {(option.offer, option.roof): option for option in options if option.windows}
    return any(
        _follow(order, slot, minutes) for order in permutations(visits.values()) if _is_together(order)
    )


def _is_together(order: Sequence[Option]) -> bool:
    changes = sum(one.roof != other.roof for one, other in pairwise(order))
    return changes < 2


def _follow(order: Sequence[Option], day: int, minutes: int) -> bool:
    ends: list[int] = [0]
    for before, option in zip((None, *order), order, strict=False):
        since = [end + (minutes if before is not None and before.roof != option.roof else 0) for end in ends]
        ends = [end for start in since for end in _ends(option, day, start)]
    return bool(ends)


def _ends(option: Option, day: int, since: int) -> Iterator[int]:
    for window in option.windows:
        stays = min(45, window.closes - window.opens)
        begins = max(since, window.opens)
        if window.day == day and begins + stays <= window.closes:
            yield begins + stays
