"""The start page: two ways in, by topic and by Stadtteil."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.chains import service as chains
from api.core.deps import SessionDep
from api.offers.schemas import OfferFilter
from api.regions.deps import RegionDep, Tagged
from api.search import service as search
from api.search.deps import ShelvesDep
from api.spaces import outlines
from api.taxonomy import service as taxonomy
from web.rendering import render

router = APIRouter(dependencies=[Tagged])


@router.get("/")
def start(request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep) -> HTMLResponse:
    """Show the topics, and the region as a map whose areas are links."""
    counts = search.count(session, region, OfferFilter(), shelves)
    drawings = outlines.drawings(session, region)
    return render(
        request,
        session,
        region,
        "start.html",
        total=counts.total,
        has_chains=bool(chains.every(session, region)),
        topics=taxonomy.counted(taxonomy.topics(session), counts.topic),
        spaces=[
            {
                "slug": drawing.space.slug,
                "name": drawing.space.name,
                "offers": counts.space.get(drawing.space.key, 0),
                "svg_path": drawing.path,
                "label_x": drawing.label_x,
                "label_y": drawing.label_y,
            }
            for drawing in drawings.spaces
        ],
        svg_viewbox=drawings.viewbox,
    )
