"""From any colour follows a family that can be read in light and dark, and is still that colour."""

from colorsys import rgb_to_hls

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.regions.colours import DARK, EDGE, LIGHT, TEXT, Scheme, contrast, family

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
SCHEMES = st.sampled_from([LIGHT, DARK])


def parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def hue(colour: str) -> float:
    """Degrees on the wheel of colours."""
    return 360 * rgb_to_hls(*parts(colour))[0]


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, known: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(known, abs=0.005)


@given(COLOURS, SCHEMES)
def test_whatever_the_colour_all_writing_can_be_read(colour: str, scheme: Scheme) -> None:
    made = family(colour, scheme)
    for ground in (*scheme.grounds, made.accent_tint):
        assert contrast(made.accent, ground) >= TEXT
        assert contrast(made.accent_strong, ground) >= TEXT
        assert contrast(made.fill, ground) >= EDGE
    assert contrast(made.on_fill, made.fill) >= TEXT
    assert contrast(made.on_fill, made.fill_strong) >= TEXT
    assert contrast(scheme.ink, made.accent_tint) >= TEXT
    assert contrast(scheme.ink_soft, made.accent_tint) >= TEXT
    assert contrast(scheme.line_strong, made.accent_tint) >= EDGE


@given(COLOURS, SCHEMES)
def test_no_colour_turns_into_another_one(colour: str, scheme: Scheme) -> None:
    red, green, blue = parts(colour)
    for made in (
        getattr(family(colour, scheme), name) for name in ("accent", "accent_strong", "accent_tint")
    ):
        new_red, new_green, new_blue = parts(made)
        # What was strongest stays strongest; rounding may make two equal.
        assert (new_red - new_green) * (red - green) >= 0
        assert (new_green - new_blue) * (green - blue) >= 0
        assert (new_blue - new_red) * (blue - red) >= 0


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize("colour", ["#ffee88", "#c00000", "#0b6a5d", "#003366", "#e2001a", "#ff00ff"])
def test_the_hue_stays(colour: str, scheme: Scheme) -> None:
    made = family(colour, scheme)
    for one in (made.accent, made.accent_strong, made.accent_tint):
        assert abs((hue(one) - hue(colour) + 180) % 360 - 180) < 3, one


@given(COLOURS, SCHEMES)
def test_a_colour_that_can_be_read_stays_as_it_is(colour: str, scheme: Scheme) -> None:
    once = family(colour, scheme).accent
    assert family(once, scheme).accent == once


def test_a_light_yellow_gets_darker_on_light_pages_alone_and_a_dark_red_lighter_on_dark_ones() -> None:
    assert family("#ffee88", LIGHT).accent == "#776600"
    assert family("#ffee88", DARK).accent == "#ffee88"
    assert family("#c00000", LIGHT).accent == "#c00000"
    assert family("#c00000", DARK).accent == "#ff7b7b"
