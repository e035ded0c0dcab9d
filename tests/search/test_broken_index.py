"""Whatever happens to the files of an index, every question is answered, and the index mends itself."""

import fcntl
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.offers import service as offers
from api.regions.models import Region
from api.search.index import IndexBrokenError, RegionIndex
from api.search.shelves import Shelves
from tests.factories import act, make_offer
from tests.faults.chance import say
from tests.search.environment import environment
from tests.search.town import QUESTIONS, Process, commit, offer_named, same

Starts = Callable[[], Process]
EVERYTHING = {"Schuldnerberatung Nord", "Krabbelgruppe", "Fußballtraining"}
ANSWERED_SECONDS = 4.0  # twice the second that is waited for the index, and room for a busy machine


def files(folder: Path, ending: str = "") -> list[Path]:
    """Return all files of all indexes in a folder, but locks."""
    found = [path for path in sorted(folder.rglob(f"*{ending}")) if path.is_file()]
    return [path for path in found if path.suffix != ".lock" and "LOCK" not in path.name]


def change(town: Engine, said: str) -> None:
    """Let an offer say something, which every index has to catch up with."""

    def write(session: Session, region: Region) -> None:
        offers.change(session, act(region), offer_named(session, "Krabbelgruppe"), {"description": said})

    commit(town, write)


def check_mended(oracle: Process, *processes: Process) -> None:
    """Check that every question is answered, and soon by the index, rightly."""
    for process in processes:
        for answer in process.answers(QUESTIONS):
            assert answer.by in {"index", "database"}
        for answer in process.answers(QUESTIONS):
            assert answer.by == "index"
    same(oracle, *processes)


@contextmanager
def someone_writes(folder: Path) -> Iterator[None]:
    """Hold the lock of all indexes, as another process does that writes them."""
    opened = [path.open("w") for path in folder.rglob("*.lock")]
    assert opened
    try:
        for file in opened:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        for file in opened:
            file.close()


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_folder_that_is_deleted_is_made_anew(
    town: Engine, start: Starts, oracle: Starts, folder: Path, *, is_changed: bool
) -> None:
    running = start()
    assert running.finds() == EVERYTHING
    shutil.rmtree(folder)
    if is_changed:
        change(town, "Mit Rasseln.")
    assert start().finds("rasseln") == ({"Krabbelgruppe"} if is_changed else set())
    check_mended(oracle(), running, start())
    assert files(folder, ".toc")


@pytest.mark.parametrize("is_changed", [False, True])
@pytest.mark.parametrize("ending", [".toc", ".seg"])
@pytest.mark.parametrize("kept", [0.0, 0.3, 0.99])
def test_a_file_that_is_cut_off_is_made_anew(
    town: Engine, start: Starts, oracle: Starts, folder: Path, ending: str, kept: float, *, is_changed: bool
) -> None:
    running = start()
    running.finds()
    whole = files(folder, ending)
    assert whole
    for path in whole:
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    if is_changed:
        change(town, "Mit Rasseln.")
    check_mended(oracle(), start(), running)


def garble(path: Path, chance: random.Random) -> str:
    """Write nonsense somewhere into a file in place, as a failing disk does; return what was done."""
    text = bytearray(path.read_bytes())
    at, length = chance.randrange(len(text)), chance.choice([1, 4, 64])
    text[at : at + length] = chance.randbytes(len(text[at : at + length]))
    with path.open("r+b") as file:
        file.write(text)
    return f"{path.name}: {length} bytes from {at} of {len(text)}"


def answers_in_spite_of_nonsense(
    town: Engine, start: Starts, oracle: Starts, folder: Path, seed: int
) -> None:
    chance = random.Random(seed)
    running = start()
    running.finds()
    done = garble(chance.choice(files(folder)), chance)
    say(done)
    if chance.random() < 0.5:
        change(town, f"Mit Rasseln {seed}.")
    check_mended(oracle(), start(), running)
    change(town, f"Mit Trommeln {seed}.")
    check_mended(oracle(), running, start())


