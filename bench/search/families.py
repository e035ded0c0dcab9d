"""Random families, and what they do without a plan: they go to the nearest offer for each worry."""

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from api.plans.candidates import Candidates
from api.plans.outings import Option
from api.plans.solving import Cost, solve

# How many worries families have at once; most have three or four.
WORRIES: Final = {2: 1, 3: 4, 4: 4, 5: 1}
AGES: Final[Sequence[list[int]]] = ([], [34, 8], [29, 2, 5], [45, 15])
LANGUAGES: Final[Sequence[list[str]]] = ([], [], ["tr"], ["ar", "de"])


def family(random: Random, topics: Sequence[str], points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Return the question of a random family that lives at one of some points (degrees)."""
    worries = random.choices(list(WORRIES), list(WORRIES.values()))[0]
    lon, lat = random.choice(points)
    return {
        "worries": [{"topic": topic} for topic in random.sample(topics, min(worries, len(topics)))],
        "ages": random.choice(AGES),
        "languages": random.choice(LANGUAGES),
        "cost_free": random.random() < 0.5,  # noqa: PLR2004 - every second one
        "near": f"{lon:.3f},{lat:.3f}",
    }


def nearest(found: Candidates) -> list[Option]:
    """Return for each worry that can be answered the nearest option, one that is visited if there is any."""
    chosen = []
    for number in range(len(found.question.worries)):
        here = [option for option in found.options if option.worry == number]
        away = [option for option in here if option.place is not None]
        if here:
            chosen.append(min(away or here, key=lambda one: (one.metres, one.friction, one.offer)))
    return chosen


def without_a_plan(found: Candidates) -> tuple[int, Cost]:
    """Return how many worries the nearest offers answer at best, and what they cost with the fewest ways."""
    plans = solve(len(found.question.worries), nearest(found), found.between)
    return plans[0].worries.bit_count(), min(plan.cost for plan in plans)
