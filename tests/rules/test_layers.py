"""The layers hold, and each contract about them fails when it is broken."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]
# contract → a module and the import that breaks this contract and no other
BREACHES = {
    "pages and imports stand on the domain, never the other way round": (
        "api/core/clock.py",
        "import importers.errors",
    ),
    "a domain uses only the domains below it": ("api/core/clock.py", "import api.offers.models"),
    "HTTP stays at the edge": ("importers/values.py", "import fastapi"),
    "only the index knows whoosh": ("api/search/table.py", "import whoosh"),
    "only those who look after entries, and professionals, know how to refer": (
        "api/search/table.py",
        "import api.offers.referring",
    ),
    "importers and pages do not know each other's tools": ("importers/values.py", "import jinja2"),
    "pages read places through schemas, never the table with hidden addresses": (
        "web/words.py",
        "import api.places.models",
    ),
}


def broken(folder: Path, breach: tuple[str, str] | None) -> set[str]:
    """Copy the modules, plant a breach and return the contracts that lint-imports finds broken."""
    for package in ("api", "web", "importers"):
        for module in (ROOT / package).rglob("*.py"):
            copy = folder / module.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(module, copy)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    if breach is not None:
        path, line = breach
        with (folder / path).open("a") as module_file:
            module_file.write(f"\n{line}\n")
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, env={"COLUMNS": "200"}
    )
    found = {name for name in CONTRACTS if f"{name} BROKEN" in done.stdout}
    kept = {name for name in CONTRACTS if f"{name} KEPT" in done.stdout}
    assert found | kept == set(CONTRACTS), done.stdout + done.stderr
    assert done.returncode == (1 if found else 0)
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[set[str]]]]:
    """All runs side by side; the one without a breach is called "clean"."""
    with ThreadPoolExecutor(2) as pool:
        planned: dict[str, tuple[str, str] | None] = {"clean": None, **BREACHES}
        yield {
            name: pool.submit(broken, tmp_path_factory.mktemp("layers"), breach)
            for name, breach in planned.items()
        }


def test_every_contract_has_a_breach_that_shows_it() -> None:
    assert sorted(BREACHES) == sorted(CONTRACTS)


def test_no_contract_is_broken(runs: dict[str, Future[set[str]]]) -> None:
    assert runs["clean"].result() == set()


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_breaks_its_contract_alone(runs: dict[str, Future[set[str]]], contract: str) -> None:
    assert runs[contract].result() == {contract}
