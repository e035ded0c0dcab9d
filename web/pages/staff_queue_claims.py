"""„Ich kümmere mich“: a note for the others that somebody is at something of the queue."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError
from api.curation import claims
from api.regions.deps import RegionDep
from web.staff import queue_claims
from web.staff.forms import Sent
from web.staff.gate import allowed, way_back
from web.staff.showing import onward

router = APIRouter(prefix=queue_claims.CLAIM)


@router.post("")
def said(
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.SEE_QUEUE))],
    sent: Sent,
) -> Response:
    """Look after something, or no longer; lead back to where it was said."""
    thing = queue_claims.thing_named(sent.get("um", ""))
    queue_claims.check(session, region, person, thing)
    back = way_back(sent.get("zurueck", ""))
    if sent.get("tun") == "nein":
        claims.release(session, person, thing)
        return onward(f"{back}#{queue_claims.key(thing)}")
    shown = sent.get("statt", "")
    instead_of = int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 19 else None  # noqa: PLR2004
    try:
        claims.take(session, person, thing, instead_of)
    except ConflictError:
        return onward(f"{back}{'&' if '?' in back else '?'}fertig=schneller")
    return onward(f"{back}#{queue_claims.key(thing)}")
