"""Referring somebody: where there is room, whom to ask, what to bring; for professionals alone."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.languages import DEFAULT, LANGUAGES
from api.curation import professionals, reach
from api.offers import service as offers
from api.regions.deps import RegionDep
from api.search.deps import ShelvesDep
from api.watching import marks
from web import hours
from web.pages.offers import numbered
from web.staff import refer
from web.staff.form_hours import today
from web.staff.gate import allowed
from web.staff.refer import REFER
from web.staff.showing import page

router = APIRouter(prefix=REFER)
Reading = Annotated[Person, Depends(allowed(Action.READ_PROFESSIONAL_CONTACTS))]


@router.get("")
def listed(
    request: Request, session: SessionDep, region: RegionDep, person: Reading, shelves: ShelvesDep
) -> Response:
    """Show the offers that the address asks for, with waiting time, room and whom to ask."""
    found = refer.find(request, session, region, person, shelves)
    cards = numbered([offer for offer, _shown in found.entries], None)
    return page(
        request,
        session,
        region,
        person,
        "refer.html",
        422 if found.error else 200,
        entries=[(card, shown) for card, (_offer, shown) in zip(cards, found.entries, strict=True)],
        page={"total": found.total, "page": found.page, "pages": found.pages},
        page_url=found.address,
        filters=found.form,
        q=found.wish.query.q,
        only_room=found.only_room,
        watch=found.wish.address(seite=None),
        has_more=any(choice.key in refer.MORE for choice in found.wish.choices),
        is_asked=bool(found.wish.choices or found.only_room),
        error=found.error,
    )


@router.get("/{offer_id:int}")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: Reading, offer_id: int
) -> Response:
    """Show one offer: what everybody reads, and how somebody is referred to it."""
    about = reach.offer_for(session, person, Action.READ_PROFESSIONAL_CONTACTS, offer_id)
    offer = offers.get(session, region, offer_id)
    known = refer.shown(professionals.read(session, person, [offer_id])[offer_id], today(region))
    return page(
        request,
        session,
        region,
        person,
        "refer_one.html",
        offer=offer,
        known=known,
        spoken=refer.papers_in(known.papers, request.query_params.get("sprache", "")),
        tongues=[(code, one) for code, one in LANGUAGES.items() if code != DEFAULT],
        hours=hours.places_of(session, region, offer, DEFAULT),
        dates=hours.next_dates(session, region, offer, DEFAULT),
        calendar_url=f"/api/v1/offers/{offer.id}/calendar.ics",
        may_draft=person.may(Action.DRAFT, about),
        is_watched=bool(marks.watched(session, person, [offer_id])),
    )
