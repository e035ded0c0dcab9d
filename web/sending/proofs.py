"""Small tasks that cost who sends by the thousand more than a person: hashes, or a number to copy.

No service of others, no picture puzzle. A task is signed, holds for half an hour and can be used once.
"""

import hashlib
import hmac
import secrets
import threading
from enum import StrEnum
from typing import Final, NamedTuple

from api.core import clock

BITS: Final = 13  # zeros at the beginning of the hash: about 8 000 tries, a second or two on an old phone
LIFE_SECONDS: Final = 1800
LEAST_SECONDS: Final = 3  # nobody reads a page, copies a number and sends it faster
LONGEST: Final = 200  # letters of a task or a solution


class Kind(StrEnum):
    """What is to be done."""

    WORK = "w"  # find an ending with which the hash of the task begins with BITS zeros
    NUMBER = "z"  # copy a number of two digits


class Outcome(StrEnum):
    """How a solution was taken."""

    RIGHT = "right"
    WRONG = "wrong"
    EARLY = "early"  # the same task holds on
    OVER = "over"  # too old, used, or not of ours


class Task(NamedTuple):
    """A task as it goes to a browser and comes back."""

    text: str
    number: int  # how many bits, or what to copy


class Proofs:
    """Gives out tasks and takes each solution once; keeps nothing but the tasks that were used."""

    def __init__(self, secret: str = "") -> None:
        """Sign with a secret that several processes share; without one, with one of our own."""
        self._key = secret.encode() or secrets.token_bytes(32)
        self._used: dict[str, float] = {}  # task → when it would have ended
        self._lock = threading.Lock()

    def task(self, kind: Kind) -> Task:
        """Return a new task."""
        number = BITS if kind is Kind.WORK else 10 + secrets.randbelow(90)
        said = f"{kind}.{number}.{int(clock.now().timestamp())}.{secrets.token_hex(12)}"
        return Task(f"{said}.{self._signature(said)}", number)

    def kind_of(self, text: str) -> Kind | None:
        """Return what kind of task a text claims to be."""
        return next((kind for kind in Kind if text.startswith(f"{kind}.")), None)

    def again(self, text: str) -> Task:
        """Return a task that came back and goes out once more."""
        return Task(text, int(text.split(".")[1]))

    def take(self, text: str, solution: str) -> Outcome:
        """Return how a solution fares; a right one uses up its task."""
        said, _, signature = text[:LONGEST].rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(said).encode()):
            return Outcome.OVER
        kind, number, given, _random = said.split(".")
        now = clock.now().timestamp()
        if not 0 <= now - int(given) + 1 <= LIFE_SECONDS:
            return Outcome.OVER
        if not _solves(kind, int(number), text, solution.strip()[:LONGEST]):
            return Outcome.WRONG
        if kind == Kind.NUMBER and now - int(given) < LEAST_SECONDS:
            return Outcome.EARLY
        return Outcome.RIGHT if self._use(text, now) else Outcome.OVER

    def _use(self, text: str, now: float) -> bool:
        with self._lock:
            self._used = {task: end for task, end in self._used.items() if end > now}
            if text in self._used:
                return False
            self._used[text] = now + LIFE_SECONDS
            return True

    def _signature(self, said: str) -> str:
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()


def _solves(kind: str, number: int, text: str, solution: str) -> bool:
    if kind == Kind.NUMBER:
        return solution.isdecimal() and int(solution) == number
    digest = hashlib.sha256(f"{text}.{solution}".encode()).digest()
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - number) == 0
