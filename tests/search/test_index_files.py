"""Whatever effort fails, a sound index keeps its files, and nothing else stays on the disk or in memory."""

import gc
import logging
import weakref
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.search import shelves
from api.search.index import RegionIndex, _Sealed
from tests.search.changes import TODDLERS
from tests.search.efforts import NO_FILES, NO_ROOM, Fault, Starts, row, say_again, until_by_index
from tests.search.test_broken_index import files, someone_writes
from tests.search.town import Process, same


@pytest.mark.parametrize("error", [NO_ROOM, NO_FILES, MemoryError()])
@pytest.mark.parametrize("name", ["create_file", "open_file"])
def test_an_index_that_is_sound_is_not_thrown_away_for_want_of_something_else(
    town: Engine,
    hasty: Process,
    oracle: Starts,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    error: Exception,
) -> None:
    until_by_index(hasty)
    before = files(folder)
    whole = [path.read_bytes() for path in before]
    files_of_whoosh = Fault(monkeypatch, _Sealed, name)
    files_of_whoosh.error = error
    say_again(town)
    for _ in range(3):
        assert hasty.answer({"q": "rasseln"}).total == 1
    assert files_of_whoosh.times
    assert [path.read_bytes() for path in before] == whole
    assert files(folder) == before
    files_of_whoosh.error = None
    until_by_index(hasty)
    same(oracle(), hasty)


def test_a_commit_that_fails_half_way_leaves_nothing_on_the_disk(
    town: Engine, hasty: Process, oracle: Starts, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    until_by_index(hasty)
    before = files(folder)
    toc = Fault(monkeypatch, _Sealed, "create_file", ".toc")
    toc.error = NO_ROOM
    say_again(town)
    assert hasty.answer({"q": "rasseln"}).by == "database"
    assert toc.times == 1
    assert files(folder) == before
    toc.error = None
    until_by_index(hasty)
    same(oracle(), hasty)


def test_what_killed_processes_leave_is_cleaned_up(town: Engine, start: Starts, folder: Path) -> None:
    process = start()
    process.finds()
    (toc,) = (path for path in files(folder, ".toc"))
    unfinished = [toc.with_name(f"_MAIN_{number}.toc.1700000000.5") for number in range(3)]
    unfinished.append(toc.with_name("MAIN_0123456789abcdef.seg"))
    for path in unfinished:
        path.write_bytes(toc.read_bytes()[:20])
    say_again(town)
    assert start().finds("rasseln") == process.finds("rasseln") == {TODDLERS}
    assert not [path for path in unfinished if path.exists()]


def test_what_another_process_has_just_built_anew_is_not_built_again(
    town: Engine,
    start: Starts,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    start().finds()
    for path in files(folder, ".seg"):
        path.write_bytes(b"")
    first, second, real = start(), start(), RegionIndex.locked
    is_first = iter([True])

    def locked(index: RegionIndex, wait: float = 0) -> AbstractContextManager[None]:
        if next(is_first, False):
            second.finds()  # between the first one's look at the files and its lock
        return real(index, wait)

    monkeypatch.setattr(RegionIndex, "locked", locked)
    with caplog.at_level(logging.WARNING, "landkarte.search"):
        assert first.finds("krabbelgruppe") == {TODDLERS}
    assert [one.msg for one in caplog.records if "anew" in one.msg] == [
        "The search index of region %s cannot be read and is built anew."
    ]


def test_who_finds_an_index_broken_late_does_not_throw_the_new_one_away(
    town: Engine, start: Starts, folder: Path
) -> None:
    process = start()
    process.finds()
    process.shelves.forget(row(town))
    assert not files(folder)
    start().finds()
    new = files(folder)
    process.shelves.forget(row(town))
    assert files(folder) == new
    process.finds()
    with someone_writes(folder):
        process.shelves.forget(row(town))
    assert files(folder) == new
    process.finds()


def test_an_index_that_is_closed_for_want_of_memory_is_let_go(
    town: Engine, start: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "OFFERS_IN_MEMORY", 1)
    process = start()
    shelf = process.shelves.at(row(town))
    assert shelf is not None
    held = weakref.ref(shelf)
    del shelf
    process.finds(slug="kreis")
    gc.collect()
    assert held() is None
