"""The page of one offer."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.core.deps import SessionDep
from api.offers import service as offers
from api.regions.deps import RegionDep, Tagged
from web.rendering import render

router = APIRouter(dependencies=[Tagged])


@router.get("/angebot/{slug}")
def shown(request: Request, session: SessionDep, region: RegionDep, slug: str) -> HTMLResponse:
    """Show everything public about an offer."""
    offer = offers.get_by_slug(session, region, slug)
    return render(request, session, region, "offer.html", offer=offer)
