"""What routes ask for: a session whose transaction is committed before the answer leaves."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session


def session(request: Request) -> Iterator[Session]:
    """Yield a session in one transaction; an exception rolls it back."""
    with Session(request.app.state.engine, expire_on_commit=False) as opened, opened.begin():
        yield opened


SessionDep = Annotated[Session, Depends(session, scope="function")]
