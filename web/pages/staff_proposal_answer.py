"""Answering what a resident has reported: done, with a correction if there is one, or nothing to do."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from api.accounts.policy import Action, Person
from api.accounts.scope import offers_for
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import drafts, entries, service, shared, states, viewing
from api.curation.reach import proposal_for, sight
from api.curation.sheet_fields import Changes
from api.regions.deps import RegionDep
from web.pages.staff_offer_form import check_edits
from web.pages.staff_proposal import Decider, Form, next_address, proposal_page, why
from web.staff import queue, queue_answers, queue_verdicts
from web.staff.forms import Sent
from web.staff.gate import PATH, allowed
from web.staff.showing import onward

Drafting = Annotated[Person, Depends(allowed(Action.DRAFT))]
DONE: Final = "erledigt"
NOT_DONE: Final = "nichts"
ARCHIVE: Final = "archivieren"

router = APIRouter(prefix=queue.PROPOSAL)


@router.post("/{proposal_id:int}/antworten")
def answered(
    request: Request, session: SessionDep, region: RegionDep, person: Decider, proposal_id: int, sent: Form
) -> Response:
    """Close a report or a suggestion, and lead on to what comes next."""
    about = proposal_for(session, person, Action.DECIDE, proposal_id)
    view = viewing.proposal(session, region, proposal_id, sight(person, about), person.actor)
    how = sent.get("was", "")
    # Values are decided, not answered: else they would count as accepted and stand nowhere.
    if how not in (DONE, NOT_DONE, ARCHIVE) or queue_verdicts.can_accept(view):
        raise NotFoundError
    following = next_address(request, session, region, person, proposal_id, "beantwortet")
    act = entries.by_form(person)
    mistakes: dict[str, str] = {}
    try:
        said: Changes = queue_answers.changes(view, sent) if how == DONE else {}
        if how == ARCHIVE and view.offer_id is not None:
            person.require(Action.ARCHIVE, about)
            states.archive(session, act, view.offer_id)
        if said and view.offer_id is not None:
            within = offers_for(person, Action.DECIDE)
            shared.check(session, region.id, view.offer_id, said, within)
        note = queue_verdicts.note(sent)
        service.answer(session, act, proposal_id, done=how != NOT_DONE, note=note, changes=said or None)
    except InvalidInputError as error:
        session.rollback()
        mistakes = {one.field: one.detail for one in error.errors}
        said_wrong, status = why(error), error.status
    except ConflictError as error:
        session.rollback()
        said_wrong, status = why(error), error.status
    else:
        return onward(following)
    return proposal_page(
        request,
        session,
        region,
        person,
        proposal_id,
        status,
        error=said_wrong,
        mistakes=mistakes,
        sent=sent,
    )


@router.post("/{proposal_id:int}/entwurf")
def opened(session: SessionDep, person: Drafting, proposal_id: int, _sent: Sent) -> Response:
    """Open a draft that answers what somebody without an account has said; its words stand beside it."""
    proposal_for(session, person, Action.DECIDE, proposal_id)
    act = entries.by_form(person)
    offer_id = drafts.offer_of(session, act, proposal_id)
    if offer_id is None:
        draft = drafts.new_draft(session, act, proposal_id)
    else:
        check_edits(session, person, offer_id)
        draft = drafts.open_draft(session, act, offer_id, proposal_id)
    return onward(f"{PATH}/entwurf/{draft.id}/was")
