"""The history of one entry: who changed what, when and from where, and taking one step back."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.accounts.scope import offers_for
from api.core.deps import SessionDep
from api.core.errors import ConflictError, NotFoundError
from api.core.pages import Page
from api.curation import entries, past
from api.curation.merging_undo import pair_of_batch
from api.curation.past import Step
from api.curation.reach import offer_for, sight
from api.curation.sight import Sight
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.staff.forms import Sent
from web.staff.gate import PATH, allowed
from web.staff.queue_reading import page_number
from web.staff.queue_words import ORIGINS, actors
from web.staff.showing import onward, page

PER_PAGE: Final = 20
DONE: Final = "Das ist zurückgenommen. Auch dieser Schritt steht jetzt in der Geschichte."
KEPT: Final = (
    "Zurückgenommen, was ging. Geblieben ist, was danach geändert wurde, und Adressen, die inzwischen auch "
    "andere Angebote haben."
)
SHARED: Final = (
    "Diese Adresse haben inzwischen auch andere Angebote. Sie bleibt, wie sie ist. Findet nur dieses Angebot "
    "woanders statt, ändern Sie bitte seinen Ort."
)
NOT_NOW: Final = "Dieser Schritt lässt sich nicht mehr zurücknehmen."

Reading = Annotated[Person, Depends(allowed(Action.SEE_HISTORY))]
Undoing = Annotated[Person, Depends(allowed(Action.UNDO))]
router = APIRouter(prefix=f"{PATH}/angebot/{{offer_id:int}}/geschichte")


@router.get("")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: Reading, offer_id: int
) -> Response:
    """Show what was done to an entry, the last step first."""
    about = offer_for(session, person, Action.SEE_HISTORY, offer_id)
    number = page_number(request)
    steps = past.history(session, region, offer_id, sight(person, about), number, PER_PAGE)
    here = _address(offer_id)
    said = request.query_params.get("fertig", "")
    offer = entries.entry(session, region.id, offer_id)
    return page(
        request,
        session,
        region,
        person,
        "history.html",
        offer=offer,
        public_url=f"/angebot/{offer.slug}" if offer.is_public else "",
        steps=steps,
        may_undo=person.may(Action.UNDO, about),
        who=actors(session, {step.actor for step in steps.results}),
        origins=ORIGINS,
        here=here,
        page_url=lambda wanted: f"{here}?seite={wanted}" if wanted > 1 else here,
        done={"zurueck": DONE, "teils": KEPT}.get(said, ""),
    )


@router.get("/{step_id:int}/zuruecknehmen")
def asked(
    request: Request, session: SessionDep, region: RegionDep, person: Undoing, offer_id: int, step_id: int
) -> Response:
    """Show once more what would be taken back."""
    return _ask(request, session, region, person, offer_id, step_id)


@router.post("/{step_id:int}/zuruecknehmen")
def undone(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Undoing,
    offer_id: int,
    step_id: int,
    _sent: Sent,
) -> Response:
    """Take a step back; what was changed since stays."""
    offer_for(session, person, Action.UNDO, offer_id)
    act = entries.by_form(person)
    try:
        done = past.undo_step(session, act, offer_id, step_id, offers_for(person, Action.UNDO))
    except ConflictError as error:
        session.rollback()
        words = SHARED if error.detail == past.SHARED else NOT_NOW
        return _ask(request, session, region, person, offer_id, step_id, 409, error=words)
    return onward(f"{_address(offer_id)}?fertig={'teils' if done.kept else 'zurueck'}")


def _ask(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    offer_id: int,
    step_id: int,
    status: int = 200,
    **context: str,
) -> Response:
    about = offer_for(session, person, Action.UNDO, offer_id)
    step = _step(session, region, offer_id, step_id, sight(person, about))
    values = {
        "offer": entries.entry(session, region.id, offer_id),
        "step": step,
        "who": actors(session, {step.actor}),
        "origins": ORIGINS,
        "here": _address(offer_id),
        "is_merge": step.batch_id is not None and pair_of_batch(session, step.batch_id) is not None,
    }
    return page(request, session, region, person, "history_undo.html", status, **(values | context))


def _step(session: Session, region: Region, offer_id: int, step_id: int, seen: Sight) -> Step:
    """Return one step; raise NotFoundError if the entry has no such step."""
    number, found = 1, Page[Step](total=1, results=[], page=0, per_page=PER_PAGE)
    while found.page < found.pages:
        found = past.history(session, region, offer_id, seen, number, 200)
        for step in found.results:
            if step.id == step_id:
                return step
        number += 1
    raise NotFoundError("There is no such step in this history.")


def _address(offer_id: int) -> str:
    return f"{PATH}/angebot/{offer_id}/geschichte"
