"""The open indexes of the app that answers, for routes and pages."""

from typing import Annotated

from fastapi import Depends, Request

from api.search.shelves import Shelves


def shelves(request: Request) -> Shelves | None:
    """Return the app's indexes, or None for an app that works without: then the database answers."""
    return getattr(request.app.state, "shelves", None)


ShelvesDep = Annotated[Shelves | None, Depends(shelves)]
