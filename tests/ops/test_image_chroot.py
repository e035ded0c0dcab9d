"""The worlds that programs of a proof run in: what they may do there, and that none outlives the proof."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.image.chroot import World, end, first_process

ROOT = Path(__file__).parents[2]
USER = "10001:10001"
STARTS_AND_WAITS = f"""
import sys, time
from pathlib import Path
from ops.image.chroot import World, first_process
world = World(Path("/"), {{"PATH": "/usr/bin:/bin"}}, "{USER}", closed=True)
started = world.start("sleep", "61", output=sys.stderr)
while True:
    time.sleep(0.05)
    try:
        inside = first_process(started)
        if Path(f"/proc/{{inside}}/comm").read_text().strip() == "sleep":
            break
    except (IndexError, OSError):
        pass
print(inside, flush=True)
time.sleep(60)
"""


def can_make_worlds() -> bool:
    """Whether this user may: root may not in every container."""
    if os.geteuid() != 0:
        return False
    return subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False).returncode == 0


pytestmark = pytest.mark.skipif(not can_make_worlds(), reason="needs root and namespaces")
# The system we are on, seen through a world of its own.
WORLD = World(Path("/"), {"PATH": "/usr/bin:/bin"}, USER, closed=True)


def test_a_closed_world_has_no_rights_and_one_folder_to_write_to() -> None:
    said = WORLD.run("cat", "/proc/self/status").stdout.splitlines()
    facts = dict(line.split(":\t", 1) for line in said if ":\t" in line)
    assert facts["Uid"].split() == ["10001"] * 4
    assert {int(facts[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh")} == {0}
    assert facts["NoNewPrivs"] == "1"
    assert WORLD.run("sh", "-c", "touch /tmp/x && ! touch /var/tmp/x 2>/dev/null").returncode == 0


def test_a_program_is_process_1_and_knows_only_its_variables() -> None:
    assert WORLD.run("sh", "-c", "echo $$").stdout == "1\n"
    assert WORLD.run("env").stdout == "PATH=/usr/bin:/bin\n"


def test_what_is_mounted_inside_is_not_seen_outside() -> None:
    before = Path("/proc/mounts").read_text()
    inside = WORLD.run("cat", "/proc/mounts").stdout
    assert inside.count("\n") > before.count("\n")
    assert Path("/proc/mounts").read_text() == before


def test_a_world_ends_when_it_is_told_to() -> None:
    started = WORLD.start("sleep", "62", output=sys.stderr)
    inside = wait_for_program(started)
    end(started)
    assert has_ended(inside)


def test_a_world_ends_when_its_proof_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as proof:
        assert proof.stdout is not None
        inside = int(proof.stdout.readline())
        proof.send_signal(signal.SIGKILL)
    assert has_ended(inside)


def wait_for_program(started: "subprocess.Popen[str]") -> int:
    for _try in range(200):
        time.sleep(0.05)
        try:
            inside = first_process(started)
            if Path(f"/proc/{inside}/comm").read_text().strip() == "sleep":
                return inside
        except (IndexError, OSError):
            continue
    raise AssertionError("the program did not start")


def has_ended(process: int) -> bool:
    """Tell whether it is gone within two seconds; one that nobody asks for its exit code counts as gone."""
    for _try in range(40):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
