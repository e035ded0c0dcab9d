"""From the times of single questions to the figures of a round, and from rounds to ratios."""

from collections.abc import Sequence
from statistics import median, quantiles

from bench.figures import Rounds
from bench.search.asking import Ask
from bench.search.turns import Times

OURS = "ours"
POSTGRES = ("postgres", "postgres_plain")
TANTIVY = "tantivy"


def figures(asks: Sequence[Ask], times: Times, region: int | None = None) -> dict[str, float]:
    """Return what a round gave (ms): opening, the first question, and p50 and p95 of new and of known ones.

    New is a question with a word that nobody has said since the index was opened; known are all of them when
    they are asked again. region: of this one alone.
    """
    here = [number for number, ask in enumerate(asks) if region is None or ask.region == region]
    new = [times.first[number] for number in here if asks[number].is_new]
    known = [times.again[number] for number in here]
    return {
        "opening": times.opening,
        "first": times.first[here[0]],
        "new_p50": median(new),
        "new_p95": p95(new),
        "known_p50": median(known),
        "known_p95": p95(known),
    }


def p95(values: Sequence[float]) -> float:
    """Return what 95 of 100 values do not exceed."""
    return quantiles(values, n=20, method="inclusive")[-1]


def times_as_long(rounds: Rounds, *others: Rounds, name: str) -> float:
    """Return how many times as long one takes as the fastest of the others: the median of each round's."""
    fastest = [min(other[name] for other in beside) for beside in zip(*others, strict=True)]
    ratios: list[float] = [one[name] / least for one, least in zip(rounds, fastest, strict=True)]
    return median(ratios)
