"""How an entry would look with a proposal: the public page, shown to one person and kept nowhere."""

from fastapi import APIRouter, Request, Response

from api.accounts.policy import Action
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError
from api.core.languages import LANGUAGES
from api.curation import entries, previewing, reach
from api.offers import service as offers
from api.regions.deps import RegionDep
from web import hours
from web.help import urgent, way_out
from web.pages.staff_proposal import ReaderOf, proposal_page, why
from web.rendering import render
from web.staff import queue
from web.staff.showing import HEADERS

router = APIRouter(prefix=queue.PROPOSAL)


@router.get("/{proposal_id:int}/vorschau")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, proposal_id: int
) -> Response:
    """Show the page of the offer as residents would see it."""
    reach.proposal_for(session, person, Action.SEE_QUEUE, proposal_id)
    reach.check_hidden_of(session, person, proposal_id)
    act = entries.by_form(person)
    try:
        with previewing.of_proposal(session, act, proposal_id) as slug:
            offer = offers.get_by_slug(session, region, slug)
            answer = render(
                request,
                session,
                region,
                "staff/proposal_preview.html",
                offer=offer,
                hours=hours.places_of(session, region, offer, "de"),
                calendar_url="#termine",
                dates=hours.next_dates(session, region, offer, "de"),
                structured=None,
                urgent=urgent(session, region, [topic.slug for topic in offer.topics]),
                quick_exit=way_out(region),
                locales=[("de", LANGUAGES["de"], request.url.path)],
                back=f"{queue.PROPOSAL}/{proposal_id}",
                query=f"?{request.url.query}" if request.url.query else "",
            )
    except (ConflictError, InvalidInputError) as error:
        session.rollback()
        return proposal_page(request, session, region, person, proposal_id, error.status, error=why(error))
    answer.headers.update(HEADERS)
    return answer
