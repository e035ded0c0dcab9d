"""From samples to figures: medians over rounds, ratios within a round, and how they are written in German."""

from collections.abc import Sequence
from statistics import median
from typing import Any

Rounds = Sequence[dict[str, float]]

FEW = 10


def middle(rounds: Rounds, name: str) -> float:
    """Return the median of one figure over the rounds."""
    return median(sample[name] for sample in rounds)


def ratio(rounds: Rounds, others: Rounds) -> float:
    """Return how many times as many requests per second one has as the other: the median of each round's."""
    return median(one["per_second"] / other["per_second"] for one, other in zip(rounds, others, strict=True))


def said(value: float, digits: int | None = None) -> str:
    """Return a number as German readers write it: 12.345,6; without digits, as many as matter."""
    if digits is None:
        digits = 0 if abs(value) >= 10 * FEW else 1 if abs(value) >= FEW else 2
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first stand to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def times(result: Any, key: str) -> tuple[str, str, str]:  # noqa: ANN401 - JSON
    """Return requests per second and both times (ms) of a target, written out."""
    rounds = result[key]
    return tuple(said(middle(rounds, name)) for name in ("per_second", "p50", "p95"))  # type: ignore[return-value]
