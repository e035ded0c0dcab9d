"""Starts the worker in a process of its own whenever a job waits, so that pages stay as fast as they are."""

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, LiteralString

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.core import clock
from api.core.settings import Settings
from api.curation import states
from importers.jobs import store
from importers.jobs.models import LOCK, WORKING

ROOT: Final = Path(__file__).parents[2]
PAUSE_SECONDS: Final = 3.0
TIDY_SECONDS: Final = 3600.0
END_SECONDS: Final = 5.0
# Jobs that nobody is at: while a worker lives, it holds the lock, in whatever process or machine.
WAITING: Final = """
  SELECT EXISTS (SELECT FROM import_job WHERE stage = ANY(%(stages)s))
    AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = %(lock)s
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
# Offers whose pause may be over, by the calendar of their region.
PAUSED: Final = """
  SELECT EXISTS (SELECT FROM offer o JOIN region r ON r.id = o.region_id
    WHERE o.status = 'paused' AND o.paused_until <= (%(now)s AT TIME ZONE r.timezone)::date)
"""
# What the worker has no business with: all that is never shown, and what would ask for it.
SECRET: Final = {
    *(f"LANDKARTE_{name.upper()}" for name, one in Settings.model_fields.items() if not one.repr),
    "LANDKARTE_OIDC_ISSUER",
}
Pool = AsyncConnectionPool[psycopg.AsyncConnection]

log = logging.getLogger("landkarte.jobs")


def surroundings(ours: Mapping[str, str], engine: Engine) -> dict[str, str]:
    """Return the environment of the worker: ours without what is secret, but with its way to the database."""
    address = engine.url.render_as_string(hide_password=False)
    given = {name: value for name, value in ours.items() if name not in SECRET}
    return given | {"LANDKARTE_DATABASE_URL": address}


class Foreman:
    """Looks now and then, and at once when woken, whether a job waits; one in each process of the server."""

    def __init__(self, engine: Engine, days: int) -> None:
        """Delete uploaded files after so many days without use."""
        self.engine, self.days = engine, days
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tidied_at = -TIDY_SECONDS

    def wake(self) -> None:
        """Say, from whatever thread, that there is something to do."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    async def watch(self, pool: Pool) -> None:
        """Watch until cancelled; a worker that is just at it is asked to end, and its job is begun again."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._woken.clear()
            with contextlib.suppress(psycopg.Error, PoolTimeout, SQLAlchemyError, OSError):
                if await self._is_so(pool, PAUSED, {"now": clock.now()}):
                    await asyncio.to_thread(self._end_pauses)
                if await self._waits(pool):
                    await self._let_work()
                elif time.monotonic() - self._tidied_at >= TIDY_SECONDS:
                    self._tidied_at = time.monotonic()
                    await asyncio.to_thread(self._tidy)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), PAUSE_SECONDS)

    async def _waits(self, pool: Pool) -> bool:
        return await self._is_so(pool, WAITING, {"stages": [stage.value for stage in WORKING], "lock": LOCK})

    async def _is_so(self, pool: Pool, question: LiteralString, values: dict[str, object]) -> bool:
        async with pool.connection() as connection:
            found = await (await connection.execute(question, values)).fetchone()
        return bool(found and found[0])

    async def _let_work(self) -> None:
        command = [sys.executable, "-m", "importers.jobs"]
        env = surroundings(os.environ, self.engine)
        with subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL) as worker:  # noqa: ASYNC220, S603
            try:
                code = await asyncio.to_thread(worker.wait)
            except asyncio.CancelledError:
                worker.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    worker.wait(END_SECONDS)
                worker.kill()
                raise
        if code:
            log.warning("The worker of imports has ended with %d; its job is begun again.", code)

    def _end_pauses(self) -> None:
        with Session(self.engine) as session, session.begin():
            states.end_pauses(session)

    def _tidy(self) -> None:
        with Session(self.engine) as session, session.begin():
            store.forget_old(session, self.days)
