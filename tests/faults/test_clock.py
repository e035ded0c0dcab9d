"""The clock jumps while the service runs: it goes on answering, and what depends on the day follows the day.

Only the service's clock is bent, by libfaketime; the database's stays as it is.
"""

import datetime as dt
import json
import os
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from api.history.models import Origin
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Offer
from api.regions.models import Region
from ops.cluster import start, url
from tests.faults.house import PYTHON, Answer, House, ask, wait_until
from tests.faults.liste import Liste
from tests.faults.reading import OFFERS, PATHS, check_served, got, readers
from tests.faults.wholeness import check_whole

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
BERLIN = ZoneInfo("Europe/Berlin")
DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=365)
SLOWEST_SECONDS = 12.0

pytestmark = pytest.mark.skipif(not LIBRARIES, reason="needs the package faketime (make test brings it)")


class Clock:
    """A clock that can be set while programs look at it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set(dt.timedelta())

    @property
    def variables(self) -> dict[str, str]:
        """What a program needs in its environment to go by this clock; waiting still takes real time."""
        return {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def set(self, ahead: dt.timedelta) -> None:
        """Let it be ahead of the real clock, or behind."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{ahead.total_seconds():+.0f}\n")
        fresh.replace(self._file)  # nobody reads half a number

    def set_to(self, moment: dt.datetime) -> None:
        """Let it be a moment, from which it goes on."""
        self.set(moment - dt.datetime.now(dt.UTC))


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    """A clock that is right."""
    return Clock(tmp_path)


@pytest.fixture
def served(furnished: House, clock: Clock) -> House:
    """A house whose service goes by the clock, with an offer that was checked today and one every week."""
    start(furnished.cluster)
    with Session(furnished.engine()) as session:
        region = session.exec(select(Region)).one()
        act = Act(region.id, "somebody", Origin.FORM)
        for offer in session.exec(select(Offer)).all():
            offers.change(session, act, offer, {"verified_on": today(), "verify_within_days": 365})
        session.commit()
    addresses = {"LANDKARTE_DATABASE_URL": url(furnished.cluster, "app")}
    command = (*PYTHON, "web.server", "--port", str(furnished.port))
    service = furnished.begin(*command, **addresses, **clock.variables)
    furnished.await_ready(service)
    return furnished


def today() -> dt.date:
    return dt.datetime.now(BERLIN).date()


def tag(house: House) -> str:
    return got(house.port, OFFERS).headers["etag"]


def due(house: House) -> set[bool]:
    """Whether the offers, as the service sees them now, should be checked again."""
    return {offer["is_due"] for offer in json.loads(got(house.port, OFFERS).body)["results"]}


def check_hardly_noticed(answers: list[Answer]) -> None:
    """Nearly all were answered; a machine that is busy otherwise may have said so once or twice."""
    seen = Counter(found.status for found in answers)
    assert seen.keys() <= {200, 503}, seen
    assert seen[503] <= 1 + len(answers) // 10, seen


def check_alive(house: House) -> None:
    for path in PATHS:
        assert got(house.port, path).seconds < SLOWEST_SECONDS


@pytest.mark.proof
def test_a_new_day_makes_a_new_etag_and_a_new_year_old_entries(served: House, clock: Clock) -> None:
    minute = dt.datetime.now(dt.UTC).replace(second=0)  # for as long an answer holds that says what is open
    clock.set_to(minute)
    now = tag(served)
    assert due(served) == {False}
    for ahead, is_due in ((DAY, False), (YEAR, False), (YEAR + DAY, True), (4 * YEAR, True)):
        clock.set_to(minute + ahead)
        found = ask(served.port, OFFERS, If_None_Match=now)
        assert found.status == 200, found
        assert found.headers["etag"] != now
        assert due(served) == {is_due}, ahead
        check_alive(served)
    clock.set_to(minute)
    assert due(served) == {False}
    assert ask(served.port, OFFERS, If_None_Match=now).status == 304, "the old answer holds again"


