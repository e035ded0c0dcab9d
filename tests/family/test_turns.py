"""A crowd that asks for plans waits its turn, and who comes too many is told so."""

import asyncio

import pytest

from api.core.errors import BusyError
from api.plans import turns
from api.plans.turns import AT_ONCE, QUEUE, Turns
from tests.loops import in_a_loop


def test_a_few_at_once_a_queue_behind_them_and_the_rest_is_refused() -> None:
    async def crowd() -> None:
        held = Turns()
        for _ in range(AT_ONCE):
            await held.take()
        waiting = [asyncio.create_task(held.take()) for _ in range(QUEUE)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await held.take()
        for _ in range(QUEUE):
            held.give_back()
        await asyncio.gather(*waiting)

    in_a_loop(crowd)


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SECONDS", 0.01)

    async def one_too_many() -> None:
        held = Turns()
        for _ in range(AT_ONCE):
            await held.take()
        with pytest.raises(BusyError):
            await held.take()
        held.give_back()
        await held.take()

    in_a_loop(one_too_many)
