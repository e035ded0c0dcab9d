"""What every route of /hsds is given: who asks, for which region, and what questions are understood with."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from sqlmodel import Session

from api.core import clock
from api.core.deps import SessionDep
from api.hsds import changes, originals, terms
from api.hsds.finding import Known
from api.hsds.services import Library
from api.ogc.deps import site_of
from api.ogc.links import Site
from api.regions import freshness
from api.regions.deps import RegionDep
from api.regions.freshness import State
from api.regions.models import Region

ROOT: Final = "/hsds"
MOST_KEPT: Final = 20  # regions whose identifiers are kept in memory


@dataclass(frozen=True)
class Visit:
    """A request and all that answering takes; response has the headers that the answer gets."""

    request: Request
    response: Response
    session: Session
    region: Region
    site: Site

    @cached_property
    def known(self) -> Known:
        """Return what questions are understood with, read once for a state of the region's data."""
        kept: dict[State, Known] = self.request.app.state.known
        state = freshness.of_region(self.region)
        found = kept.get(state)
        if found is None:
            found = Known(
                self.region,
                terms.read(self.session),
                originals.read(self.session, self.region.id),
                changes.removals(self.session, self.region.id),
            )
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[state] = found
        return found

    @cached_property
    def library(self) -> Library:
        """Return what documents are made with."""
        known = self.known
        return Library(
            self.region, known.vocabulary, known.originals, self.site.pages, clock.today(self.region.timezone)
        )


async def visit(request: Request, response: Response, session: SessionDep, region: RegionDep) -> Visit:
    """Return what a route is given."""
    return Visit(request, response, session, region, site_of(request, region, ROOT))


VisitDep = Annotated[Visit, Depends(visit)]
