"""From a request to its answer: remembered if it is still true, else computed once for all who ask."""

import asyncio
import time
from typing import Final
from urllib.parse import parse_qs
from zoneinfo import ZoneInfoNotFoundError

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.errors import BusyError
from api.core.problems import translate
from api.regions import freshness
from web.asgi import OGC, is_open, is_streamed
from web.errors import refusal
from web.memory import Answer, Headers, Key, Memory

AT_ONCE: Final = 8  # computed at once: no more than the database pool of the pages holds
QUEUE: Final = 100  # waiting for that
SECONDS: Final = 15.0  # for waiting and computing together
BUSY_SECONDS: Final = 3.0  # after the last good answer, a slow database means a crowd
REST_SECONDS: Final = 1.0  # without asking for states, after the database could not be asked
ABOUT_BODY: Final = (b"content-length", b"content-type", b"content-encoding", b"content-disposition")

Pool = AsyncConnectionPool[psycopg.AsyncConnection]


class Answers:
    """Gives remembered answers while they are true and sends nothing twice (304); computes the others.

    The region's present state is asked for at each request: a remembered answer is never older than the last
    commit before the request came in. Requests for the same answer share one computation.
    """

    def __init__(self, app: ASGIApp, memory_bytes: int, passed_by: tuple[str, ...] = ()) -> None:
        """Remember so many bytes; leave alone the paths `passed_by`, and all under those that end with /."""
        self.app = app
        self.passed_by = frozenset(passed_by)
        self.passed_under = tuple(path for path in passed_by if path.endswith("/"))
        self.memory = Memory(memory_bytes)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._running: dict[Key | object, asyncio.Task[Answer]] = {}
        self._rests_until = 0.0
        self._asked_well_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; see ASGI 3."""
        if scope["type"] != "http" or scope["method"] != "GET" or self._passes(scope):
            await self.app(scope, receive, send)
            return
        try:
            keys = await self._keys(scope)
            kept = (self.memory.get(key) for key in keys)
            answer = next(filter(None, kept), None) or await self._computed(keys, scope)
        except Exception as error:  # noqa: BLE001 - the last place that can answer in the visitor's language
            await refusal(scope, translate(error))(scope, receive, send)
            return
        await _send(answer, _said(scope, b"if-none-match").decode("latin-1"), send)

    def _passes(self, scope: Scope) -> bool:
        path = scope["path"]
        return path in self.passed_by or path.startswith(self.passed_under) or is_streamed(scope)

    async def _keys(self, scope: Scope) -> tuple[Key, ...]:
        """Return what the answer may depend on: the day or the minute; nothing if no region is known."""
        pool: Pool | None = getattr(scope["app"].state, "pool", None)
        if pool is None or time.monotonic() < self._rests_until:
            return ()
        host = _said(scope, b"host")
        try:
            state = await self._state(
                pool, host.decode("latin-1").partition(":")[0], _region_asked_for(scope)
            )
            tags = (state.tag, state.tag_of_minute) if state else ()
        except (psycopg.DataError, ZoneInfoNotFoundError):  # e.g. a NUL in the name of a region
            return ()
        except psycopg.Error:
            self._rests_until = time.monotonic() + REST_SECONDS
            return ()
        if state is None:
            return ()
        scope["state"]["region_state"] = state  # known already to who computes the answer
        said = (
            scope["scheme"],
            host,
            scope["state"]["locale"],
            scope["path"],
            scope["query_string"],
            _said(scope, b"accept-encoding"),
            bool(_said(scope, b"origin")),
            _said(scope, b"accept") if scope["path"].startswith(OGC) else b"",
        )
        return tuple(Key(tag, *said) for tag in tags)

    async def _state(self, pool: Pool, host: str, slug: str | None) -> freshness.State | None:
        """Ask for the present state; raise BusyError if the crowd is slow and not the database."""
        try:
            state = await freshness.present(pool, host, slug)
        except PoolTimeout:
            if time.monotonic() - self._asked_well_at < BUSY_SECONDS:
                raise BusyError("Too many ask at the same time. Please try again in a few seconds.") from None
            raise
        self._asked_well_at = time.monotonic()
        return state

    async def _computed(self, keys: tuple[Key, ...], scope: Scope) -> Answer:
        """Wait for the answer, which goes on being computed when we give up; raise BusyError then."""
        name = keys[-1] if keys else object()
        task = self._running.get(name)
        if task is None:
            if len(self._running) >= AT_ONCE + QUEUE:
                raise BusyError("Too many ask at the same time. Please try again in a few seconds.")
            task = self._running[name] = asyncio.create_task(self._compute(keys, scope))
            task.add_done_callback(lambda done: self._forget(name, done))
        done, _ = await asyncio.wait({task}, timeout=SECONDS)
        if not done:
            raise BusyError("This takes too long just now. Please try again in a few seconds.")
        return task.result()

    def _forget(self, name: Key | object, task: asyncio.Task[Answer]) -> None:
        self._running.pop(name, None)
        if not task.cancelled():
            task.exception()  # who still waits gets it; if nobody does, that is no news

    async def _compute(self, keys: tuple[Key, ...], scope: Scope) -> Answer:
        async with self._places:
            answer = await _collected(self.app, scope)
        # A commit in between gives the answer a newer tag; the next request will ask for that.
        tag = answer.header(b"etag") if answer.status == 200 else None  # noqa: PLR2004
        for key in keys:
            if key.tag == tag:
                self.memory.keep(key, answer)
        return answer


def _said(scope: Scope, name: bytes) -> bytes:
    """Return a request header; several lines of one name are one list (RFC 9110, 5.3)."""
    return b",".join(value for key, value in scope["headers"] if key == name)


def _region_asked_for(scope: Scope) -> str | None:
    """Return the region that a query of the API names, as api.regions.deps reads it."""
    if b"region" not in scope["query_string"] or not is_open(scope["path"]):
        return None
    said = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return said["region"][-1] if "region" in said else None


async def _collected(app: ASGIApp, scope: Scope) -> Answer:
    """Run the app and return its whole answer."""
    status, headers, parts, is_complete, is_read = 500, Headers(), list[bytes](), False, False

    async def receive() -> Message:
        nonlocal is_read
        if is_read:  # nobody goes away: the answer is for all who ask
            await asyncio.Event().wait()
        is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def collect(message: Message) -> None:
        nonlocal status, headers, is_complete
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))
            is_complete = not message.get("more_body", False)

    try:
        await app(scope, receive, collect)
    except Exception:
        # The API has answered and logged what nobody expected; Starlette raises it once more.
        if not is_complete:
            raise
    return Answer(status, headers, b"".join(parts))


async def _send(answer: Answer, said: str, send: Send) -> None:
    """Send an answer, or only its tag to who has it already."""
    tag = answer.header(b"etag")
    if said and tag and answer.status == 200 and freshness.names(said, tag):  # noqa: PLR2004
        headers = [header for header in answer.headers if header[0] not in ABOUT_BODY]
        answer = Answer(304, headers, b"")
    await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
    await send({"type": "http.response.body", "body": answer.body})
