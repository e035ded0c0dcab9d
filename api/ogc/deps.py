"""What every route of /ogc is given: who asks, for which region, and where its documents are found."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
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

    def has_read(self) -> None:
        """End the transaction in this thread: whoever ends it later has to wait for another one."""
        self.session.commit()


async def visit(request: Request, response: Response, session: SessionDep, region: RegionDep) -> Visit:
    """Return what a route is given."""
    return Visit(request, response, session, region, site_of(request, region, "/ogc"))


VisitDep = Annotated[Visit, Depends(visit)]


def question(kind: type[BaseModel]) -> Any:  # noqa: ANN401 - Depends says nothing of its type
    """Return a dependency that reads the query as a question of this kind, or refuses it.

    FastAPI does the same field by field, which takes longer than all else that it does for a request.
    """

    async def read(request: Request) -> BaseModel:
        try:
            return kind.model_validate(dict(request.query_params))
        except ValidationError as error:
            wrong = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
            raise RequestValidationError(wrong) from None

    return Depends(read)


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
