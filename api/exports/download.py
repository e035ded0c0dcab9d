"""A file that is sent while it is read from the database: as fast as it is taken, and no longer than that."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

import anyio
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.types import Receive, Scope, Send

from api.core.errors import BusyError

AT_ONCE: Final = 2  # in each process: everything of a region is far more than a page
SECONDS: Final = 900.0  # for a whole file, also over a slow line
HEAD: Final = "landkarte.head"  # in the scope of a request that wants the head of an answer alone


def gate() -> BoundedSemaphore:
    """Return what lets AT_ONCE downloads through at the same time."""
    return BoundedSemaphore(AT_ONCE)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Open a session that sees one state of the data from beginning to end, and cannot write."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine) as session:
        session.connection(execution_options=options)
        yield session


class Download(StreamingResponse):
    """Sends what parts yields, unless too many do so already; ends them when the client is gone.

    Each part is made in a thread only when the one before has been taken.
    """

    def __init__(
        self,
        parts: Callable[[], Iterator[bytes]],
        gate: BoundedSemaphore,
        media_type: str,
        headers: dict[str, str],
    ) -> None:
        self._parts = parts
        self._gate = gate
        super().__init__(iter(()), media_type=media_type, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; see ASGI 3. Raises BusyError before anything is sent."""
        if not self._gate.acquire(blocking=False):
            raise BusyError("Too many files are being made at the moment. Please try again in a few seconds.")
        parts = self._parts()
        try:
            # With the first part it shows whether the database is there.
            first = await run_in_threadpool(next, parts, b"")
            self.body_iterator = _all(first, iter(()) if scope.get(HEAD) else parts)
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(_end, parts)
            self._gate.release()


async def _all(first: bytes, parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    until = time.monotonic() + SECONDS
    part: bytes | None = first
    while part is not None:
        yield part
        if time.monotonic() > until:
            raise TimeoutError("a download took too long")
        part = await run_in_threadpool(next, parts, None)


def _end(parts: Iterator[bytes]) -> None:
    close = getattr(parts, "close", None)
    if close is not None:
        close()