def test_every_changed_byte_of_a_file_is_noticed(town: Engine, start: Starts, folder: Path) -> None:
    chance = random.Random(4)
    start().finds()
    for path in files(folder):
        whole, index = path.read_bytes(), RegionIndex(path.parent)
        for _ in range(40):
            at = chance.randrange(len(whole))
            other = (whole[at] + chance.randrange(1, 256)) % 256
            path.write_bytes(whole[:at] + bytes([other]) + whole[at + 1 :])
            with pytest.raises(IndexBrokenError):
                index.read({})
        path.write_bytes(whole)
        assert index.read({}) is not None


@pytest.mark.parametrize("seed", range(3))
def test_nonsense_in_a_file_stops_no_answer(
    town: Engine, start: Starts, oracle: Starts, folder: Path, seed: int
) -> None:
    answers_in_spite_of_nonsense(town, start, oracle, folder, seed)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(3, 60))
def test_much_nonsense_in_many_files_stops_no_answer(
    town: Engine, start: Starts, oracle: Starts, folder: Path, seed: int
) -> None:
    answers_in_spite_of_nonsense(town, start, oracle, folder, seed)


def test_where_no_folder_can_be_made_the_database_answers(
    town: Engine, start: Starts, oracle: Starts, folder: Path
) -> None:
    folder.write_text("I am no folder.")
    process = start()
    answer = process.answer({"q": "krabbelgruppe"})
    assert answer.by == "database"
    assert [found.offer.name for found in answer.results] == ["Krabbelgruppe"]
    assert process.answer({}).total == len(EVERYTHING)
    folder.unlink()
    deadline = time.monotonic() + 60
    while process.answer({}).by == "database":  # until the rest is over
        assert time.monotonic() < deadline
    check_mended(oracle(), process)


def test_while_somebody_else_writes_for_long_the_database_answers(
    town: Engine, start: Starts, oracle: Starts, folder: Path
) -> None:
    process = start()
    process.finds()
    hasty = Process(town, folder, Shelves(town, folder))
    with someone_writes(folder):
        # What is up to date needs no lock.
        assert hasty.answer({"q": "krabbelgruppe"}).by == "index"
        change(town, "Mit Rasseln.")
        for _ in range(2):
            began = time.monotonic()
            answer = hasty.answer({"q": "rasseln"})
            assert time.monotonic() - began < ANSWERED_SECONDS
            assert answer.by == "database"
            assert [found.offer.name for found in answer.results] == ["Krabbelgruppe"]
    deadline = time.monotonic() + 20
    while hasty.answer({"q": "rasseln"}).by == "database":
        assert time.monotonic() < deadline
    check_mended(oracle(), process)
    hasty.shelves.close()


def kill_while_writing(
    town: Engine, start: Starts, oracle: Starts, folder: Path, rounds: int, seed: int
) -> None:
    """Kill a process at random moments while it keeps up with changes; the next one answers rightly."""
    chance = random.Random(seed)
    commit(town, lambda s, r: [make_offer(s, r, name=f"Beet {n}") for n in range(60)] and None)
    for number in range(rounds):
        command = [sys.executable, "-m", "tests.search.searcher", "follow", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(town), text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            until = time.monotonic() + chance.uniform(0.0, 0.6)
            while time.monotonic() < until:
                dig(town, chance, number)
            child.kill()
        assert child.returncode == -9
        process = start()
        assert len(process.finds("beet")) == 60
        assert len(process.finds(f"runde{number}x")) > 0
        same(oracle(), process)
        assert len(files(folder)) < 40, files(folder)


def dig(town: Engine, chance: random.Random, number: int) -> None:
    def write(session: Session, region: Region) -> None:
        beds = [offer_named(session, f"Beet {n}") for n in chance.sample(range(60), 8)]
        for bed in beds:
            offers.change(session, act(region), bed, {"description": f"runde{number}x {chance.random()}"})

    commit(town, write)


def test_a_process_that_is_killed_while_it_writes_leaves_no_wrong_answer(
    town: Engine, start: Starts, oracle: Starts, folder: Path
) -> None:
    kill_while_writing(town, start, oracle, folder, rounds=3, seed=4)


@pytest.mark.proof
def test_processes_that_are_killed_again_and_again_leave_no_wrong_answer(
    town: Engine, start: Starts, oracle: Starts, folder: Path
) -> None:
    kill_while_writing(town, start, oracle, folder, rounds=30, seed=5)
