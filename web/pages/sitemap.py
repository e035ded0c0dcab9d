"""For search engines: which pages there are, in which languages and since when, and what is not for them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from api.core.deps import SessionDep
from api.core.errors import NotFoundError
from api.core.languages import DEFAULT, LANGUAGES
from api.offers import changes, listing
from api.regions.deps import RegionDep, Tagged
from api.spaces import service as spaces
from web.language import localized
from web.rendering import address
from web.xml import add, document, element

router = APIRouter(dependencies=[Tagged])

# Pages in one file: each is said in five languages with five links to the others, about 4 MB together.
# The protocol allows 50 000 addresses and 50 MB (sitemaps.org).
PART: Final = 1000
DIGITS: Final = 6  # of the number of a part
SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML: Final = "http://www.w3.org/1999/xhtml"
PAGES: Final = (
    "/",
    "/angebote",
    "/notfall",
    "/leichte-sprache",
    "/quellen",
    "/barrierefreiheit",
    "/datenschutz",
    "/impressum",
)
# One address for each language that search engines know; Einfache Sprache is German to them.
_TAGS: Final = {language.tag: code for code, language in reversed(LANGUAGES.items())}
_LOCALES: Final = {tag: _TAGS[tag] for tag in dict.fromkeys(one.tag for one in LANGUAGES.values())}
# Words that somebody has typed, and frames of other pages: nobody should find those.
ROBOTS: Final = """User-agent: *
Disallow: /*?q=
Disallow: /*&q=

Sitemap: {origin}/sitemap.xml
"""


class Listed(NamedTuple):
    """A page, and when what it says was last changed, if that is known."""

    path: str
    changed: datetime | None = None


@router.get("/robots.txt")
def robots(request: Request, region: RegionDep) -> PlainTextResponse:
    """Say where the list of pages is."""
    text = ROBOTS.format(origin=address(request, region).rstrip("/"))
    return PlainTextResponse(text, headers=request.state.freshness)


@router.get("/sitemap.xml")
def index(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Name the files that name the pages."""
    origin = address(request, region).rstrip("/")
    count = listing.count(session, region)
    root = element("sitemapindex", xmlns=SITEMAP)
    names = ["seiten", *(f"angebote-{part + 1}" for part in range(-(-count // PART)))]
    for name in names:
        add(add(root, "sitemap"), "loc", f"{origin}/sitemap/{name}.xml")
    return _xml(request, root)


@router.get("/sitemap/seiten.xml")
def pages(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Name the pages that are always there, and one for each Stadtteil."""
    known = [Listed(path) for path in PAGES]
    known += [Listed(f"/stadtteil/{space.slug}") for space in spaces.resident_spaces(session, region)]
    return _xml(request, _written(address(request, region).rstrip("/"), known))


@router.get("/sitemap/angebote-{part}.xml")
def offers(request: Request, session: SessionDep, region: RegionDep, part: str) -> Response:
    """Name a part of the pages of offers; examples are none that anybody should find."""
    number = int(part) if part.isascii() and part.isdigit() and len(part) <= DIGITS else 0
    found = listing.part(session, region, (number - 1) * PART, PART) if number else []
    if not found:
        raise NotFoundError("There is no such part.")
    changed = changes.last_changed(session, [offer_id for offer_id, _slug in found])
    known = [Listed(f"/angebot/{slug}", changed.get(offer_id)) for offer_id, slug in found]
    return _xml(request, _written(address(request, region).rstrip("/"), known))


def _written(origin: str, known: Iterable[Listed]) -> Element:
    root = element("urlset", xmlns=SITEMAP, xmlns_xhtml=XHTML)
    for page in known:
        others = list(_others(origin, page.path))
        for locale in _LOCALES.values():
            url = add(root, "url")
            add(url, "loc", origin + localized(page.path, locale))
            if page.changed:
                add(url, "lastmod", f"{page.changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
            for tag, href in others:
                add(url, "xhtml:link", rel="alternate", hreflang=tag, href=href)
    return root


def _others(origin: str, path: str) -> Iterator[tuple[str, str]]:
    for tag, locale in _LOCALES.items():
        yield tag, origin + localized(path, locale)
    yield "x-default", origin + localized(path, DEFAULT)


def _xml(request: Request, root: Element) -> Response:
    return Response(document(root), media_type="application/xml", headers=request.state.freshness)
