"""What routes ask for: clear questions; a session whose transaction is committed before the answer goes."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from api.core.errors import FieldError, InvalidInputError


def session(request: Request) -> Iterator[Session]:
    """Yield a session in one transaction; an exception rolls it back."""
    with Session(request.app.state.engine, expire_on_commit=False) as opened, opened.begin():
        yield opened


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
