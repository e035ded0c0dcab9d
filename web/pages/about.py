"""Pages about the map itself: where its facts come from, and what the API's problems mean."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.core.deps import SessionDep
from api.core.errors import NotFoundError
from api.regions.deps import RegionDep, Tagged
from web.language import translations
from web.problems import PROBLEMS
from web.rendering import locale_of, other_regions, render

router = APIRouter(dependencies=[Tagged])

# There are about 11 000 municipalities and 400 counties in Germany.
MOST_REGIONS = 12_000


@router.get("/quellen")
def sources(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
    """Name every source with its licence."""
    return render(request, session, region, "sources.html")


@router.get("/landkarten")
def maps(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
    """Name all maps of this installation."""
    found = other_regions(request, session, region, MOST_REGIONS)
    return render(request, session, region, "maps.html", maps=found)


@router.get("/problems/{slug}")
def problem(request: Request, session: SessionDep, region: RegionDep, slug: str) -> HTMLResponse:
    """Explain one kind of problem that the API answers with."""
    if slug not in PROBLEMS:
        raise NotFoundError("There is no such problem.")
    say = translations(locale_of(request)).gettext
    known = PROBLEMS[slug]
    return render(
        request,
        session,
        region,
        "problem.html",
        slug=slug,
        title=say(known.title),
        status=known.status,
        text=say(known.text),
    )
