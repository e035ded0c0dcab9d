"""Putting a list together for somebody else: from offers that a page sends to the link that is handed on.

What pages send is said in web/referrals/drafting.py; a plan and the Merkliste send the same fields to /liste.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from api.core.deps import SessionDep
from api.core.languages import LANGUAGES
from api.referrals import service as referrals
from api.referrals.models import MOST_ENTRIES
from api.regions.deps import RegionDep
from api.regions.models import Region
from web import uptake_lists
from web.language import localized, translations
from web.referrals import drafting
from web.referrals.drafting import Draft, Pairs
from web.referrals.opening import PRIVATE
from web.referrals.showing import PAGE
from web.referrals.words import NOTES
from web.rendering import locale_of, render
from web.sending.networks import network
from web.sending.reading import check_origin, read_pairs

MAKE: Final = f"{PAGE}/neu"
# A form of this page says where it comes from, so that nobody else's can send it (check_origin).
HEADERS: Final = {name: value for name, value in PRIVATE.items() if name != "Referrer-Policy"}


async def not_by_the_hundred(request: Request) -> None:  # waits for nothing, so it needs no thread
    """Let nobody fill the database with lists; what others' pages send counts for nobody."""
    check_origin(request)
    request.app.state.throttle.take(network(request))


async def pairs(request: Request) -> Pairs:
    """Return the fields of a draft; refuse what a page of somebody else sends."""
    check_origin(request)
    return await read_pairs(request, drafting.MOST_BYTES, drafting.MOST_FIELDS)


Sent = Annotated[Pairs, Depends(pairs)]

router = APIRouter()


@router.get(PAGE)
@router.get(MAKE)
def start(request: Request) -> RedirectResponse:
    """Lead to the Merkliste, where lists begin: a draft is in no address."""
    return RedirectResponse(localized("/merkliste", locale_of(request)), status_code=303, headers=PRIVATE)


@router.post(PAGE)
def draft(request: Request, session: SessionDep, region: RegionDep, sent: Sent) -> Response:
    """Show the list as it is now: order, notes, language."""
    return _draft(request, session, region, drafting.read(sent, locale_of(request)), sent)


@router.post(MAKE, dependencies=[Depends(not_by_the_hundred)])
def made(request: Request, session: SessionDep, region: RegionDep, sent: Sent) -> Response:
    """Keep the list and lead to it; its code is said this once."""
    wanted = drafting.read(sent, locale_of(request))
    kept = referrals.public(session, region, wanted.entries)
    if not kept:
        return _draft(request, session, region, wanted, sent)
    code = referrals.create(session, region, wanted.entries)
    uptake_lists.count(request, session, region, [offer.id for _one, offer in kept], sent)
    address = localized(f"{PAGE}/{code}", locale_of(request))
    return RedirectResponse(f"{address}?fuer={wanted.locale}#fertig", status_code=303, headers=PRIVATE)


def _draft(request: Request, session: Session, region: Region, wanted: Draft, sent: Pairs) -> Response:
    locale = locale_of(request)
    say = translations(locale).gettext
    entries: list[dict[str, Any]] = [
        {"said": drafting.said(one), "number": number, "offer": offer, "notes": one.notes}
        for number, (one, offer) in enumerate(referrals.public(session, region, wanted.entries), start=1)
    ]
    page = render(
        request,
        session,
        region,
        "referral/draft.html",
        entries=entries,
        notes=[(note.value, say(text)) for note, text in NOTES.items()],
        left_out=wanted.left_out,
        most=MOST_ENTRIES,
        languages=list(LANGUAGES.items()),
        chosen=wanted.locale,
        days=request.app.state.settings.referral_days,
        # What was sent would not be sent again: this page has no address in other languages.
        locales=[(locale, LANGUAGES[locale], localized(PAGE, locale))],
        **uptake_lists.choice(request, session, region, sent),
    )
    page.headers.update(HEADERS)
    return page