@pytest.mark.proof
def test_a_clock_that_goes_back_hurts_nobody(served: House, clock: Clock) -> None:
    clock.set(YEAR)
    future = tag(served)
    for behind in (YEAR - DAY, -DAY, -YEAR, -30 * YEAR):
        clock.set(behind)
        found = ask(served.port, OFFERS, If_None_Match=future)
        assert found.status == 200, found
        assert due(served) == {False}, "checked in the future is not overdue"
        check_alive(served)


@pytest.mark.proof
@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2027, 3, 28, 0, 59, 58, tzinfo=dt.UTC),  # 01:59:58 → 03:00:00
        dt.datetime(2027, 10, 31, 0, 59, 58, tzinfo=dt.UTC),  # 02:59:58 → 02:00:00
        dt.datetime(2027, 12, 31, 23, 59, 58, tzinfo=dt.UTC),
        dt.datetime(2028, 2, 28, 22, 59, 58, tzinfo=dt.UTC),  # the eve of the 29th
    ],
    ids=["to summer time", "to winter time", "new year", "leap day"],
)
def test_the_service_walks_over_special_moments(served: House, clock: Clock, moment: dt.datetime) -> None:
    clock.set_to(moment)
    with readers(served.port) as answers:
        wait_until(lambda: len(answers) > 10 and answers[-1].seconds < SLOWEST_SECONDS, "answers")
        clock.set_to(moment + dt.timedelta(seconds=3))
        already = len(answers)
        wait_until(lambda: len(answers) > already + 10, "answers")
    check_hardly_noticed(answers)


def test_the_day_begins_at_midnight_in_the_region(served: House, clock: Clock) -> None:
    last = today() + YEAR
    for moment, is_due in (
        (dt.datetime.combine(last, dt.time(0), dt.UTC), False),  # midnight in Greenwich is no new day
        (dt.datetime.combine(last, dt.time(23, 59), BERLIN), False),
        (dt.datetime.combine(last + DAY, dt.time(0), BERLIN), True),
    ):
        clock.set_to(moment + dt.timedelta(seconds=1))
        assert due(served) == {is_due}, moment


def jumps(house: House, clock: Clock, how_many: int) -> None:
    with readers(house.port, 6) as answers:
        for number in range(how_many):
            already = len(answers)
            clock.set((DAY, -DAY, YEAR, -YEAR, dt.timedelta(), dt.timedelta(hours=1))[number % 6])
            wait_until(lambda: len(answers) > already + 12, "answers after a jump")  # noqa: B023
    check_hardly_noticed(answers)
    assert max(found.seconds for found in answers) < SLOWEST_SECONDS
    clock.set(dt.timedelta())
    with Session(house.engine()) as session:
        check_served(house.port, session)


@pytest.mark.proof
def test_readers_do_not_notice_that_the_clock_jumps(served: House, clock: Clock) -> None:
    jumps(served, clock, 6)


@pytest.mark.proof
def test_readers_do_not_notice_that_the_clock_jumps_all_the_time(served: House, clock: Clock) -> None:
    jumps(served, clock, 120)


@pytest.mark.proof
def test_imports_work_with_a_clock_that_is_wrong(served: House, clock: Clock) -> None:
    addresses = {"LANDKARTE_DATABASE_URL": url(served.cluster, "app")}
    seen = None
    first = os.getpid() * 100  # a list that no other test knows
    for number, ahead in enumerate((YEAR, dt.timedelta(), -2 * YEAR, dt.timedelta())):
        clock.set(ahead)
        liste = Liste(first + number, length=20)
        code, said = served.type(*PYTHON, *liste.write(served.folder), **addresses, **clock.variables)
        assert code == 0, said
        with Session(served.engine()) as session:
            assert liste.is_there(session), said
        seen = check_whole(served.engine(), seen)
        check_alive(served)
    clock.set(dt.timedelta())
    with Session(served.engine()) as session:
        newest = session.scalar(text("SELECT max(id) FROM import_batch"))
        check_served(served.port, session)
    code, said = served.type(*PYTHON, "importers.undo", str(newest), **addresses)
    assert code == 0, said
    check_whole(served.engine(), seen)
