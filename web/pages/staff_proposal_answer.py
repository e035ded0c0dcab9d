"""Answering what a resident has reported: done, with a correction if there is one, or nothing to do."""

from typing import Final

from fastapi import APIRouter, Request, Response

from api.accounts.policy import Action
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import entries, service, states, viewing
from api.curation.reach import proposal_for, sight
from api.curation.sheet_fields import Changes
from api.regions.deps import RegionDep
from web.pages.staff_proposal import Decider, Form, next_address, proposal_page, why
from web.staff import queue, queue_answers, queue_verdicts
from web.staff.showing import onward

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
