"""How much dear work is done at once (plans, sheets): the others wait, so that pages and searches go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import Depends, Request

from api.core.errors import BusyError

AT_ONCE: Final = 2  # in each process: as many as a small machine has cores
QUEUE: Final = 30
SECONDS: Final = 8.0  # of waiting


class Turns:
    """Lets AT_ONCE be at work at the same time, and QUEUE more wait: without a thread and a connection."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def take(self) -> None:
        """Wait for a place; raise BusyError if there is none in time."""
        if self._waiting >= QUEUE:
            raise BusyError("Too many ask for this at the moment. Please try again in a few seconds.")
        self._waiting += 1
        try:
            await asyncio.wait_for(self._places.acquire(), SECONDS)
        except TimeoutError:
            raise BusyError("This takes long at the moment. Please try again in a few seconds.") from None
        finally:
            self._waiting -= 1

    def give_back(self) -> None:
        """Leave the place to the next."""
        self._places.release()

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold a place; raise BusyError as `take` does."""
        await self.take()
        try:
            yield
        finally:
            self.give_back()


async def turn(request: Request) -> AsyncIterator[None]:
    """Hold a place among app.state.turns while a route answers."""
    turns: Turns = request.app.state.turns
    async with turns.held():
        yield


InTurn = Depends(turn, scope="function")
