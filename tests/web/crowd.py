"""Others before somebody who asks for dear work."""

import time

import pytest
from sqlalchemy import Engine, QueuePool

from api.core.errors import BusyError
from api.plans.turns import Turns


def crowd(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> list[int]:
    """Fill all queues; return how many connections are taken whenever somebody comes."""
    connections: list[int] = []
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    until = time.monotonic() + 20
    while pool.checkedout() and time.monotonic() < until:  # by what a service does when it begins
        time.sleep(0.01)

    async def take(_turns: Turns) -> None:
        connections.append(pool.checkedout())
        raise BusyError

    monkeypatch.setattr(Turns, "take", take)
    return connections
