"""Readers written in JavaScript that tests compare with: npm packages, installed by ops/npm.sh."""

import shutil
from pathlib import Path

import pytest

from api.core.build import ROOT

_INSTALLED = ROOT / "var" / "oracles"
_SCRIPTS = Path(__file__).parent / "node"


def command(script: str, package: str) -> list[str]:
    """Return what runs a script in Node with an npm package; without one of them the test fails."""
    program = shutil.which("node")
    if program is None:
        pytest.fail("Node is missing; make test installs it")
    if not (_INSTALLED / "node_modules" / package).exists():
        pytest.fail(f"{package} is not installed; sh ops/npm.sh oracles does it")
    return [program, str(_SCRIPTS / script), str(_INSTALLED)]
