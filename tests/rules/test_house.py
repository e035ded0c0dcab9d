"""House rules that no other tool checks."""

import ast
import re
from pathlib import Path

from api.core.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGES = ["alembic", "api", "bench", "data", "importers", "ops", "tests", "web"]
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
CODE = [
    path
    for package in PACKAGES
    for ending in ("py", "js", "css", "html", "sql", "sh", "toml")
    for path in sorted((ROOT / package).rglob(f"*.{ending}"))
    if "vendor" not in path.parts
]
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")) + r")\b")
LONGEST = 300


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_code_to_look_at() -> None:
    assert len(MODULES) > 100
    assert {path.suffix for path in CODE} >= {".py", ".js", ".css", ".html", ".sql", ".sh"}


def test_nothing_unfinished_lands() -> None:
    assert [named(path) for path in CODE if UNFINISHED.search(path.read_text())] == []


def test_every_module_says_what_it_holds() -> None:
    silent = [
        named(path)
        for path in MODULES
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_modules_are_short_enough_to_read() -> None:
    program = [path for path in MODULES if not {"tests", "versions"} & set(path.relative_to(ROOT).parts)]
    assert [named(path) for path in program if len(path.read_text().splitlines()) > LONGEST] == []


def test_the_example_of_settings_names_every_setting_once() -> None:
    said = re.findall(r"^#? ?(LANDKARTE_[A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(said) == sorted(f"LANDKARTE_{name.upper()}" for name in Settings.model_fields)


def test_every_setting_is_explained() -> None:
    page = (ROOT / "docs" / "reference" / "einstellungen.md").read_text()
    missing = [name for name in Settings.model_fields if f"LANDKARTE_{name.upper()}" not in page]
    assert missing == []
