"""What people do with an offer, as far as it is counted: a tap on a number or a way, an answer on a list.

Nothing that is sent here says who it is. What is kept is a number, or one question for the coordination.
"""

from contextlib import suppress
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api.core.deps import SessionDep
from api.core.errors import FieldError, InvalidInputError, NotFoundError, TooManyError
from api.curation import public
from api.regions.deps import RegionDep
from api.uptake.counting import Counter, Event
from web.language import localized
from web.referrals.opening import PRIVATE, check_seen, nothing, opened, private
from web.referrals.showing import PAGE
from web.rendering import locale_of
from web.sending.networks import network
from web.sending.reading import Fields, check_origin, fields
from web.uptake import is_counted

TAPPED: Final = "/zaehlen"
ANSWERS: Final = (
    Event.HELPED,
    Event.FULL,
    Event.NOT_RESPONSIBLE,
    Event.WRONG_DETAILS,
    Event.NOT_GONE,
)
# What somebody should look at; there is never more than one open question of a kind about an offer.
ASKED: Final = {Event.FULL: public.About.FULL, Event.WRONG_DETAILS: public.About.DETAILS}
_DIGITS: Final = 18

router = APIRouter()  # without tags: an answer with a tag is remembered


async def tapping(request: Request) -> None:  # waits for nothing, so it needs no thread
    """Let pass what our own pages send, and not by the hundred."""
    check_origin(request)
    request.app.state.taps.take(network(request))


async def answering(request: Request) -> None:  # waits for nothing, so it needs no thread
    """Let nobody answer by the hundred; that the code is known is proof enough, see web/pages/referral.py."""
    check_seen(request)
    request.app.state.throttle.take(network(request))


Sent = Annotated[Fields, Depends(fields)]


@router.post(TAPPED, dependencies=[Depends(tapping)])
async def tapped(request: Request, sent: Sent) -> Response:  # only memory: no thread, no database
    """Count that the number or the way of an offer was tapped on (js/uptake.js)."""
    offer_id = _number(sent.get("angebot", ""))
    if offer_id and is_counted(request.scope):
        counter: Counter = request.app.state.uptake
        counter.count(Event.ROUTED, [offer_id])
    return Response(status_code=204, headers=PRIVATE)


@router.post(f"{PAGE}/{{code}}/antwort", dependencies=[Depends(answering)])
def answered(request: Request, session: SessionDep, region: RegionDep, code: str, sent: Sent) -> Response:
    """Count how it went with an entry of a list; if it was full or wrong, ask the coordination to look."""
    found = opened(request, session, region, code)
    if found is None:
        return nothing(request, session, region)
    position = _number(sent.get("position", ""))
    offer = next((entry.offer for entry in found.entries if entry.number == position), None)
    if offer is None:
        raise NotFoundError("There is no such entry.")
    said = sent.get("antwort", "")
    if said not in set(ANSWERS):
        raise InvalidInputError(errors=[FieldError("antwort", "is not one of the answers")])
    event = Event(said)
    counter: Counter = request.app.state.uptake
    if is_counted(request.scope):
        counter.count(event, [offer.id])
    if event in ASKED:  # said on purpose, and about the offer alone
        with suppress(TooManyError):  # so much waits already that one more would not be read sooner
            public.report(session, region, offer.id, ASKED[event], "")
    here = localized(f"{PAGE}/{code}/danke", locale_of(request))
    return RedirectResponse(here, status_code=303, headers=PRIVATE)


@router.get(f"{PAGE}/{{code}}/danke")
def thanks(request: Request, session: SessionDep, region: RegionDep, code: str) -> Response:
    """Say thanks for an answer, and lead back to the list."""
    if opened(request, session, region, code) is None:
        return nothing(request, session, region)
    here = localized(f"{PAGE}/{code}", locale_of(request))
    return private(request, session, region, "thanks.html", here=here)


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else 0
