"""The page of one offer."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.core.deps import SessionDep
from api.offers import service as offers
from api.regions.deps import RegionDep, Tagged, TaggedByMinute
from api.schedules import service as schedules
from web import hours, structured
from web.help import urgent, way_out
from web.rendering import address, locale_of, render
from web.uptake import Event, note

router = APIRouter(dependencies=[Tagged])


@router.get("/angebot/{slug}", dependencies=[TaggedByMinute])
def shown(request: Request, session: SessionDep, region: RegionDep, slug: str) -> HTMLResponse:
    """Show everything public about an offer."""
    offer = offers.get_by_slug(session, region, slug)
    locale = locale_of(request)
    rules = schedules.as_agreed(schedules.lines(session, [offer.id]))
    page = render(
        request,
        session,
        region,
        "offer.html",
        offer=offer,
        hours=hours.places_of(session, region, offer, locale),
        calendar_url=f"/api/v1/offers/{offer.id}/calendar.ics",
        dates=hours.next_dates(session, region, offer, locale),
        structured=structured.of_offer(region, offer, rules, address(request, region).rstrip("/")),
        urgent=urgent(session, region, [topic.slug for topic in offer.topics]),
        quick_exit=way_out(region),
    )
    note(page, Event.OPENED, [offer.id])
    return page
