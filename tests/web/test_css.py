"""Style knows no left and no right: pages that are read from right to left need no style of their own."""

import re
from pathlib import Path

import pytest

from web.files import STATIC

SHEETS = sorted((STATIC / "css").glob("*.css"))
PHYSICAL = re.compile(
    r"""
    (?:^|[\s;{])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-)?(?:left|right)\b[\w-]*\s*:
    | border-(?:top|bottom)-(?:left|right)-radius\s*:
    | (?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b
    | \bto\s+(?:left|right)\b
    | translateX\(
    """,
    re.VERBOSE,
)
FOUR_SIDES = re.compile(r"(?:^|[\s;{])(?:margin|padding|inset|border-width)\s*:\s*([^;}]+)")


def physical(css: str) -> list[str]:
    """Return what names a side of the screen, or gives left and right other widths."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found = [match.group().strip() for match in PHYSICAL.finditer(css)]
    for match in FOUR_SIDES.finditer(css):
        sides = re.findall(r"[\w.%-]+(?:\([^)]*\))?", match.group(1))
        if len(sides) == 4 and sides[1] != sides[3]:
            found.append(match.group().strip())
    return found


def test_there_are_sheets_to_look_at() -> None:
    assert len(SHEETS) > 15


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: str(path.name))
def test_sheet_names_no_side_of_the_screen(sheet: Path) -> None:
    assert physical(sheet.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "css",
    [
        "a{left:0}",
        "a { margin-left: 1px }",
        "a { border-right: 1px solid }",
        "a { text-align: right }",
        "a { padding: 1rem 1rem 1rem 4rem; }",
        "a { border-top-left-radius: 2px }",
        "a { background: linear-gradient(to right, red, blue) }",
        "a { transform: translateX(2px) }",
        "a { scroll-margin-left: 2px }",
    ],
)
def test_a_side_of_the_screen_is_found(css: str) -> None:
    assert physical(css)


@pytest.mark.parametrize(
    "css",
    [
        "a { margin-inline: 1px 2px }",
        "a { padding: 1px 2px 3px 2px }",
        "a { text-align: start }",
        "a { inset: 0 }",
    ],
)
def test_what_follows_the_direction_of_writing_is_fine(css: str) -> None:
    assert physical(css) == []
