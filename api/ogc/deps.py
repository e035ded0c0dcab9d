"""What every route of /ogc is given: who asks, for which region, and where its documents are found."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from sqlmodel import Session

from api.core.deps import SessionDep
from api.ogc.links import Site, origin
from api.regions.deps import RegionDep
from api.regions.models import Region

THIS_MACHINE: Final = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Visit:
    """A request and all that answering takes; response has the headers that the answer gets."""

    request: Request
    response: Response
    session: Session
    region: Region
    site: Site

    @property
    def said(self) -> dict[str, str]:
        """Return the question as it was asked."""
        return dict(self.request.query_params)


async def visit(request: Request, response: Response, session: SessionDep, region: RegionDep) -> Visit:
    """Return what a route is given."""
    return Visit(request, response, session, region, site_of(request, region, "/ogc"))


VisitDep = Annotated[Visit, Depends(visit)]


def site_of(request: Request, region: Region, mounted: str) -> Site:
    """Return where the documents of a region are found under the path of an app."""
    host = request.headers.get("host", "")
    here = origin(request.url.scheme, host)
    name, colon, port = host.lower().partition(":")
    # Pages go by the host alone: a region that the query names has its pages at its own host.
    is_of_host = name in region.hostnames or (region.is_default and name in THIS_MACHINE)
    own = is_of_host or not region.hostnames
    pages = here if own else origin(request.url.scheme, f"{region.hostnames[0]}{colon}{port}")
    return Site(f"{here}{mounted}", pages, request.query_params.get("region"))
