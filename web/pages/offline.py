"""Installing the map, and saving parts of it on a device: the manifest, the worker, lists of what to save."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlmodel import Session

from api.core.deps import SessionDep
from api.core.languages import LANGUAGES
from api.offers.schemas import OfferSummary
from api.regions.deps import RegionDep, Tagged
from api.regions.models import Region
from api.search import service as search
from api.search.deps import ShelvesDep
from api.search.schemas import Found, SearchQuery
from api.search.shelves import Shelves
from api.spaces import service as spaces
from web import files, identity, merkliste, offline
from web.language import localized, translations
from web.map import map_context
from web.merkliste import NoListError
from web.rendering import locale_of, render
from web.words import _

router = APIRouter()

PRIVATE: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
PAPER: Final = "#faf6ef"  # --paper of css/tokens.css
# Name of the file, its sizes in pixels, and what it may be used for.
ICONS: Final = (
    ("favicon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)
_PER_PAGE: Final = 200  # the longest answer the API gives at once


@router.get("/service-worker.js")
def worker() -> Response:
    """Return the worker, which a browser asks for again whenever it is visited."""
    text = (files.STATIC / "service-worker.js").read_text(encoding="utf-8")
    return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/manifest.webmanifest", dependencies=[Tagged])
def manifest(request: Request, region: RegionDep) -> JSONResponse:
    """Say how the map of this region looks as an app, in the language of the page."""
    locale = locale_of(request)
    site = identity.of_region(region, locale)
    described = {
        "id": localized("/", locale),
        "name": site.title,
        "short_name": site.short,
        "lang": LANGUAGES[locale].tag,
        "dir": LANGUAGES[locale].direction,
        "start_url": localized("/", locale),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": site.accent,
        "icons": [_icon(site.mark, "any", "any")]
        if site.mark
        else [_icon(files.address(f"icons/{file}"), sizes, purpose) for file, sizes, purpose in ICONS],
    }
    return JSONResponse(described, media_type="application/manifest+json", headers=request.state.freshness)


def _icon(address: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if address.endswith(".svg") else "image/png"
    return {"src": address, "sizes": sizes, "type": kind, "purpose": purpose}


@router.get("/stadtteil/{slug}/unterwegs.json")
def of_space(
    request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep, slug: str
) -> JSONResponse:
    """Name everything that the page of a Stadtteil and those of its offers ask for."""
    space = spaces.resident_space(session, region, slug)
    found = _offers_of(session, region, shelves, space.key)
    query = f"?{urlencode({'space': space.key})}"
    locale = locale_of(request)
    drawn = map_context(session, region, query, space.key, locale, request.app.state.settings)
    outlines = [drawn["spaces_url"], *(division["url"] for division in drawn["divisions"])]
    cards = [f"/api/v1/offers/{offer.id}" for offer in found]
    pages = [drawn["points_url"], *filter(None, outlines), *cards]
    slugs = [offer.slug for offer in found]
    listed = offline.to_save(region, locale, space.name, f"/stadtteil/{space.slug}", pages, slugs)
    return JSONResponse(listed, headers=PRIVATE)  # with the time of asking, so never an older one


@router.get("/merkliste/unterwegs.json")
def of_list(request: Request, session: SessionDep, region: RegionDep) -> JSONResponse:
    """Name everything that the Merkliste asks for, for the offers that the address names."""
    locale = locale_of(request)
    say = translations(locale).gettext
    try:
        numbers = merkliste.numbers(request.query_params.get("o", ""))
    except NoListError as error:
        return JSONResponse({"detail": say(str(error))}, 422, PRIVATE)
    found = merkliste.look_up(session, region, numbers)
    asked = ",".join(str(number) for number in numbers)
    pages = [f"{localized('/merkliste', locale)}?o={asked}&teil=liste"]
    slugs = [offer.slug for offer in found.offers]
    listed = offline.to_save(region, locale, say(_("Merkliste")), "/merkliste", pages, slugs)
    return JSONResponse({**listed, "isKept": True}, headers=PRIVATE)


@router.get("/unterwegs", dependencies=[Tagged])
def saved(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
    """Show what is saved on this device, and remove it."""
    return render(request, session, region, "unterwegs.html")


@router.get("/offline", dependencies=[Tagged])
def kind(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
    """Say without a network that a page is not saved, and which ones are."""
    return render(request, session, region, "offline.html")


def _offers_of(session: Session, region: Region, shelves: Shelves | None, key: str) -> list[OfferSummary]:
    found: list[Found] = []
    for page in range(1, -(-offline.MOST // _PER_PAGE) + 1):
        query = SearchQuery(space=[key], per_page=_PER_PAGE, page=page)
        answer = search.find(session, region, query, shelves).results()
        found += answer.results
        if len(found) >= answer.total:
            break
    return [one.offer for one in found[: offline.MOST]]
