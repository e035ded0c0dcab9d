"""schemathesis questions the whole API over HTTP, by its own description: a sample, and thousands as proof.

To repeat a run: CONTRACT_SEED=… make proof args="-k contract".
"""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PHASES = ["examples", "coverage", "fuzzing", "stateful"]


def questioned(address: str, folder: Path, *options: str) -> dict[str, Any]:
    """Let schemathesis question the API at an address and return its report."""
    report = folder / "report.json"
    command: list[str | Path] = [
        Path(sys.executable).with_name("schemathesis"),
        "--config-file",
        HERE / "schemathesis.toml",
    ]
    command += ["run", address, *options, "--report=json", f"--report-json-path={report}", "--no-color"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "checks.py")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert report.exists(), done.stdout + done.stderr
    return {**json.loads(report.read_text()), "said": done.stdout}


def check_all_is_well(report: dict[str, Any], cases: int) -> None:
    assert report["exit_code"] == 0, report["said"]
    assert {name: report["phases"][name]["status"] for name in PHASES} == dict.fromkeys(PHASES, "success")
    assert report["operations"]["tested"] == report["operations"]["total"] >= 10
    assert report["test_cases"]["generated"] >= cases


def test_a_sample_of_all_questions_finds_no_breach(server: str, tmp_path: Path) -> None:
    address = f"{server}/api/v1/openapi.json"
    # Always the same questions: what fails here failed because of a change.
    options = ["--generation-deterministic", "--max-examples=8", "--no-shrink"]
    check_all_is_well(questioned(address, tmp_path, *options), cases=700)


@pytest.mark.proof
def test_thousands_of_questions_find_no_breach(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = os.environ.get("CONTRACT_SEED") or str(secrets.randbelow(2**32))
    report = questioned(f"{server}/api/v1/openapi.json", tmp_path, f"--seed={seed}", "--max-examples=500")
    with capsys.disabled():
        sys.stdout.write(f"\nschemathesis: {report['test_cases']['generated']} questions, seed {seed}\n")
    check_all_is_well(report, cases=5_000)
