"""ops/packages.sh: what it does when nothing is missing, and what it says when it cannot help."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def packages(*purposes: str, **options: object) -> "subprocess.CompletedProcess[str]":
    command = ["/bin/sh", "ops/packages.sh", *purposes]
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command, check=False, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options
    )


def test_says_and_does_nothing_when_nothing_is_missing() -> None:
    neither_apt_nor_sudo = {"PATH": "", "PYTHON": sys.executable}
    done = packages("python", "paper", "database", "browser", env=neither_apt_nor_sudo)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_names_what_there_is_for_an_unknown_purpose() -> None:
    done = packages("kaffee")
    assert done.returncode == 1
    assert "python paper database browser" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user who may do nothing")
@pytest.mark.skipif(shutil.which("apt-get") is None, reason="needs a system with apt-get")
def test_says_in_one_sentence_what_to_install_when_it_may_not() -> None:
    done = packages("python", user="nobody", env={"PATH": "/usr/bin:/bin", "PYTHON": "no-such-python"})
    assert done.returncode == 1
    assert done.stderr.strip() == "Bitte als root ausführen: apt-get install python3 python3-venv"
