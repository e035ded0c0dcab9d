"""A small line chart as SVG, for a page of the documentation."""

from collections.abc import Sequence
from typing import Final

from bench.figures import said

WIDTH: Final = 720
HEIGHT: Final = 180
LEFT: Final = 60
BELOW: Final = 28
POINTS: Final = 180  # more than that nobody sees


def line(values: Sequence[float], minutes: float, unit: str) -> str:
    """Return the chart of values over so many minutes, from zero upwards."""
    step = max(len(values) // POINTS, 1)
    shown = [sum(values[i : i + step]) / len(values[i : i + step]) for i in range(0, len(values), step)]
    top = max(shown) * 1.15
    wide, high = WIDTH - LEFT - 10, HEIGHT - BELOW - 10
    points = " ".join(
        f"{LEFT + wide * i / max(len(shown) - 1, 1):.0f},{10 + high * (1 - value / top):.0f}"
        for i, value in enumerate(shown)
    )
    foot = HEIGHT - BELOW
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" \
font-family="sans-serif" font-size="12">
<title>Speicher eines Prozesses über {said(minutes, 0)} Minuten</title>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>
<path d="M{LEFT} 10V{foot}H{WIDTH - 10}" fill="none" stroke="#555"/>
<text x="{LEFT - 6}" y="{foot}" text-anchor="end">0</text>
<text x="{LEFT - 6}" y="20" text-anchor="end">{said(top, 0)} {unit}</text>
<text x="{LEFT}" y="{HEIGHT - 8}">0</text>
<text x="{WIDTH - 10}" y="{HEIGHT - 8}" text-anchor="end">{said(minutes, 0)} Minuten</text>
<polyline points="{points}" fill="none" stroke="#0b5394" stroke-width="2"/>
</svg>
"""
