"""What people write behind `make` arrives as they wrote it, and nothing of it is carried out."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Says each word it is given on a line of its own, instead of starting anything.
SHOWN = ["PY=-", "WITH_DATABASE=printf '%s\\n'", "-o", ".venv/app.stamp", "-o", "database"]
AWKWARD = [
    "a b.csv",
    "a\"b'c.csv",
    "$(touch {0})",
    "$(shell touch {0})",
    "`touch {0}`",
    "a; touch {0}",
    '"; touch {0}; "',
]


def words(*arguments: str) -> list[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    done = subprocess.run(
        ["make", "--silent", *SHOWN, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("said", AWKWARD)
def test_file_names_reach_the_import_unchanged(tmp_path: Path, said: str) -> None:
    said = said.format(tmp_path / "made")
    found = words("import", f"f={said}", f"mapping={said}", "report=json")
    assert found == ["-", "-m", "importers", f"--mapping={said}", "--report=json", "--", said]
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("said", ["10", "10; echo HI", "$(shell echo HI)"])
def test_the_number_of_an_import_is_one_word(said: str) -> None:
    assert words("undo", f"batch={said}") == ["-", "-m", "importers.undo", "--", said]
