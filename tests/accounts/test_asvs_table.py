"""docs/reference/asvs.md says what is so: every requirement once, every test that it names exists."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "asvs.md").read_text(encoding="utf-8")
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
ROWS = re.findall(
    r"^\| (\d+\.\d+\.\d+)(?:–\d+\.\d+\.(\d+))? \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE
)
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has.
SECTIONS = {
    "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2,
    "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2,
    "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "16.1": 1, "16.2": 5, "16.3": 4,
    "16.4": 3, "16.5": 3,
}  # fmt: skip


def test_every_requirement_stands_there_once_with_its_state() -> None:
    found: Counter[str] = Counter()
    for number, last, state, said in ROWS:
        section, _, first = number.rpartition(".")
        found[section] += int(last or first) - int(first) + 1
        assert state in {"erfüllt", "teilweise", "nein", "entfällt"}, number
        assert said.strip(), number
    assert found == SECTIONS
    assert len({row[0] for row in ROWS}) == len(ROWS) == len(re.findall(r"^\| \d", PAGE, re.MULTILINE))


def test_every_test_that_is_named_exists_and_every_named_requirement_is_in_the_table() -> None:
    for name in re.findall(r"`(test_\w+)`", PAGE):
        assert f"def {name}(" in TESTS, name
    listed = {row[0] for row in ROWS}
    # Tests that name a requirement of these chapters; those of level 3 and of other chapters are a bonus.
    for name in re.findall(r"def test_(v\w+)\(", TESTS):
        for chapter, section, number in re.findall(r"v(\d+)_(\d+)_(\d+)", name):
            if f"{chapter}.{section}" in SECTIONS and f"{chapter}.{section}.{number}" in listed:
                assert name in PAGE, name
