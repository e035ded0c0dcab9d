"""Lets searches take turns, each in a process of its own, so that a busy moment hits all of them alike."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from random import Random
from typing import Final, NamedTuple, Self

from bench.search.asking import Ask
from bench.search.contenders import Contender, build, check
from bench.search.engine import Engine

BLOCK: Final = 100  # questions that one is asked before it is the next one's turn
MILLISECONDS: Final = 1000

# New processes come from one that has imported everything, and done nothing with it.
_NEW: Final = get_context("forkserver")
_NEW.set_forkserver_preload([__name__])

Blocks = Sequence[Sequence[Ask]]

_opened: dict[int, Engine] = {}  # in a process of its own: what it has opened …
_until = ExitStack()  # … and does not close before its end


class Times(NamedTuple):
    """How long a search took (ms): to open it, and for each question the first time and once more."""

    opening: float
    first: list[float]
    again: list[float]


class Side:
    """A search in a new process, which has done nothing yet but import its modules."""

    def __init__(self, contender: Contender) -> None:
        """Start the process, for this contender."""
        self._contender = contender
        self._process = ProcessPoolExecutor(1, mp_context=_NEW)
        self._started = self._process.submit(_start)

    def __enter__(self) -> Self:
        """Return itself, to be ended at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.shutdown()

    def wait(self) -> None:
        """Wait until the process is there."""
        self._started.result()

    def build(self, region: int, offers: int) -> dict[str, float]:
        """Build an index; return seconds and megabytes."""
        return self._process.submit(build, self._contender, region, offers).result()

    def check(self, regions: Sequence[int], offers: int) -> None:
        """Open the indexes of some regions and look whether all offers are there; build ours if missing."""
        self._process.submit(check, self._contender, regions, offers).result()

    def open(self, regions: Sequence[int]) -> float:
        """Open the indexes of some regions and return the milliseconds that it took."""
        return self._process.submit(_open, self._contender, regions).result()

    def ask(self, block: Sequence[Ask]) -> list[float]:
        """Ask one question after the other and return the milliseconds of each."""
        return self._process.submit(_ask, block).result()


def take_turns(
    contenders: Mapping[str, Contender], asked: Mapping[str, Blocks], chance: Random
) -> dict[str, Times]:
    """Open all, ask each its blocks in turns, then all of them again; return the times of each.

    Everybody has the same number of blocks; who is first in a block is a matter of chance.
    """
    keys = list(contenders)
    (blocks,) = {len(asked[key]) for key in keys}
    with ExitStack() as running:
        sides = {key: running.enter_context(Side(contender)) for key, contender in contenders.items()}
        times = {}
        for side in sides.values():
            side.wait()
        for key in chance.sample(keys, len(keys)):
            regions = sorted({ask.region for block in asked[key] for ask in block})
            times[key] = Times(sides[key].open(regions), [], [])
        for is_first in (True, False):
            for number in range(blocks):
                for key in chance.sample(keys, len(keys)):
                    took = sides[key].ask(asked[key][number])
                    (times[key].first if is_first else times[key].again).extend(took)
    return times


def _start() -> None:
    """Do nothing; once it is done, the process is there."""


def _open(contender: Contender, regions: Sequence[int]) -> float:
    began = time.perf_counter()
    _opened.update(contender.open(regions, _until))
    return (time.perf_counter() - began) * MILLISECONDS


def _ask(block: Sequence[Ask]) -> list[float]:
    took = []
    for region, text, wanted, _ in block:
        engine = _opened[region]
        began = time.perf_counter()
        engine.find(text, wanted)
        took.append((time.perf_counter() - began) * MILLISECONDS)
    return took
