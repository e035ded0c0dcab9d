"""The first start, twice at once or broken off at any moment: the next `make run` makes it good."""

import random
import shutil
import threading

import pytest
from sqlmodel import Session, func, select

from api.sources.models import SourceRecord
from tests.faults.chance import dice, say
from tests.faults.house import House, Started, ask, free_port, wait_until
from tests.faults.intact import check_files
from tests.faults.reading import check_served
from tests.faults.wholeness import check_whole

ROWS = 15  # of the one small list
STEPS = ("2/5", "4/5", "3/5", "2/5", "1/5", "5/5")
LONGEST_STEP_SECONDS = 3.0
SAMPLE, PROOF = 1, 14


def check_complete(house: House, port: int) -> None:
    """The house is served as if nothing had happened."""
    with Session(house.engine()) as session:
        assert session.scalar(select(func.count()).select_from(SourceRecord)) == ROWS
        check_served(port, session)
    check_whole(house.engine())


@pytest.mark.proof
def test_two_first_starts_at_once_both_serve(house: House) -> None:
    ports = [free_port(), free_port()]
    services = [house.make_run(PORT=str(port)) for port in ports]
    for service, port in zip(services, ports, strict=True):
        house.await_ready(service, port)
    for port in ports:
        check_complete(house, port)
    waited = [
        service for service in services if "Ein anderes „make run“ richtet gerade ein" in service.said()
    ]
    assert len(waited) == 1, "one of the two waits for the other"
    assert services[0].end() == 0
    assert ask(ports[1], "/angebote").status == 200, "the other one keeps its database"
    assert services[1].end() == 0


def break_off(house: House, chance: random.Random, step: str) -> None:
    """Begin to set everything up and kill it some time after a step has begun."""
    begun = house.make_run()
    wait_until(lambda: step in begun.said() or not begun.is_running(), f"step {step} begins")
    assert begun.is_running(), begun.said()
    threading.Event().wait(chance.uniform(0, LONGEST_STEP_SECONDS))  # the random moment itself
    begun.kill()
    if chance.random() < 0.5:
        house.kill_database()
    say(f"  broken off: {last_line(begun)}")


def last_line(begun: Started) -> str:
    return (
        [line.strip() for line in begun.said().splitlines() if line.strip()] or ["before it said a word"]
    )[-1]


def play(house: House, how_many: int) -> None:
    chance = dice()
    first = chance.randrange(len(STEPS))
    for number in range(first, first + how_many):
        house.kill_database()
        shutil.rmtree(house.folder / "var", ignore_errors=True)
        for _again in range(chance.choice((1, 1, 2))):
            break_off(house, chance, STEPS[number % len(STEPS)])
        service = house.serve()
        check_complete(house, house.port)
        assert "Traceback" not in service.said()
        assert service.end() == 0
    check_files(house)


def test_a_first_start_broken_off_is_made_good(house: House) -> None:
    play(house, SAMPLE)


@pytest.mark.proof
def test_a_first_start_may_be_broken_off_at_any_moment(house: House) -> None:
    play(house, PROOF)
