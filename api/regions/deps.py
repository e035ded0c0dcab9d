"""The visitor's region, and the tag that says of which state of its data an answer is."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from api.core.deps import SessionDep
from api.regions import freshness, service
from api.regions.models import Region

MOST_KEPT = 1000  # rows of regions in memory


async def visitor_region(session: SessionDep, request: Request) -> Region:
    """Return the region of the host name, else the default; in the API a query may name it (RegionQuery).

    Pages go by the host alone: their links and their map could not carry the region along.
    """
    state: freshness.State | None = getattr(request.state, "region_state", None)
    kept: dict[freshness.State, Region] = request.app.state.regions
    known = kept.get(state) if state else None
    if known is not None:
        return known
    region = await run_in_threadpool(_read, session, request)
    if state is not None and freshness.of_region(region) == state:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        # Every change of a region's row makes a new state, so the row of a state is always the same.
        session.expunge(region)
        kept[state] = region
    return region


def _read(session: Session, request: Request) -> Region:
    slug = request.query_params.get("region")
    if slug is not None and getattr(request.app.state, "takes_region_by_query", False):
        return service.get(session, slug)
    return service.of_host(session, request.url.hostname or "")


RegionDep = Annotated[Region, Depends(visitor_region)]


async def tagged(request: Request, response: Response, region: RegionDep) -> None:
    """Tag the answer with data version, day and build, so that it is kept and asked for again.

    The region is read before anything else, so an answer can carry an older version than its data but never
    the other way round.
    """
    _tag(request, response, freshness.of_region(region).tag)


async def tagged_by_minute(request: Request, response: Response, region: RegionDep) -> None:
    """Tag an answer that says what is open now; it stands at the route, after the tag of its router."""
    _tag(request, response, freshness.of_region(region).tag_of_minute)


def _tag(request: Request, response: Response, tag: str) -> None:
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    response.headers.update(headers)
    request.state.freshness = headers  # for answers that bring their own headers


Tagged = Depends(tagged)
TaggedByMinute = Depends(tagged_by_minute)


def untag(response: Response) -> None:
    """Let an answer be kept by nobody, because a better one for the same data will soon be there."""
    del response.headers["etag"]
    response.headers["Cache-Control"] = "no-store"
