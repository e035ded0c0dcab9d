"""What routes ask for: clear questions; a session whose transaction is committed before the answer goes."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from api.core.errors import FieldError, InvalidInputError


async def session(request: Request) -> AsyncIterator[Session]:
    """Yield a session in one transaction; an exception rolls it back.

    Who does not use it pays nothing: only a transaction that has begun is ended, in a thread. An app may have
    sessions of its own kind (app.state.sessions).
    """
    kind = getattr(request.app.state, "sessions", Session)
    opened = kind(request.app.state.engine, expire_on_commit=False)
    try:
        yield opened
        if opened.in_transaction():
            await run_in_threadpool(opened.commit)
    finally:
        if opened.in_transaction():
            await run_in_threadpool(opened.close)  # which rolls back what is not committed


SessionDep = Annotated[Session, Depends(session, scope="function")]


def each_once(but: Collection[str]) -> Callable[[Request], Awaitable[None]]:
    """Return a check that no parameter is said twice but those that take several values.

    Nobody knows which of the two is meant, and the answer would be to only one of them.
    """

    async def check(request: Request) -> None:  # waits for nothing, so it needs no thread
        times = Counter(name for name, _value in request.query_params.multi_items() if name not in but)
        found = [
            FieldError(name or "query", "Can be said only once") for name, said in times.items() if said > 1
        ]
        if found:
            raise InvalidInputError(f"{found[0].field}: can be said only once.", found)

    return check
