"""The visitor's region, and whether the visitor already has this answer."""

from typing import Annotated

from fastapi import Depends, Request, Response

from api.core import clock
from api.core.build import build_id
from api.core.deps import SessionDep
from api.regions import service
from api.regions.models import Region


class NotModifiedError(Exception):
    """The visitor has the present answer already (HTTP 304)."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers = headers


def visitor_region(session: SessionDep, request: Request) -> Region:
    """Return the region of the host name, else the default; in the API a query may name it (RegionQuery).

    Pages go by the host alone: their links and their map could not carry the region along.
    """
    slug = request.query_params.get("region")
    if slug is not None and getattr(request.app.state, "takes_region_by_query", False):
        return service.get(session, slug)
    return service.of_host(session, request.url.hostname or "")


RegionDep = Annotated[Region, Depends(visitor_region)]


def conditional(request: Request, response: Response, region: RegionDep) -> None:
    """Answer 304 if the visitor's copy is of this data version, day and build (RFC 9110, 13.1.2).

    The region is read before anything else, so a copy can carry an older version than its data but never
    the other way round.
    """
    day = clock.today(region.timezone)
    tag = f'W/"{region.id}.{region.data_version}.{day:%y%m%d}.{build_id()}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if _names(request.headers.get("if-none-match", ""), tag):
        raise NotModifiedError(headers)
    response.headers.update(headers)
    request.state.freshness = headers  # for answers that bring their own headers


def _names(said: str, tag: str) -> bool:
    """Return whether an If-None-Match names the tag; compared weakly (RFC 9110, 8.8.3.2).

    "*" means any page that exists, which nobody knows yet at this point: it gets the whole answer.
    """
    tags = {part.strip().removeprefix("W/") for part in said.split(",")}
    return tag.removeprefix("W/") in tags


Conditional = Depends(conditional)
