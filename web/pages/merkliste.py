"""The Merkliste: the offers that the address names, as a page, a calendar and a map to take along.

Which offers somebody keeps is nobody's business: no answer is remembered anywhere, and none of it is logged.
"""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api.core import clock
from api.core.deps import SessionDep
from api.offers import feeds
from api.offers.addresses import address as address_in_calendars
from api.regions.deps import RegionDep
from api.regions.models import Region
from web import merkliste
from web.language import localized, translations
from web.merkliste import Found, NoListError
from web.qr import qr
from web.rendering import address, locale_of, render
from web.takeaway import Carried, takeaway_list
from web.words import _

router = APIRouter()  # without the tags that others have: an answer with a tag is remembered

PAGE: Final = "/merkliste"
PRIVATE: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@router.get(PAGE)
def shown(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
    """Show the offers that the address names in their order; with teil=liste only the list itself."""
    is_asked = bool(_said(request).strip(", "))
    is_part = request.query_params.get("teil") == "liste"
    context: dict[str, Any] = {"is_asked": is_asked, "mistake": None}
    status = 200
    try:
        found = _found(request, session, region)
    except NoListError as error:
        found, status = Found([], 0), 422
        context["mistake"] = translations(locale_of(request)).gettext(str(error))
    context |= _of_list(request, session, region, found)
    template = "merkliste_liste.html" if is_part else "merkliste.html"
    page = render(request, session, region, template, **context)
    page.status_code = status
    page.headers.update(PRIVATE)
    return page


@router.get(f"{PAGE}.ics")
def calendar(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Download the next dates of these offers."""

    def content(found: Found) -> bytes:
        name = translations(locale_of(request)).gettext(_("Merkliste"))
        where = address_in_calendars(request, region)
        return feeds.to_keep(session, region, f"{name} {region.name}", found.offers, where).content

    return _download(request, session, region, content, "text/calendar", "merkliste.ics")


@router.get(f"{PAGE}/karte")
def taken_along(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Download these offers as one file with a map, that works without internet."""

    def content(found: Found) -> str:
        locale = locale_of(request)
        title = translations(locale).gettext(_("Merkliste"))
        carried = Carried(title, list(enumerate(found.offers, start=1)), len(found.offers))
        return takeaway_list(session, region, carried, locale, _link(request, region, found))

    return _download(request, session, region, content, "text/html; charset=utf-8", "merkliste.html")


def _found(request: Request, session: SessionDep, region: RegionDep) -> Found:
    return merkliste.look_up(session, region, merkliste.numbers(_said(request)))


def _said(request: Request) -> str:
    return ",".join(request.query_params.getlist("o"))


def _of_list(request: Request, session: SessionDep, region: RegionDep, found: Found) -> dict[str, Any]:
    locale = locale_of(request)
    here, query = localized(PAGE, locale), urlencode({"o": found.numbers}, safe=",")
    link = _link(request, region, found)
    pages = address(request, region).rstrip("/") + localized("/angebot/", locale)
    entries = merkliste.entries(session, region, found.offers, locale, pages)
    return {
        "entries": entries,
        "was": found.was,
        "gone": found.gone,
        "link": link,
        "qr": qr(link) if entries else "",
        "calendar_url": f"{here}.ics?{query}" if any(entry["date"] for entry in entries) else None,
        "map_url": f"{here}/karte?{query}",
        "today": clock.today(region.timezone),
    }


def _link(request: Request, region: RegionDep, found: Found) -> str:
    """Return the link to send around; what stands behind # stays in the browser."""
    page = address(request, region).rstrip("/") + localized(PAGE, locale_of(request))
    return f"{page}#o={found.numbers}"


def _download(
    request: Request,
    session: Session,
    region: Region,
    content: Callable[[Found], bytes | str],
    media_type: str,
    name: str,
) -> Response:
    """Return a file about the offers asked for, or the page that says what is wrong with the question."""
    try:
        found = _found(request, session, region)
    except NoListError:
        return shown(request, session, region)
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content(found), media_type=media_type, headers=PRIVATE | named)
