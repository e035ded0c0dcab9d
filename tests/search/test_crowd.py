"""Two processes with six threads each search while offers change: no error, nothing old and nothing wrong.

Each offer bears a number in its name that is new with each renaming. Who searches notes when, and what was
found; who writes notes between which moments each state became visible. Afterwards, each answer must be one
that a plain look at all offers gives for some moment between its question and its arrival. So nothing may be
old at all, not even for less than the two seconds that are allowed.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.offers import service as offers
from api.offers.models import Offer
from tests.factories import act, make_offer
from tests.faults.chance import say
from tests.search.environment import environment
from tests.search.town import Process, region_named, same

PROCESSES, THREADS, OFFERS = 2, 6, 30
PAUSE_SECONDS = 0.06


class State(NamedTuple):
    """What an offer is from one change to the next; it became visible between two moments."""

    after: float
    before: float
    token: str
    is_public: bool
    is_about_money: bool


class Ledger:
    """All states that the offers have had."""

    def __init__(self) -> None:
        self.states: dict[int, list[State]] = {}
        self.number = 1_000_000

    def note(self, offer: Offer, after: float, before: float) -> None:
        is_public, is_about_money = offer.status == "published", "geld" in offer.topics
        state = State(after, before, offer.name.split()[-1], is_public, is_about_money)
        self.states.setdefault(offer.id, []).append(state)

    def next_name(self) -> str:
        self.number += 1
        return f"Werkstatt {self.number}"

    def between(self, offer_id: int, start: float, end: float) -> list[State]:
        """Return the states of an offer that somebody may have seen between two moments."""
        states = self.states[offer_id]
        until = [following.before for following in states[1:]] + [float("inf")]
        return [one for one, gone in zip(states, until, strict=True) if one.after <= end and gone >= start]


def write(engine: Engine, ledger: Ledger, chance: random.Random, until: float) -> None:
    """Change one offer after the other: its name, its topic, or whether it is published."""
    while time.monotonic() < until:
        with Session(engine, expire_on_commit=False) as session:
            region = region_named(session, "stadt")
            offer = session.get_one(Offer, chance.choice(sorted(ledger.states)))
            values: dict[str, Any] = {"name": ledger.next_name()}
            if chance.random() < 0.3:
                values = {"status": "paused" if offer.status == "published" else "published"}
            elif chance.random() < 0.3:
                values = {"topics": ["kita"] if "geld" in offer.topics else ["geld"]}
            offers.change(session, act(region), offer, values)
            session.flush()
            after = time.monotonic()
            session.commit()
            ledger.note(offer, after, time.monotonic())
        time.sleep(chance.uniform(0, PAUSE_SECONDS))


def is_meant(asked: dict[str, Any], state: State) -> bool:
    """Say by a plain look whether an offer in a state answers a question."""
    if not state.is_public or (asked["topic"] and not state.is_about_money):
        return False
    return bool(asked.get("token", state.token) == state.token)


def judge(ledger: Ledger, asked: dict[str, Any]) -> list[str]:
    """Return what is wrong with an answer."""
    wrong = []
    for offer_id in ledger.states:
        seen = ledger.between(offer_id, asked["from"], asked["until"])
        meant = {is_meant(asked, state) for state in seen}
        shown = asked["found"].get(str(offer_id))
        if meant == {True} and shown is None:
            wrong.append(f"{offer_id} is missing")
        if meant == {False} and shown is not None:
            wrong.append(f"{offer_id} is no answer")
        if shown is not None and shown not in {state.token for state in seen if state.is_public}:
            wrong.append(f"{offer_id} is shown as {shown}")
    if asked["total"] < len(asked["found"]):
        wrong.append("more is shown than was counted")
    return wrong


def search_while_writing(town: Engine, folder: Path, ledger: Ledger, seconds: float) -> bool:
    """Let everybody work, and look at everything that was answered; return whether that says enough."""
    chance = random.Random(4)
    with Session(town, expire_on_commit=False) as session, session.begin():
        region = region_named(session, "stadt")
        made = [
            make_offer(session, region, name=ledger.next_name(), topics=["geld" if n % 2 else "kita"])
            for n in range(OFFERS)
        ]
    for offer in made:
        ledger.note(offer, 0, 0)
    said = [str(folder), str(seconds), str(THREADS)]
    command = [sys.executable, "-m", "tests.search.searcher", "crowd", *said]
    crowd = [
        subprocess.Popen([*command, str(number)], stdin=-1, stdout=-1, text=True, env=environment(town))
        for number in range(PROCESSES)
    ]
    write(town, ledger, chance, time.monotonic() + seconds + 2)
    told = [one.communicate("finish\n")[0].splitlines() for one in crowd]
    assert [one.returncode for one in crowd] == [0] * PROCESSES
    answers = [json.loads(line) for lines in told for line in lines[:-2]]
    assert [one["error"] for one in answers if "error" in one] == []
    wrong = [(one, found) for one in answers if (found := judge(ledger, one))]
    say(f"{Counter(one['by'] for one in answers)}, {ledger.number} changes")
    assert wrong[:3] == []
    last = {offer_id: states[-1] for offer_id, states in ledger.states.items()}
    for lines in told:
        everything, about_money = json.loads(lines[-1])
        assert set(everything) == {n for n, state in last.items() if state.is_public}
        assert set(about_money) == {
            n for n, state in last.items() if state.is_public and state.is_about_money
        }
    by = Counter(one["by"] for one in answers)
    has_seen_change = any(
        len(ledger.between(offer, one["from"], one["until"])) > 1
        for one in answers
        for offer in ledger.states
    )
    return by["index"] > by["database"] and has_seen_change


def test_nobody_in_a_crowd_gets_anything_old_or_wrong(
    town: Engine, start: Callable[[], Process], oracle: Callable[[], Process], folder: Path
) -> None:
    ledger = Ledger()
    # On a busy machine a few seconds may be too short for anything to happen.
    assert any(search_while_writing(town, folder, ledger, seconds) for seconds in (4, 15, 40))
    same(oracle(), start())


@pytest.mark.proof
def test_nobody_in_a_crowd_gets_anything_old_or_wrong_for_a_minute(
    town: Engine, start: Callable[[], Process], oracle: Callable[[], Process], folder: Path
) -> None:
    assert search_while_writing(town, folder, Ledger(), 60)
    same(oracle(), start())
