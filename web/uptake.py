"""Counts which offers people find and open, where every answer passes: also the remembered ones.

A page says in a header which offers it is about (`note`); it is taken off before the answer leaves.
What a request says about who sends it is looked at and forgotten: no address, no cookie, no browser is kept.
"""

import asyncio
import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from fastapi import FastAPI, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core import clock
from api.uptake import publishing
from api.uptake.counting import SECONDS, Counter, Event

__all__ = ["Event", "Uptake", "is_counted", "keep_writing", "note"]

HEADER: Final = b"x-uptake"
_SAID: Final = re.compile(rb"([a-z_]+)=([0-9,]*)")
# Programs that say so, and no browser's name at all.
_PROGRAMS: Final = re.compile(
    rb"bot|crawl|spider|slurp|archiv|preview|monitor|scan|check|headless|lighthouse|curl|wget|python|java/"
    rb"|go-http|okhttp|axios|node|libwww|client|feed",
    re.IGNORECASE,
)
_AHEAD: Final = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")
# A page is opened as a document; lists also come in by our script, and pages to keep do, too.
_OPENED_AS: Final = {
    Event.FOUND: frozenset({b"document", b"empty"}),
    Event.OPENED: frozenset({b"document"}),
    Event.HANDED_OVER: frozenset({b"document"}),
}


def note(response: Response, event: Event, offer_ids: Iterable[int]) -> None:
    """Let an answer be counted each time it goes out: an event with these offers."""
    response.headers[HEADER.decode()] = f"{event}={','.join(str(one) for one in offer_ids)}"


def is_counted(scope: Scope) -> bool:
    """Return whether a request may be counted: a person's, as far as one can see, who has nothing against it.

    Not what browsers fetch ahead, what programs ask, or where the browser says "Do not track" or sends Global
    Privacy Control: nobody could be tracked, but who asks for it is not even counted.
    """
    said = {name: value.strip().lower() for name, value in scope["headers"]}
    if said.get(b"sec-gpc") == b"1" or said.get(b"dnt") == b"1":
        return False
    if any(name in said for name in _AHEAD):
        return False
    browser = said.get(b"user-agent", b"")
    return bool(browser) and not _PROGRAMS.search(browser)


class Uptake:
    """Counts what answers say they are about; to stand outside of all that remembers answers."""

    def __init__(self, app: ASGIApp, counter: Counter) -> None:
        self.app = app
        self.counter = counter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; see ASGI 3."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                said = [value for name, value in headers if name == HEADER]
                if said:
                    message = {**message, "headers": [one for one in headers if one[0] != HEADER]}
                    if scope["method"] == "GET" and message["status"] in (200, 304) and is_counted(scope):
                        self._count(scope, said[0])
            await send(message)

        await self.app(scope, receive, counting)

    def _count(self, scope: Scope, said: bytes) -> None:
        found = _SAID.fullmatch(said)
        assert found is not None, said
        event = Event(found[1].decode())
        headers = dict(scope["headers"])
        asked_as = headers.get(b"sec-fetch-dest")
        # Whoever has just made a list is led to it by our own page; handed over, it is opened from elsewhere.
        is_own = event == Event.HANDED_OVER and headers.get(b"sec-fetch-site") == b"same-origin"
        if (asked_as is None or asked_as in _OPENED_AS[event]) and not is_own:
            self.counter.count(event, [int(one) for one in found[2].split(b",") if one])


async def keep_writing(app: FastAPI) -> None:
    """Write once a minute what was counted, and publish months that are over; until it is cancelled."""
    counter: Counter = app.state.uptake
    looked_on: date | None = None
    try:
        while counter.is_on:
            await asyncio.sleep(SECONDS)
            await run_in_threadpool(counter.flush, app.state.engine)
            today = clock.now().date()
            if looked_on != today and await run_in_threadpool(_publish, app):
                looked_on = today
    finally:
        counter.flush(app.state.engine)  # the last minute, before the process ends


def _publish(app: FastAPI) -> bool:
    """Publish what is over; return whether that has worked, else the next minute will do."""
    try:
        with Session(app.state.engine) as session, session.begin():
            publishing.publish_all(session)
    except SQLAlchemyError:
        return False
    return True
