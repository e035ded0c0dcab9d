"""A city's own colours and mark, as files of its region; without any, there is nothing here."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.core.errors import NotFoundError
from api.regions import identity
from api.regions.deps import RegionDep, Tagged
from web.files import FOR_GOOD
from web.identity import of_region, style
from web.rendering import locale_of

router = APIRouter(dependencies=[Tagged])

# Whoever opens the drawing by itself opens a document: it may use its own styles, and nothing else.
DRAWING: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


@router.get("/aussehen/{state}.css")
def colours(request: Request, region: RegionDep, state: str) -> Response:
    """Return the style with the colours of the region."""
    site = of_region(region, locale_of(request))
    if not site.style:
        raise NotFoundError("This region has no colours of its own.")
    headers = _headers(request, is_present=site.style == f"/aussehen/{state}.css")
    return Response(style(identity.of_region(region).accent), media_type="text/css", headers=headers)


@router.get("/zeichen/{state}.svg")
def mark(request: Request, region: RegionDep, state: str) -> Response:
    """Return the mark of the region; it was checked when it was loaded."""
    site = of_region(region, locale_of(request))
    if not site.mark:
        raise NotFoundError("This region has no mark of its own.")
    headers = _headers(request, is_present=site.mark == f"/zeichen/{state}.svg")
    # The encoding is said here, so that the drawing itself cannot claim another one than was checked.
    drawing = identity.of_region(region).mark
    return Response(drawing, media_type="image/svg+xml; charset=utf-8", headers=headers | DRAWING)


def _headers(request: Request, *, is_present: bool) -> dict[str, str]:
    """Let a file be kept for good under its present address; under an older one it is asked for again."""
    freshness: dict[str, str] = request.state.freshness
    return {**freshness, "Cache-Control": FOR_GOOD} if is_present else freshness
