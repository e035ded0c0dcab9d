"""From a request to its answer: remembered if it is still true, else computed once for all who ask."""

import asyncio
import time
from typing import Final
from urllib.parse import parse_qs

import psycopg
from psycopg_pool import AsyncConnectionPool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.errors import BusyError
from api.regions import freshness
from web.errors import refusal
from web.memory import Answer, Headers, Key, Memory

AT_ONCE: Final = 8  # computed at once: no more than the database pool of the pages holds
QUEUE: Final = 100  # waiting for that
SECONDS: Final = 15.0  # for waiting and computing together
REST_SECONDS: Final = 1.0  # without asking for states, after the database could not be asked
ABOUT_BODY: Final = (b"content-length", b"content-type", b"content-encoding", b"content-disposition")

Pool = AsyncConnectionPool[psycopg.AsyncConnection]


class Answers:
    """Gives remembered answers while they are true and sends nothing twice (304); computes the others.

    The region's present state is asked for at each request: a remembered answer is never older than the last
    commit before the request came in. Requests for the same answer share one computation.
    """

    def __init__(self, app: ASGIApp, memory_bytes: int, passed_by: tuple[str, ...] = ()) -> None:
        """Remember so many bytes; leave alone the paths that begin with one of `passed_by`."""
        self.app = app
        self.passed_by = passed_by
        self.memory = Memory(memory_bytes)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._running: dict[Key | object, asyncio.Task[Answer]] = {}
        self._rests_until = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; see ASGI 3."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(self.passed_by):
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        key = await self._key(scope, headers)
        try:
            answer = (self.memory.get(key) if key else None) or await self._computed(key, scope)
        except BusyError as error:
            await refusal(scope, error)(scope, receive, send)
            return
        await _send(answer, headers.get(b"if-none-match", b"").decode("latin-1"), send)

    async def _key(self, scope: Scope, headers: dict[bytes, bytes]) -> Key | None:
        """Return what the answer depends on, or None where no region or no database is known."""
        pool: Pool | None = getattr(scope["app"].state, "pool", None)
        if pool is None or time.monotonic() < self._rests_until:
            return None
        host = headers.get(b"host", b"")
        slug = _region_asked_for(scope)
        try:
            state = await freshness.present(pool, host.decode("latin-1").partition(":")[0], slug)
        except psycopg.OperationalError:
            self._rests_until = time.monotonic() + REST_SECONDS
            return None
        except psycopg.DataError:  # no name of a region, e.g. with a NUL in it
            return None
        if state is None:
            return None
        return Key(
            state.tag,
            scope["scheme"],
            host,
            scope["state"]["locale"],
            scope["path"],
            scope["query_string"],
            headers.get(b"accept-encoding", b""),
            b"origin" in headers,
        )

    async def _computed(self, key: Key | None, scope: Scope) -> Answer:
        """Wait for the answer, which goes on being computed when we give up; raise BusyError then."""
        name = key or object()
        task = self._running.get(name)
        if task is None:
            if self._waiting >= QUEUE:
                raise BusyError("Too many ask at the same time. Please try again in a few seconds.")
            task = self._running[name] = asyncio.create_task(self._compute(key, scope))
            task.add_done_callback(lambda _: self._running.pop(name, None))
        done, _ = await asyncio.wait({task}, timeout=SECONDS)
        if not done:
            raise BusyError("This takes too long just now. Please try again in a few seconds.")
        return task.result()

    async def _compute(self, key: Key | None, scope: Scope) -> Answer:
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            answer = await _collected(self.app, scope)
        finally:
            self._places.release()
        # A commit in between gives the answer a newer tag; the next request will ask for that.
        if key and answer.status == 200 and answer.header(b"etag") == key.tag:  # noqa: PLR2004
            self.memory.keep(key, answer)
        return answer


def _region_asked_for(scope: Scope) -> str | None:
    """Return the region that a query of the API names, as api.regions.deps reads it."""
    if not scope["path"].startswith("/api/") or b"region=" not in scope["query_string"]:
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
