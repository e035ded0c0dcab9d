"""Saying that an entry stands there twice, which no comparison has found, and that a row of a list is one."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError
from api.curation import duplicates, duplicates_listing, entries, reach, service, viewing
from api.curation.duplicates_listing import Wanted
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.pages.staff_duplicates import Merging
from web.pages.staff_offers import STATES
from web.pages.staff_proposal import Decider, proposal_page, why
from web.staff import duplicates_link, queue, queue_verdicts
from web.staff.duplicates import Here, address
from web.staff.duplicates_link import by_name, can_link, number, plain
from web.staff.forms import Sent
from web.staff.gate import PATH
from web.staff.queue_reading import following
from web.staff.showing import onward, page

ONE_ALREADY: Final = "Diese beiden sind schon ein Eintrag."
_MOST: Final = 20

router = APIRouter(prefix=PATH)


@router.get("/angebot/{offer_id:int}/doppelt")
def looked_for(
    request: Request, session: SessionDep, region: RegionDep, person: Merging, offer_id: int
) -> Response:
    """Look for the entry that is the same."""
    return _search(request, session, region, person, offer_id)


@router.post("/angebot/{offer_id:int}/doppelt")
def named(
    request: Request, session: SessionDep, region: RegionDep, person: Merging, offer_id: int, sent: Sent
) -> Response:
    """Say which entry is the same, and lead to where they are compared."""
    other_id = number(sent.get("anderes", ""))
    for one in (offer_id, other_id):
        reach.offer_for(session, person, Action.MERGE, one)
    try:
        pair_id = duplicates.name_pair(session, entries.by_form(person), offer_id, other_id)
    except ConflictError:
        session.rollback()
        return _search(request, session, region, person, offer_id, 409, error=ONE_ALREADY)
    return onward(Here(request, session, region, person).url(address(pair_id), fertig="genannt"))


@router.get("/vorschlag/{proposal_id:int}/angebot")
def compared(
    request: Request, session: SessionDep, region: RegionDep, person: Decider, proposal_id: int
) -> Response:
    """Look for the offer that a row of a list is."""
    about = reach.proposal_for(session, person, Action.DECIDE, proposal_id)
    view = viewing.proposal(session, region, proposal_id, reach.sight(person, about), person.actor)
    here = f"{queue.PROPOSAL}/{proposal_id}"
    if not can_link(view):
        return onward(here)
    said = plain(request.query_params.get("q", ""))
    found, is_more = by_name(session, person, said, Action.DECIDE)
    return page(
        request,
        session,
        region,
        person,
        "duplicate_link.html",
        view=view,
        at=here,
        query=Here(request, session, region, person).back,
        link_more=duplicates_link.kept(request),
        said=said,
        found=found,
        is_more=is_more,
        likely=duplicates_link.named(session, person, view),
        states=STATES,
    )


@router.post("/vorschlag/{proposal_id:int}/verbinden")
def linked(
    request: Request, session: SessionDep, region: RegionDep, person: Decider, proposal_id: int, sent: Sent
) -> Response:
    """Say that a row of a list is an offer that is there; lead on to what comes next."""
    reach.proposal_for(session, person, Action.DECIDE, proposal_id)
    offer_id = number(sent.get("angebot", ""))
    reach.offer_for(session, person, Action.DECIDE, offer_id)
    at_place = number(sent["ort"]) if sent.get("ort") else None
    here = f"{queue.PROPOSAL}/{proposal_id}"
    next_url = following(request, session, region, person, here, "verbunden")
    act, note = entries.by_form(person), queue_verdicts.note(sent)
    try:
        service.link(session, act, proposal_id, offer_id, at_place, note)
    except ConflictError as error:
        session.rollback()
        return proposal_page(request, session, region, person, proposal_id, error.status, error=why(error))
    return onward(next_url)


def _search(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    offer_id: int,
    status: int = 200,
    **more: Any,  # noqa: ANN401
) -> Response:
    reach.offer_for(session, person, Action.MERGE, offer_id)
    here = Here(request, session, region, person)
    said = plain(request.query_params.get("q", ""))
    found, is_more = by_name(session, person, said, Action.MERGE, offer_id)
    wanted = Wanted(offer_id=offer_id, reach=here.mine)
    waiting = duplicates_listing.pairs(session, region, wanted, 1, _MOST).results
    context: dict[str, Any] = {
        "entry": entries.entry(session, region.id, offer_id),
        "at": f"{PATH}/angebot/{offer_id}/doppelt",
        "said": said,
        "found": found,
        "is_more": is_more,
        "waiting": [(line, line.other if line.one.id == offer_id else line.one) for line in waiting],
        "pair_url": lambda line: address(line.id),
        "states": STATES,
    }
    return page(request, session, region, person, "duplicate_name.html", status, **(context | more))
