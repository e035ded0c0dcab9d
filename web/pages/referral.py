"""A list behind its link: as a page, a sheet, a calendar and a map; and how it is deleted.

Whoever has the link may do all of it, and nobody else: the code in the address is the only key, and no page
of somebody else can know it. So forms here need no other proof of where they come from. They could not give
it, either: these pages name themselves to nobody, not even to us (browsers then send "Origin: null").
"""

from collections.abc import AsyncIterator
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from api.core.deps import SessionDep
from api.core.languages import LANGUAGES
from api.offers import feeds
from api.offers.addresses import address as address_in_calendars
from api.offers.schemas import OfferSummary
from api.plans.turns import Turns
from api.referrals import service as referrals
from api.referrals.schemas import Opened
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.language import localized, translations
from web.qr import qr
from web.referrals import sheet, showing
from web.referrals.opening import PRIVATE, nothing, opened, private
from web.referrals.showing import PAGE
from web.rendering import locale_of
from web.takeaway import Carried, takeaway_list
from web.uptake import Event, note
from web.words import _

router = APIRouter()  # without tags: an answer with a tag is remembered

DELETED: Final = f"{PAGE}/geloescht"
LIST: Final = f"{PAGE}/{{code}}"


async def turn(request: Request) -> AsyncIterator[None]:
    """Wait among all who ask for sheets, without a thread or a connection: a sheet takes a second or two."""
    turns: Turns = request.app.state.sheets
    async with turns.held():
        yield


@router.get(DELETED)
def deleted(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Say that a list is gone."""
    return private(request, session, region, "deleted.html")


@router.get(f"{LIST}.pdf", dependencies=[Depends(turn, scope="function")])
def paper(request: Request, session: SessionDep, region: RegionDep, code: str) -> Response:
    """Return the list as a sheet to print."""
    found = opened(request, session, region, code)
    if found is None:
        return nothing(request, session, region)
    content = sheet.pdf(request, session, region, found, code)
    return _file(content, "application/pdf", 'inline; filename="liste.pdf"')


@router.get(f"{LIST}.ics")
def calendar(request: Request, session: SessionDep, region: RegionDep, code: str) -> Response:
    """Download the next dates of the list."""
    found = opened(request, session, region, code)
    if found is None:
        return nothing(request, session, region)
    name = translations(locale_of(request)).gettext(_("Ihre Liste"))
    where = address_in_calendars(request, region)
    content = feeds.to_keep(session, region, f"{name} · {region.name}", _each_once(found), where).content
    return _file(content, "text/calendar", 'attachment; filename="liste.ics"')


@router.get(f"{LIST}/karte")
def taken_along(request: Request, session: SessionDep, region: RegionDep, code: str) -> Response:
    """Download the list as one file with a map, that works without internet."""
    found = opened(request, session, region, code)
    if found is None:
        return nothing(request, session, region)
    locale = locale_of(request)
    shown = showing.entries(request, session, region, found, locale)
    carried = Carried(
        translations(locale).gettext(_("Ihre Liste")),
        [(entry["number"], entry["offer"]) for entry in shown if not entry["is_gone"]],
        len(found.offers),
        showing.lines_of(shown, locale),
        [(entry["number"], entry["standing"]) for entry in shown if entry["is_gone"]],
    )
    link = showing.address_of(request, region, code, locale).link
    content = takeaway_list(session, region, carried, locale, link)
    return _file(content, "text/html; charset=utf-8", 'attachment; filename="liste.html"')


@router.get(f"{LIST}/loeschen")
def ask(request: Request, session: SessionDep, region: RegionDep, code: str) -> Response:
    """Ask once whether the list shall go."""
    if opened(request, session, region, code) is None:
        return nothing(request, session, region)
    here = localized(f"{PAGE}/{code}", locale_of(request))
    return private(request, session, region, "delete.html", here=here)


@router.post(f"{LIST}/loeschen")
def drop(request: Request, session: SessionDep, region: RegionDep, code: str) -> Response:
    """Delete the list, and lead to another page."""
    if opened(request, session, region, code) is None:
        return nothing(request, session, region)
    referrals.drop(session, region, code)
    return RedirectResponse(localized(DELETED, locale_of(request)), status_code=303, headers=PRIVATE)


@router.get(LIST)
def shown(request: Request, session: SessionDep, region: RegionDep, code: str) -> Response:
    """Show the list; with fuer=tr to whoever has just made it for somebody who reads Turkish."""
    found = opened(request, session, region, code)
    if found is None:
        return nothing(request, session, region)
    return _page(request, session, region, found, code)


def _page(request: Request, session: Session, region: Region, found: Opened, code: str) -> Response:
    locale = locale_of(request)
    said = request.query_params.get("fuer", "")
    reader = said if said in LANGUAGES else locale
    context = showing.context(request, session, region, found, code, locale)
    there = showing.address_of(request, region, code, reader)
    context |= {
        "link": there.link,
        "qr": qr(there.link),
        "reading": there.path,
        "for_language": LANGUAGES[reader],
        "is_new": said in LANGUAGES,
        "has_dates": any(entry["date"] for entry in context["entries"]),
    }
    page = private(request, session, region, "list.html", **context)
    if not context["is_new"]:
        note(page, Event.HANDED_OVER, [offer.id for offer in found.offers])
    return page


def _each_once(found: Opened) -> list[OfferSummary]:
    """Return the offers with all places that any of their entries means: a calendar knows each offer once."""
    by_id: dict[int, OfferSummary] = {}
    for offer in found.offers:
        known = by_id.get(offer.id)
        more = [place for place in offer.places if known is None or place not in known.places]
        places = [*(known.places if known else ()), *more]
        by_id[offer.id] = offer.model_copy(update={"places": places})
    return list(by_id.values())


def _file(content: bytes | str, media_type: str, disposition: str) -> Response:
    return Response(content, media_type=media_type, headers={**PRIVATE, "Content-Disposition": disposition})
