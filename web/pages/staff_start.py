"""The first page of staff: who is in, and what that person may do here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.accounts.policy import Action, Person
from api.chains import service as chains
from api.core.deps import SessionDep
from api.regions.deps import RegionDep
from web.staff import queue, scopes
from web.staff.gate import PATH, allowed
from web.staff.refer import REFER
from web.staff.showing import page
from web.staff.words import ACTIONS

router = APIRouter(prefix=PATH)


@router.get("")
def shown(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.MANAGE_OWN_ACCOUNT))],
) -> Response:
    """Greet, and say what the person may do."""
    roles = [scopes.said(session, grant) for grant in person.grants]
    actions = [words for action, words in ACTIONS.items() if person.may(action)]
    today = queue.today(queue.Reader(session, region, person))
    refers = person.may(Action.READ_PROFESSIONAL_CONTACTS)
    return page(
        request, session, region, person, "start.html",
        roles=roles, actions=actions, today=today, queue_url=queue.QUEUE, refer_url=REFER if refers else "",
        has_chains=refers and bool(chains.every(session, region)),
    )  # fmt: skip
