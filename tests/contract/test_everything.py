"""schemathesis questions the whole API over HTTP, by its own description: a sample, and thousands as proof.

Who asks is signed in as a member of staff: the API knows nobody, so it answers all roles as it answers all.

To repeat a run: CONTRACT_SEED=… make proof args="-k contract".
"""

import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.accounts.models import Role
from api.organizations.models import Organization
from api.regions import service as regions
from tests.accounts.people import PASSWORD, make_member

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


def cookie(demo: Engine, server: str, role: Role) -> str:
    """Sign in with a role where the demo is served; return the option for what a browser then sends."""
    email = f"{role}-{secrets.token_hex(4)}@stadt.example"
    with Session(demo) as session, session.begin():
        region = regions.of_host(session, "")
        provider = session.exec(select(Organization.id).where(Organization.region_id == region.id)).first()
        make_member(session, region, role, email, organization_id=provider if role is Role.PROVIDER else None)
    with httpx2.Client(base_url=server) as browser:
        proof = re.search(r'name="formular" value="(\w+)"', browser.get("/pflege/anmelden").text)
        assert proof
        sent = {"formular": proof[1], "email": email, "kennwort": PASSWORD}
        assert browser.post("/pflege/anmelden", data=sent).status_code == 303
        assert browser.get("/pflege").status_code == 200
        return f"--header=Cookie: sitzung={browser.cookies['sitzung']}"


def check_all_is_well(report: dict[str, Any], cases: int) -> None:
    assert report["exit_code"] == 0, report["said"]
    assert {name: report["phases"][name]["status"] for name in PHASES} == dict.fromkeys(PHASES, "success")
    assert report["operations"]["tested"] == report["operations"]["total"] >= 10
    assert report["test_cases"]["generated"] >= cases


def test_a_sample_of_all_questions_finds_no_breach(demo: Engine, server: str, tmp_path: Path) -> None:
    address = f"{server}/api/v1/openapi.json"
    # Always the same questions: what fails here failed because of a change.
    options = ["--generation-deterministic", "--max-examples=8", "--no-shrink"]
    options.append(cookie(demo, server, Role.COORDINATOR))
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


@pytest.mark.proof
@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_answered_as_everybody(demo: Engine, server: str, tmp_path: Path, role: Role) -> None:
    seed = os.environ.get("CONTRACT_SEED") or str(secrets.randbelow(2**32))
    options = [f"--seed={seed}", "--max-examples=60", cookie(demo, server, role)]
    check_all_is_well(questioned(f"{server}/api/v1/openapi.json", tmp_path, *options), cases=1_000)
