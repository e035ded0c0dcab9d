"""Own pages described for those who paste an address into their editor (oEmbed 1.0, oembed.com)."""

from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from markupsafe import escape
from sqlmodel import Session
from starlette.datastructures import QueryParams

from api.core.deps import SessionDep
from api.core.errors import DomainError, FieldError, InvalidInputError, MovedError, NotFoundError
from api.core.languages import DEFAULT
from api.core.problems import problem
from api.offers import service as offers
from api.regions.deps import RegionDep, Tagged
from api.regions.models import Region
from web import embedding
from web.embedding import Size
from web.identity import of_region
from web.language import PREFIXES, localized
from web.rendering import address
from web.wish import Wish

router = APIRouter(dependencies=[Tagged])

WIDTH: Final = 800  # CSS pixels, if nobody says less
HEIGHT: Final = 600
SECONDS: Final = 3600  # for how long it may be kept
LONGEST: Final = 9  # digits of a number
# Everybody may ask; nothing about the visitor is in the answer.
OPEN: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


class Own(NamedTuple):
    """An address of ours, taken apart."""

    locale: str
    parts: list[str]
    query: str


@router.get("/oembed")
def described(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Describe the page whose address is asked for; only our own pages are known here."""
    try:
        said = request.query_params
        if said.get("format", "json") != "json":
            raise _refusal("format", "Only json is spoken here", 501)
        size = Size(_number(said, "maxwidth", WIDTH), _number(said, "maxheight", HEIGHT))
        found = _found(session, region, _own(request, region, said.get("url", "")), request, size)
    except DomainError as error:
        return problem(error, OPEN)
    return JSONResponse(found, headers=OPEN | request.state.freshness)


def _refusal(field: str, detail: str, status: int) -> DomainError:
    error = InvalidInputError(f"{field}: {detail}.", [FieldError(field, detail)])
    error.status = status
    return error


def _number(said: QueryParams, field: str, most: int) -> int:
    text = said.get(field)
    if text is None:
        return most
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST and int(text)):
        raise _refusal(field, "Must be a whole number of pixels", 400)
    return min(int(text), most)


def _own(request: Request, region: Region, url: str) -> Own:
    """Take an address apart, or raise NotFoundError if it is none of this region's."""
    if not url:
        raise _refusal("url", "Is missing", 400)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotFoundError("This is no address of ours.") from error
    here = urlsplit(address(request, region))
    known = {(here.hostname, here.port), *((name, here.port) for name in region.hostnames)}
    is_ours = parts.scheme in ("http", "https") and (host, port) in known
    if not is_ours or parts.username is not None:
        raise NotFoundError("This is no address of ours.")
    path = [part for part in parts.path.split("/") if part]
    locale = path.pop(0) if path and path[0] in PREFIXES else DEFAULT
    return Own(locale, path, parts.query)


def _found(session: Session, region: Region, own: Own, request: Request, size: Size) -> dict[str, Any]:
    origin = address(request, region).rstrip("/")
    match own.parts:
        case ["angebote"]:
            wish = _wish(session, region, QueryParams(own.query))
        case ["stadtteil", slug]:
            wish = _wish(session, region, QueryParams({"stadtteil": slug}))
        case ["angebot", slug]:
            return _offer(session, region, own.locale, slug, origin, size)
        case _:
            raise NotFoundError("This page cannot be shown elsewhere.")
    name = embedding.title(session, region, wish, own.locale)
    common = _common(region, own.locale, origin, name)
    if not request.app.state.settings.embedding_hosts:
        return {"type": "link", **common}  # a frame would stay empty
    there = origin + embedding.path(wish, own.locale)
    return {"type": "rich", **common, "html": embedding.frame(there, name, size), **_measures(size)}


def _wish(session: Session, region: Region, params: QueryParams) -> Wish:
    try:
        wish = Wish(session, region, params)
        offers.resolve(session, region, wish.query)  # an unknown topic would be a frame with a mistake in it
    except InvalidInputError as error:
        raise NotFoundError("There is no such page of ours.", error.errors) from error
    return wish


def _offer(
    session: Session, region: Region, locale: str, slug: str, origin: str, size: Size
) -> dict[str, Any]:
    """Describe an offer as a quotation: it needs no frame, and stays readable in any style."""
    try:
        offer = offers.get_by_slug(session, region, slug)
    except MovedError as moved:  # who asks for a description wants no new address to ask again
        offer = offers.get_by_slug(session, region, moved.new)
    provider = offer.organization.name if offer.organization else ""
    lines = [line for line in (provider, offer.summary) if line]
    page = origin + localized(f"/angebot/{offer.slug}", locale)
    html = (
        f'<blockquote cite="{escape(page)}"><p><a href="{escape(page)}">{escape(offer.name)}</a></p>'
        + "".join(f"<p>{escape(line)}</p>" for line in lines)
        + "</blockquote>"
    )
    common = _common(region, locale, origin, offer.name)
    return {"type": "rich", **common, "html": html, **_measures(size)}


def _measures(size: Size) -> dict[str, int | None]:
    return {"width": size.width, "height": size.height}


def _common(region: Region, locale: str, origin: str, title: str) -> dict[str, Any]:
    return {
        "version": "1.0",
        "title": title,
        "provider_name": of_region(region, locale).title,
        "provider_url": origin + localized("/", locale),
        "cache_age": SECONDS,
    }
