"""A region whose index cannot be brought up to date rests; nobody waits for it, and no other region does."""

import logging
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.search import refreshing, shelves
from api.search.index import RegionIndex
from tests.factories import make_offer, make_region
from tests.search.changes import TODDLERS
from tests.search.efforts import NO_FILES, NO_ROOM, Fault, Starts, row, say_again, until_by_index
from tests.search.test_broken_index import someone_writes
from tests.search.town import Process, commit, same

ALL_THE_TIME = 100_000.0  # to wait, where a test has its own clock


class Clock:
    """Stands in for the module time in api.search.shelves, and goes only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        time.sleep(0.001)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the shelves go by."""
    made = Clock()
    monkeypatch.setattr(shelves, "time", made)
    return made


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> Fault:
    """Writing to an index, which can fail."""
    return Fault(monkeypatch, RegionIndex, "write")


def test_regions_that_others_write_keep_no_other_region_back(
    town: Engine, hasty: Process, oracle: Starts, folder: Path
) -> None:
    locked = [f"amt-{number}" for number in range(shelves.AT_ONCE + 1)]
    with Session(town) as session, session.begin():
        for slug in locked:
            make_offer(session, make_region(session, slug=slug, is_default=False), name="Sprechstunde")
    for slug in locked:
        until_by_index(hasty, slug)
    with someone_writes(folder):
        for slug in locked:
            commit(town, lambda s, r: make_offer(s, r, name="Zweite Sprechstunde"), slug)
            assert hasty.answer({"q": "zweite"}, slug).by == "database"
        # No slot is held for the thirty seconds that were once waited for a lock.
        assert hasty.shelves.at(row(town), wait=20) is not None
        for slug in locked:
            assert hasty.answer({"q": "zweite"}, slug).total == 1
    for slug in locked:
        until_by_index(hasty, slug)
        assert hasty.finds("zweite", slug) == {"Zweite Sprechstunde"}
    same(oracle(), hasty)


def test_whoever_waits_gets_the_index_once_another_process_has_written_it(
    town: Engine, hasty: Process, folder: Path
) -> None:
    hasty.finds()
    say_again(town)
    region = row(town)
    with someone_writes(folder):
        assert hasty.shelves.stands_at(region) == "behind"
        waiting = threading.Timer(0.0, lambda: found.append(hasty.shelves.at(region, wait=60)))
        found: list[object] = []
        waiting.start()
        waiting.join(0.3)
        assert found == []
    waiting.join()
    assert found[0] is not None


def test_what_could_not_be_written_rests_for_longer_and_longer(
    town: Engine, hasty: Process, clock: Clock, writing: Fault
) -> None:
    writing.error = NO_ROOM
    region, start, tried = row(town), clock.now, []
    while clock.now < start + 200:
        before = writing.times
        assert hasty.shelves.at(region, wait=ALL_THE_TIME) is None
        if writing.times > before:
            tried.append(clock.now - start)
        clock.now += 0.5
    assert tried == [0, 1, 3, 7, 15, 31, 63, 123, 183]


def test_searches_are_answered_while_a_region_rests_and_success_ends_the_rest(
    town: Engine, hasty: Process, clock: Clock, writing: Fault, oracle: Starts
) -> None:
    writing.error = NO_ROOM
    for number in range(5):
        say_again(town, number)
        answer = hasty.answer({"q": f"rasseln {number}"})
        assert (answer.by, [found.offer.name for found in answer.results]) == ("database", [TODDLERS])
    assert hasty.shelves.stands_at(row(town)) == "missing"
    assert writing.times == 1
    clock.now += 1
    assert hasty.shelves.at(row(town), wait=ALL_THE_TIME) is None
    writing.error = None
    clock.now += 2
    assert hasty.shelves.at(row(town), wait=ALL_THE_TIME) is not None
    same(oracle(), hasty)
    # The next time, the first rest is short again.
    writing.error = NO_ROOM
    say_again(town)
    assert hasty.shelves.at(row(town), wait=ALL_THE_TIME) is None
    writing.error = None
    clock.now += 1
    assert hasty.shelves.at(row(town), wait=ALL_THE_TIME) is not None


def test_each_kind_of_failure_is_in_the_log_once(
    town: Engine, hasty: Process, clock: Clock, writing: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    def ask(error: Exception | None) -> list[str]:
        caplog.clear()
        writing.error = error
        for _ in range(20):
            hasty.shelves.at(row(town), wait=ALL_THE_TIME)
            clock.now += 60
        return [f"{one.levelname}: {one.exc_info[1] if one.exc_info else one.msg}" for one in caplog.records]

    with caplog.at_level(logging.WARNING, "landkarte.search"):
        assert ask(NO_ROOM) == [f"ERROR: {NO_ROOM}"]
        assert ask(PermissionError("not yours")) == ["ERROR: not yours"]
        assert ask(NO_FILES) == [f"ERROR: {NO_FILES}"]
        assert ask(NO_ROOM) == []
        assert ask(None) == ["WARNING: The search index of region %s is up to date again."]
        say_again(town)
        assert ask(NO_ROOM) == [f"ERROR: {NO_ROOM}"]


def test_another_process_that_writes_is_worth_a_word_only_if_it_takes_long(
    town: Engine, hasty: Process, clock: Clock, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    until_by_index(hasty)
    say_again(town)
    with someone_writes(folder), caplog.at_level(logging.WARNING, "landkarte.search"):
        assert hasty.shelves.at(row(town), wait=5) is None
        assert caplog.records == []
        assert hasty.shelves.at(row(town), wait=100) is None
        assert [one.levelname for one in caplog.records] == ["ERROR"]


def test_nobody_waits_for_what_has_been_going_on_for_long(
    town: Engine, hasty: Process, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on, real = threading.Event(), refreshing.refreshed

    def slowly(*args: Any) -> Any:
        assert going_on.wait(120)
        return real(*args)

    monkeypatch.setattr(refreshing, "refreshed", slowly)
    region = row(town)
    assert hasty.shelves.stands_at(region) == "missing"
    clock.now += 60
    began = time.monotonic()
    for _ in range(3):
        assert hasty.shelves.at(region, wait=60) is None
    assert time.monotonic() - began < 60  # not even once
    going_on.set()
    assert hasty.shelves.at(region, wait=ALL_THE_TIME) is not None


def test_a_region_that_is_deleted_meanwhile_is_no_error(
    town: Engine, hasty: Process, caplog: pytest.LogCaptureFixture
) -> None:
    with Session(town) as session, session.begin():
        make_region(session, slug="leer", is_default=False)
    gone = row(town, "leer")
    with town.begin() as connection:
        connection.execute(text("SET LOCAL ROLE landkarte_owner"))
        connection.execute(text("DELETE FROM region WHERE slug = 'leer'"))
    for _ in range(3):
        assert hasty.shelves.at(gone) is None
    assert len(caplog.records) == 1


def test_a_server_that_starts_waits_in_the_background_for_who_builds_the_index(
    town: Engine, start: Starts, folder: Path
) -> None:
    start().finds()
    say_again(town)
    process = start()
    with someone_writes(folder):
        process.shelves.warm(row(town))
    deadline = time.monotonic() + 60
    while process.shelves._held(row(town)) is None:  # noqa: SLF001 - who asks aloud begins it
        assert time.monotonic() < deadline
        time.sleep(0.02)
