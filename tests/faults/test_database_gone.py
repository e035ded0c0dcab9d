"""The database goes and comes back while people read: a clear answer meanwhile, no restart."""

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session

from ops.cluster import start, stop
from ops.cluster.place import programs, run_as_owner
from ops.cluster.processes import own
from tests.faults.house import Answer, House, ask, wait_until
from tests.faults.reading import OFFERS, PATHS, check_served, readers
from tests.faults.wholeness import check_whole

SLOWEST_SECONDS = 12.0  # a few, and as many again for a machine that has other things to do
HANGING_SECONDS = 30.0  # it takes longer to be sure that a database hangs than to see that it is gone
BACK_SECONDS = 20.0
HTML = ("/", "/angebote", "/quellen", "/angebot/irgendeins")
OPEN = (OFFERS, "/api/v1/map/points", "/api/v1/spaces", "/api/v1/regions", "/api/v1/offers/1")


def stop_fast(house: House) -> None:
    stop(house.cluster, force=True)


def stop_immediately(house: House) -> None:
    cluster = house.cluster
    pg_ctl = programs(cluster.data) / "pg_ctl"
    assert run_as_owner(cluster, pg_ctl, "stop", "-D", cluster.data, "-m", "immediate").returncode == 0


WAYS: dict[str, Callable[[House], None]] = {
    "stopped": stop_fast,
    "stopped immediately": stop_immediately,
    "killed": House.kill_postmaster,
    "killed with all it does": House.kill_database,
}


@pytest.fixture(scope="module")
def _serving(_furnished: House) -> Iterator[House]:
    service = _furnished.serve()
    yield _furnished
    service.kill()
    _furnished.kill_database()


@pytest.fixture
def served(_serving: House) -> House:
    """A house whose service runs, one and the same through all that happens to its database."""
    wait_until(lambda: ask(_serving.port, "/readyz").status == 200, "ready", BACK_SECONDS)
    return _serving


def check_gone(house: House) -> None:
    """Every page and every answer of the API says in its own way that the database is not there."""
    for path in HTML:
        found = ask(house.port, path)
        assert (found.status, found.kind) == (503, "text/html"), f"{path}: {found}"
        assert 'lang="de"' in found.body
        assert "Traceback" not in found.body
        check_refusal(found.headers, found.seconds)
    assert 'lang="en"' in ask(house.port, "/en/angebote").body
    for path in OPEN:
        found = ask(house.port, path)
        assert (found.status, found.kind) == (503, "application/problem+json"), f"{path}: {found}"
        assert json.loads(found.body)["type"] == "/problems/unavailable"
        check_refusal(found.headers, found.seconds)
    assert ask(house.port, "/healthz").status == 200
    assert ask(house.port, "/readyz").status == 503


def check_refusal(headers: "dict[str, str] | object", seconds: float) -> None:
    assert isinstance(headers, dict)
    assert int(headers["retry-after"]) > 0
    assert headers.get("cache-control") in (None, "no-store")
    assert "etag" not in headers
    assert seconds < SLOWEST_SECONDS


def check_back(house: House) -> None:
    """Without a restart everything is as it was, within seconds."""
    wait_until(lambda: ask(house.port, "/readyz").status == 200, "ready again", BACK_SECONDS)
    assert {path: ask(house.port, path).status for path in PATHS} == dict.fromkeys(PATHS, 200)
    with Session(house.engine()) as session:
        check_served(house.port, session)


@pytest.mark.parametrize("way", WAYS)
def test_says_that_the_database_is_gone_and_goes_on_when_it_is_back(served: House, way: str) -> None:
    WAYS[way](served)
    wait_until(lambda: not own(served.cluster), "the database is gone")
    check_gone(served)
    start(served.cluster)
    check_back(served)


def refusals(answers: list[Answer]) -> int:
    return sum(found.status == 503 for found in list(answers))


def rounds(house: House, how_many: int, readers_at_once: int) -> None:
    with readers(house.port, readers_at_once) as answers:
        for number in range(how_many):
            way = list(WAYS)[number % len(WAYS)]
            wait_until(lambda: any(found.status == 200 for found in answers), f"{way}: pages are read")
            WAYS[way](house)
            answers.clear()
            wait_until(lambda: refusals(answers) > 3 * readers_at_once, f"{way}: pages fail")
            start(house.cluster)
            seen = Counter(found.status for found in answers)
            slowest = max(found.seconds for found in list(answers))
            assert set(seen) <= {200, 503}, f"{way}: {seen}"
            assert slowest < SLOWEST_SECONDS, f"{way}: somebody waited for {slowest:.1f} s"
            wait_until(lambda: ask(house.port, "/readyz").status == 200, "ready again", BACK_SECONDS)
            answers.clear()
    check_back(house)
    check_whole(house.engine())


def test_many_readers_get_a_clear_answer_while_it_is_gone(served: House) -> None:
    rounds(served, 2, readers_at_once=24)


@pytest.mark.proof
def test_it_may_go_and_come_again_and_again(served: House) -> None:
    rounds(served, 16, readers_at_once=48)


@pytest.mark.proof
def test_nobody_waits_for_a_database_that_hangs(served: House) -> None:
    for path in PATHS:
        assert ask(served.port, path).status == 200
    frozen = own(served.cluster)
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        with readers(served.port, 24) as answers:
            wait_until(lambda: len(answers) >= 48, "answers, whatever they say", 4 * HANGING_SECONDS)
            assert ask(served.port, "/healthz").status == 200
            assert max(found.seconds for found in list(answers)) < HANGING_SECONDS
            assert {found.status for found in list(answers)} <= {200, 503, 504}
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    check_back(served)
