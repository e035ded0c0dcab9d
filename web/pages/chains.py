"""Help chains for everybody: what helps one after the other, and what of it there is in a Stadtteil."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.chains import finding
from api.chains import service as chains
from api.core.deps import SessionDep
from api.regions.deps import RegionDep, Tagged, TaggedByMinute, untag
from api.search import service as search
from api.search.deps import ShelvesDep
from api.spaces import service as spaces
from web.chains import ids, steps_shown, worry
from web.help import urgent, way_out
from web.rendering import locale_of, render
from web.uptake import Event, note

MOST: Final = 3  # offers shown for each link; the list has all

router = APIRouter(dependencies=[Tagged])


@router.get("/hilfeketten")
def listed(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
    """Show the chains of a region."""
    return render(request, session, region, "chains.html", chains=chains.every(session, region))


@router.get("/hilfekette/{slug}", dependencies=[TaggedByMinute])
def shown(
    request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep, slug: str
) -> HTMLResponse:
    """Show a chain link by link, in a Stadtteil if one is chosen; where a link is missing, say what to do."""
    chain = chains.by_slug(session, region, slug)
    chosen = request.query_params.get("stadtteil", "")
    space = spaces.resident_space(session, region, chosen) if chosen else None
    steps = finding.steps(session, region, chain, space, shelves, MOST)
    page = render(
        request,
        session,
        region,
        "chain.html",
        chain=chain,
        steps=steps_shown(steps, space, locale_of(request)),
        space=space,
        spaces=spaces.resident_spaces(session, region),
        worries=[(link, *worry(link)) for link in chain.links],
        urgent=urgent(session, region, [link.topic for link in chain.links if link.topic]),
        quick_exit=way_out(region),
    )
    note(page, Event.FOUND, ids(steps))
    if search.is_plain(region, shelves):
        untag(page)  # the index will soon know better
    return page
