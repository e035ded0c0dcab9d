"""What `make run` says before it sets anything up, and how its steps look."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.cluster import locks
from ops.cluster.urls import given_environment
from ops.progress import StepFailedError, run_program, step

ROOT = Path(__file__).parents[2]
HOLD = """
import os, sys
from pathlib import Path
from ops.cluster import locks
from ops.progress import run_program
with locks.exclusive(Path(sys.argv[1])) as lock:
    program = ["sh", "-c", "echo $$; exec sleep 60"]
    run_program(program, os.environ, lambda line: print(line, flush=True), "", lock=lock)
"""


def run(port: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "ops.run"]
    environment = os.environ | {"PORT": str(port)}
    return subprocess.run(
        command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
    )


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(port)
    assert done.returncode == 1
    assert f"Auf Port {port} läuft schon etwas" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr
    assert "1/5" not in done.stdout, "it asks before it sets up"


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    done = run(port)
    assert (done.returncode, done.stderr.strip()) == (1, f"PORT={port} ist keine Portnummer (1 bis 65535).")


def test_a_step_ends_with_a_tick_and_its_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with step("1/5 Datenbank"):
        pass
    assert re.fullmatch(r"1/5 Datenbank +✓ \d+,\d s\n", capsys.readouterr().out)


def test_a_step_passes_on_what_its_program_says(capsys: pytest.CaptureFixture[str]) -> None:
    with step("4/5 Regionen") as say:
        run_program(["echo", "Lichtenberg"], os.environ, say, "nie")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["4/5", "Lichtenberg", "✓"]


def test_a_step_whose_program_fails_gets_a_cross(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StepFailedError, match="So nicht"), step("3/5 Tabellen") as say:
        run_program(["false"], os.environ, say, "So nicht.")
    assert "✗" in capsys.readouterr().out


def test_a_killed_runs_program_still_holds_the_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "lock"], cwd=ROOT, stdout=subprocess.PIPE
    ) as held:
        assert held.stdout is not None
        program = int(held.stdout.readline())
        held.kill()
        held.wait()
        assert locks.is_held(tmp_path / "lock")
        os.kill(program, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while locks.is_held(tmp_path / "lock"):
            assert time.monotonic() < deadline


def test_a_given_database_serves_for_migrations_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDKARTE_DATABASE_URL", "postgresql+psycopg://a@h/d")
    monkeypatch.delenv("LANDKARTE_OWNER_DATABASE_URL", raising=False)
    given = given_environment(tmp_path)
    assert given is not None
    assert given["LANDKARTE_OWNER_DATABASE_URL"] == "postgresql+psycopg://a@h/d"


def test_a_database_can_be_given_in_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANDKARTE_DATABASE_URL", raising=False)
    monkeypatch.delenv("LANDKARTE_OWNER_DATABASE_URL", raising=False)
    assert given_environment(tmp_path) is None
    (tmp_path / ".env").write_text("# eigene\nLANDKARTE_DATABASE_URL='postgresql+psycopg://a@h/d?x=1'\n")
    given = given_environment(tmp_path)
    assert given is not None
    assert given["LANDKARTE_DATABASE_URL"] == "postgresql+psycopg://a@h/d?x=1"
