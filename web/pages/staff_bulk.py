"""Several decisions at once: a preview of each, what came of it, and taking all of it back."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError, NotAllowedError, NotFoundError
from api.curation import bulk, entries, reach
from api.curation.bulk import Did
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.sending.reading import Fields
from web.staff import queue, queue_bulk
from web.staff.forms import Sent, form
from web.staff.gate import allowed
from web.staff.queue_reading import asked
from web.staff.queue_words import ABOUT_DEEDS, ASKED, DEEDS, DID, WHY, actors
from web.staff.showing import onward, page

ReaderOf = Annotated[Person, Depends(allowed(Action.SEE_QUEUE))]
Form = Annotated[Fields, Depends(form(50_000, 200))]
NOTHING: Final = "Sie haben noch nichts ausgewählt. Bitte kreuzen Sie in der Liste etwas an."
NOTHING_LEFT: Final = "Davon lässt sich jetzt nichts mehr tun. Bitte sehen Sie noch einmal nach."
TOO_LATE: Final = "Das ist schon zurückgenommen."
DONE: Final = {
    "zurueck": "Das ist alles zurückgenommen. Die Aufgaben warten wieder.",
    "teils": "Zurückgenommen, was ging. Was danach geändert wurde, ist so geblieben.",
}

router = APIRouter(prefix=queue_bulk.BULK)


@router.get("")
def previewed(request: Request, session: SessionDep, region: RegionDep, person: ReaderOf) -> Response:
    """Show what would happen to everything that was chosen."""
    did = _deed(request, session, region, person)
    chosen = queue_bulk.numbers(request.query_params.getlist(queue_bulk.CHOSEN))
    error, status = ("", 200) if chosen else (NOTHING, 422)
    return _preview(request, session, region, person, did, chosen, status, error=error)


@router.post("")
def done(request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, sent: Form) -> Response:
    """Do it, as far as it can be done, and show what came of it."""
    did = _deed(request, session, region, person)
    reader, task = asked(request, session, region, person)
    wishes = queue_bulk.wishes(reader, did, sent)
    if not wishes:
        return _preview(request, session, region, person, did, [], 422, error=NOTHING_LEFT)
    batch_id = bulk.do(session, entries.by_form(person), wishes)
    slug = task.slug if task else ""
    return onward(queue.address(slug, reader, path=f"{queue_bulk.BULK}/{batch_id}"))


@router.get("/{batch_id:int}")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, batch_id: int
) -> Response:
    """Show what came of it."""
    said = DONE.get(request.query_params.get("fertig", ""), "")
    return _result(request, session, region, person, batch_id, done=said)


@router.post("/{batch_id:int}/zuruecknehmen")
def undone(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, batch_id: int, _sent: Sent
) -> Response:
    """Take all of it back; what was changed since stays."""
    reader, task = asked(request, session, region, person)
    found = _found(session, region, batch_id)
    queue_bulk.check_reach(reader, found)
    if found.undone_at is None and not queue_bulk.may_undo(reader, found):
        raise NotAllowedError
    try:
        taken_back = bulk.undo(session, entries.by_form(person), batch_id)
    except ConflictError:
        session.rollback()
        return _result(request, session, region, person, batch_id, 409, error=TOO_LATE)
    slug, word = task.slug if task else "", "teils" if taken_back.kept else "zurueck"
    return onward(queue.address(slug, reader, path=f"{queue_bulk.BULK}/{batch_id}", fertig=word))


def _deed(request: Request, session: Session, region: Region, person: Person) -> Did:
    """Return what is to be done, if this kind of work knows it."""
    _reader, task = asked(request, session, region, person)
    said = request.query_params.get("tun", "")
    if task is None or said not in set(task.deeds):
        raise NotFoundError("There is no such deed.")
    return Did(said)


def _found(session: Session, region: Region, batch_id: int) -> bulk.Result:
    if batch_id > reach.HIGHEST:
        raise NotFoundError("Nothing was decided here.")
    return bulk.result(session, region.id, batch_id)


def _preview(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    did: Did,
    chosen: list[int],
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    reader, task = asked(request, session, region, person)
    assert task is not None
    plans = queue_bulk.plans(reader, did, chosen)
    values: dict[str, Any] = {
        "did": did.value,
        "deed": DEEDS[did],
        "title": ASKED[did],
        "about": ABOUT_DEEDS[did],
        "can": [plan for plan in plans if not plan.why_not],
        "cannot": [plan for plan in plans if plan.why_not],
        "gone": len(chosen) - len(plans),
        "queue_url": queue.address(task.slug, reader),
        "here": queue.address(task.slug, reader, path=queue_bulk.BULK, tun=did.value),
        "query": queue.address(task.slug, reader, path=""),
    }
    return page(request, session, region, person, "bulk.html", status, **(values | context))


def _result(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    batch_id: int,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    reader, task = asked(request, session, region, person)
    found = _found(session, region, batch_id)
    queue_bulk.check_reach(reader, found)
    slug = task.slug if task else ""
    values: dict[str, Any] = {
        "found": found,
        "done_rows": [row for row in found.rows if row.why is None],
        "left_rows": [row for row in found.rows if row.why is not None],
        "did_words": DID,
        "why_words": WHY,
        "path_of": queue_bulk.path_of,
        "may_undo": queue_bulk.may_undo(reader, found),
        "who": actors(session, {found.actor}),
        "here": f"{queue_bulk.BULK}/{batch_id}",
        "query": queue.address(slug, reader, path=""),
        "queue_url": queue.address(slug, reader),
    }
    return page(request, session, region, person, "bulk_done.html", status, **(values | context))
