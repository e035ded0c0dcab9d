"""The page of all numbers to call."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.core.deps import SessionDep
from api.regions.deps import RegionDep, Tagged
from web.help import groups, way_out
from web.language import translations
from web.rendering import locale_of, render

router = APIRouter(dependencies=[Tagged])


@router.get("/notfall")
def shown(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
    """Show every number, the most urgent first, with the quick exit."""
    say = translations(locale_of(request)).gettext
    found = [{**group, "title": say(group["title"])} for group in groups(region)]
    return render(request, session, region, "emergency.html", groups=found, quick_exit=way_out(region))
