"""Killed at random moments: nothing that was reported as written is lost, nothing is half written.

In each round the service, somebody who writes, an import and a reader are at work when one of them, the
database or all of them are killed with SIGKILL. Then a person types again what he or she always types.
"""

import random
import threading
from collections import Counter

import pytest
from sqlalchemy import text
from sqlmodel import Session

from ops.cluster import url
from tests.faults.chance import dice, say
from tests.faults.house import PYTHON, House, Started, wait_until
from tests.faults.intact import check_files
from tests.faults.ledger import Ledger
from tests.faults.liste import Liste
from tests.faults.reading import OFFERS, check_served, got, readers
from tests.faults.wholeness import Seen, check_whole, look

VICTIMS = ("server", "writer", "import", "postmaster", "database", "everything")
LATER_SECONDS = 2.5
SEQUENCE = {"name": "import_batch_id_seq"}
SAMPLE, PROOF = 1, 54
IN_THE_MEANTIME = {200, 503}


class Play:
    """Some rounds in one house."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.house, self.chance = house, chance
        self.service = house.serve()
        self.ledger = Ledger()
        self.seen: Seen | None = None
        self.tally: Counter[str] = Counter()

    def round(self, number: int, victim: str) -> None:
        """Let everybody work, kill the victim, start again and look at everything."""
        house, liste = self.house, Liste(number)
        command = (*PYTHON, *liste.write(house.folder))
        etag = got(house.port, OFFERS).headers["etag"]
        before = self._versions()
        with readers(house.port) as answers:
            writer = house.begin(
                *PYTHON, "tests.faults.writer", str(self.chance.randrange(10**6)), **self.env
            )
            importing = house.begin(*command, **self.env)
            self._await_moment(writer, importing)
            self._strike(victim, writer, importing)
            importing.wait()
            writer.kill()
        self._check_answers([found.status for found in answers], victim)
        self._start_again(victim)
        self.tally["commits"] += self.ledger.read(writer.said())
        self._check(liste, importing, victim)
        self._check_freshness(etag, before)
        if self.chance.random() < 0.3:
            code, said = house.type(*command, **self.env)
            assert code == 0, said
            with Session(house.engine()) as session:
                assert liste.is_there(session), said

    @property
    def env(self) -> dict[str, str]:
        """The database's address, for programs that are to find it without starting it."""
        return {"LANDKARTE_DATABASE_URL": url(self.house.cluster, "app")}

    def _await_moment(self, writer: Started, importing: Started) -> None:
        """Let a random time go by: from the start, from the first commit or from the import's first write."""
        begins = self.chance.choice(("start", "commit", "import", "import"))
        begun = self._imports_begun()
        if begins == "commit":
            wait_until(lambda: "written" in writer.said(), "the first commit")
        if begins == "import":
            wait_until(
                lambda: self._imports_begun() > begun or not importing.is_running(), "the import begins"
            )
        threading.Event().wait(self.chance.uniform(0, LATER_SECONDS))  # the random moment itself

    def _imports_begun(self) -> int:
        """Return how many imports were ever begun: numbers are given outside of transactions."""
        with self.house.engine().connect() as connection:
            return connection.scalar(text("SELECT coalesce(pg_sequence_last_value(:name), 0)"), SEQUENCE) or 0

    def _strike(self, victim: str, writer: Started, importing: Started) -> None:
        if victim in ("server", "everything"):
            self.service.kill()
        if victim in ("writer", "everything"):
            writer.kill()
        if victim in ("import", "everything"):
            self.tally["imports killed"] += importing.is_running()
            importing.kill()
        if victim == "postmaster":
            self.house.kill_postmaster()
        if victim in ("database", "everything"):
            self.house.kill_database()

    def _start_again(self, victim: str) -> None:
        house = self.house
        if victim in ("server", "everything"):
            self.service = house.serve()
        elif victim in ("postmaster", "database"):
            if self.chance.random() < 0.5:
                code, said = house.type(*PYTHON, "ops.cluster", "start")
                assert code == 0, said
                house.await_ready(self.service)
            else:
                self.service.end()
                self.service = house.serve()
        assert "Traceback" not in self.service.said(), self.service.said()

    def _check(self, liste: Liste, importing: Started, victim: str) -> None:
        said = importing.said()
        assert "Traceback" not in said, said
        with Session(self.house.engine()) as session:
            there = liste.is_there(session)
            self.ledger.check(session)
            check_served(self.house.port, session)
        self.seen = check_whole(self.house.engine(), self.seen)
        assert there or "Gespeichert als Import" not in said, said
        assert there or victim not in ("server", "writer"), said
        self.tally["imports there" if there else "imports not there"] += 1

    def _check_answers(self, statuses: list[int], victim: str) -> None:
        allowed = IN_THE_MEANTIME | ({0} if victim in ("server", "everything") else set())
        assert set(statuses) <= allowed, Counter(statuses)
        self.tally["answers"] += len(statuses)

    def _check_freshness(self, etag: str, before: dict[int, int]) -> None:
        if self._versions() != before:
            again = got(self.house.port, OFFERS)
            assert again.headers["etag"] != etag, "the data changed, the ETag did not"

    def _versions(self) -> dict[int, int]:
        with Session(self.house.engine()) as session:
            return look(session).versions


def play(house: House, rounds: int) -> None:
    chance = dice()
    played = Play(house, chance)
    # Each kind as often as any other, in no particular order.
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(max(rounds, len(VICTIMS)))]
    chance.shuffle(victims)
    for number, victim in enumerate(victims[:rounds]):
        say(f"round {number}: {victim}")
        played.round(number, victim)
    say(str(dict(played.tally)))
    played.service.end()
    check_files(house)


def test_a_few_kills_lose_nothing(furnished: House) -> None:
    play(furnished, SAMPLE)


@pytest.mark.proof
def test_many_kills_lose_nothing(house: House) -> None:
    play(house, PROOF)
