"""What every route of /hsds is given: who asks, for which region, and what questions are understood with."""

from functools import cached_property
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from api.core import clock
from api.core.deps import SessionDep
from api.hsds import changes, originals, vocabulary
from api.hsds.finding import Known
from api.hsds.services import Library
from api.ogc import deps
from api.regions import freshness
from api.regions.deps import RegionDep
from api.regions.freshness import State

ROOT: Final = "/hsds"
MOST_KEPT: Final = 20  # regions whose identifiers are kept in memory


class Visit(deps.Visit):
    """A request and all that answering takes."""

    @cached_property
    def known(self) -> Known:
        """Return what questions are understood with, read once for a state of the region's data."""
        kept: dict[State, Known] = self.request.app.state.known
        state = freshness.of_region(self.region)
        found = kept.get(state)
        if found is None:
            found = Known(
                self.region,
                vocabulary.read(self.session),
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
    return Visit(request, response, session, region, deps.site_of(request, region, ROOT))


VisitDep = Annotated[Visit, Depends(visit)]
