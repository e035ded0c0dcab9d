"""From one colour of a city to all that pages need of it: readable in light and dark, and of the same hue.

Contrasts are those of WCAG 2.2: at least 4.5 for text (1.4.3), 3 for edges (1.4.11).
"""

from colorsys import hls_to_rgb, rgb_to_hls
from functools import cache
from typing import Final, NamedTuple

TEXT: Final = 4.5
EDGE: Final = 3.0
STEP: Final = 1 / 512  # of lightness: finer than a colour of eight bits can tell


class Scheme(NamedTuple):
    """What the colours of a city stand on and beside in light or in dark: values of css/tokens.css."""

    grounds: tuple[str, ...]  # paper, surface, sunken, note, then water, land and chosen land of the map
    ink: str
    ink_soft: str
    line_strong: str
    on_fill: str
    step: float  # in which direction of lightness writing gets away from its ground
    tint: tuple[float, float]  # lightness and highest saturation of what lies behind writing
    strong: float  # how much of the way to black or white is left for what a finger points at


LIGHT: Final = Scheme(
    grounds=("#faf6ef", "#fffdfa", "#f3ebdf", "#fcefc9", "#edf1ec", "#f6eddc", "#fbe3b4"),
    ink="#1f2b2a",
    ink_soft="#55605d",
    line_strong="#8a7f6f",
    on_fill="#ffffff",
    step=-STEP,
    tint=(0.9, 0.4),
    strong=0.72,
)
DARK: Final = Scheme(
    grounds=("#141a1a", "#1c2423", "#192020", "#3a2f14", "#18201f", "#28312f", "#44391e"),
    ink="#efeae1",
    ink_soft="#b6beb9",
    line_strong="#82908d",
    on_fill="#141a1a",
    step=STEP,
    tint=(0.16, 0.42),
    strong=0.68,
)


class Family(NamedTuple):
    """The colours that follow from one; each is called as in css/tokens.css."""

    accent: str
    accent_strong: str
    accent_tint: str
    fill: str
    fill_strong: str
    on_fill: str


@cache
def family(colour: str, scheme: Scheme) -> Family:
    """Return what becomes of a colour ("#rrggbb"); it stays as it is if all can be read."""
    hue, _, saturation = _hls(colour)
    lightness, most = scheme.tint
    behind = {scheme.ink: TEXT, scheme.ink_soft: TEXT, scheme.line_strong: EDGE}
    tint = _moved(_hex(hue, lightness, min(saturation, most)), behind, -scheme.step)
    below = dict.fromkeys((*scheme.grounds, tint, scheme.on_fill), TEXT)
    accent = _moved(colour, below, scheme.step)
    strong = _stronger(accent, scheme)
    return Family(accent, strong, tint, fill=accent, fill_strong=strong, on_fill=scheme.on_fill)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _moved(colour: str, beside: dict[str, float], step: float) -> str:
    """Return the colour made lighter or darker just until it has these contrasts, as white or black has."""
    hue, lightness, saturation = _hls(colour)
    while any(contrast(colour, other) < least for other, least in beside.items()):
        lightness += step
        colour = _hex(hue, lightness, saturation)
    return colour


def _stronger(colour: str, scheme: Scheme) -> str:
    hue, lightness, saturation = _hls(colour)
    end = 0.0 if scheme.step < 0 else 1.0
    return _hex(hue, end + (lightness - end) * scheme.strong, saturation)


def _luminance(colour: str) -> float:
    """Return how bright a colour is, from 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - as defined
        for part in _rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hls(colour: str) -> tuple[float, float, float]:
    return rgb_to_hls(*_rgb(colour))


def _hex(hue: float, lightness: float, saturation: float) -> str:
    parts = hls_to_rgb(hue, min(max(lightness, 0.0), 1.0), saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
