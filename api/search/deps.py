"""The open indexes of the app that answers, for routes and pages."""

from typing import Annotated

from fastapi import Depends, Request

from api.search.shelves import Shelves


async def shelves(request: Request) -> Shelves | None:  # waits for nothing, so it needs no thread
    """Return the app's indexes, or None for an app that works without: then the database answers."""
    return getattr(request.app.state, "shelves", None)


ShelvesDep = Annotated[Shelves | None, Depends(shelves)]
