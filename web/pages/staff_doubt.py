"""One doubt: what is odd, what stands in the entry, and three ways to answer."""

from typing import Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import scope
from api.accounts.policy import Action, Person, Subject
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from api.curation import drafts, entries, eyes, labels, reach
from api.curation.claims import About
from api.curation.sheet import of_offer
from api.curation.sheet_fields import Sheet, value_at
from api.curation.sight import Sight, masked_changes, masked_sheet
from api.doubts import service, taking
from api.doubts.listing import Line
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.staff import queue, queue_claims, queue_doubts
from web.staff.form_steps import step_of
from web.staff.forms import Sent
from web.staff.gate import PATH, allowed
from web.staff.queue_reading import asked, done_said, following, taken_back
from web.staff.queue_words import CHANGED, actors, refusal
from web.staff.showing import onward, page

ReaderOf = Annotated[Person, Depends(allowed(Action.SEE_QUEUE))]
NOT_SO: Final = "So lässt sich das nicht übernehmen. Bitte ändern Sie es selbst."

router = APIRouter(prefix=queue_doubts.DOUBT)


class Value(NamedTuple):
    """A field in words: what stands there, and what is proposed, if anything is."""

    label: str
    now: str
    proposed: str


class Here(NamedTuple):
    """A doubt that somebody has in the queue, and where its offer lies."""

    line: Line
    about: Subject


@router.get("/{doubt_id:int}")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, doubt_id: int
) -> Response:
    """Show a doubt beside what stands in the entry."""
    return _page(request, session, region, person, doubt_id, done=done_said(request))


@router.post("/{doubt_id:int}/stimmt")
def dismissed(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, doubt_id: int, sent: Sent
) -> Response:
    """Say that it is right so, until the value changes."""
    here = _here(session, region, person, doubt_id, Action.CONFIRM)
    following_url = _onward(request, session, region, person, here, "stimmt", war=str(doubt_id))
    note = sent.get("notiz", "").strip()[:1000]
    try:
        service.dismiss(session, entries.by_form(person), doubt_id, sent.get("gesehen", ""), note)
    except ConflictError:
        return _page(request, session, region, person, doubt_id, 409, error=CHANGED)
    return onward(following_url)


@router.post("/{doubt_id:int}/wieder")
def asked_again(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, doubt_id: int, _sent: Sent
) -> Response:
    """Take back that it is right so."""
    _here(session, region, person, doubt_id, Action.CONFIRM)
    try:
        service.ask_again(session, entries.by_form(person), doubt_id)
    except ConflictError:
        return _page(request, session, region, person, doubt_id, 409, error=CHANGED)
    reader, task = asked(request, session, region, person)
    slug = task.slug if task else ""
    return onward(queue.address(slug, reader, path=f"{queue_doubts.DOUBT}/{doubt_id}", fertig="wieder"))


@router.post("/{doubt_id:int}/uebernehmen")
def taken(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, doubt_id: int, sent: Sent
) -> Response:
    """Take the proposed value over: at once for who may publish here, else others decide."""
    here = _here(session, region, person, doubt_id, Action.PROPOSE)
    act, seen = entries.by_form(person), sent.get("gesehen", "")
    within = scope.offers_for(person, Action.PUBLISH)
    is_shared = taking.is_of_others(session, act, here.line, within)
    at_once = _at_once(session, region, person, here.about) and not is_shared
    following_url = _onward(
        request, session, region, person, here, "uebernommen" if at_once else "vorgeschlagen"
    )
    try:
        if at_once:
            taking.publish(session, act, doubt_id, seen)
        else:
            taking.suggest(session, act, doubt_id, seen)
    except ConflictError as error:
        session.rollback()
        return _page(request, session, region, person, doubt_id, 409, error=refusal(error))
    except InvalidInputError:
        session.rollback()
        return _page(request, session, region, person, doubt_id, 422, error=NOT_SO)
    return onward(following_url)


@router.post("/{doubt_id:int}/aendern")
def edited(session: SessionDep, region: RegionDep, person: ReaderOf, doubt_id: int, _sent: Sent) -> Response:
    """Open the form for the offer where the field stands."""
    here = _here(session, region, person, doubt_id, Action.DRAFT)
    reach.check_hidden(session, person, here.line.offer_id)
    draft = drafts.open_draft(session, entries.by_form(person), here.line.offer_id)
    return onward(f"{PATH}/entwurf/{draft.id}/{step_of(here.line.path).key}")


def _here(session: Session, region: Region, person: Person, doubt_id: int, action: Action) -> Here:
    """Return a doubt about which somebody may do this; elsewhere it does not even exist."""
    if doubt_id > reach.HIGHEST:
        raise NotFoundError("There is no such doubt.")
    line = service.get(session, region.id, doubt_id)
    about = reach.offer_for(session, person, Action.SEE_QUEUE, line.offer_id)
    person.require(action, about)
    return Here(line, about)


def _at_once(session: Session, region: Region, person: Person, about: Subject) -> bool:
    return person.may(Action.PUBLISH, about) and not eyes.wanted(session, region.id)


def _onward(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    here: Here,
    done: str,
    **more: str,
) -> str:
    """Return the way on, found before anything is done: afterwards this one is not in the queue any more."""
    path = f"{queue_doubts.DOUBT}/{here.line.id}"
    return following(request, session, region, person, path, done, **more)


def _page(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    doubt_id: int,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    line, about = _here(session, region, person, doubt_id, Action.SEE_QUEUE)
    reader, task = asked(request, session, region, person)
    path = f"{queue_doubts.DOUBT}/{line.id}"
    next_path = queue.after(reader, task, path)
    slug = task.slug if task else ""
    entry = entries.entry(session, region.id, line.offer_id)
    values: dict[str, Any] = {
        "line": line,
        "entry": entry,
        "values": _values(session, region, line, reach.sight(person, about)),
        "at_once": _at_once(session, region, person, about),
        "may_dismiss": person.may(Action.CONFIRM, about),
        "may_propose": person.may(Action.PROPOSE, about),
        "may_edit": _may_edit(session, person, line.offer_id, about),
        "who": actors(session, {line.closed_by}),
        "care": queue_claims.care(session, person, (About.DOUBT, line.id)),
        "back": queue.address(slug, reader, path=path),
        "here": path,
        "query": queue.address(slug, reader, path=""),
        "queue_url": queue.address(slug or queue_doubts.of_kind(line.kind), reader),
        "next_url": queue.address(slug, reader, path=next_path) if next_path else "",
        "public_url": f"/angebot/{entry.slug}" if entry.is_public else "",
        "history_url": f"{PATH}/angebot/{line.offer_id}/geschichte"
        if person.may(Action.SEE_HISTORY, about)
        else "",
        "war": taken_back(request),
    }
    return page(request, session, region, person, "doubt.html", status, **(values | context))


def _values(session: Session, region: Region, line: Line, seen: Sight) -> list[Value]:
    """Return the fields that the doubt is about, as this reader may see them."""
    whole: Sheet = of_offer(session, region.id, line.offer_id)
    known = labels.words(session, region)
    present = masked_sheet(whole, seen)
    changes = masked_changes(service.changes(line, whole), whole, seen)
    paths = dict.fromkeys([*([line.path] if line.path else []), *changes])
    return [
        Value(
            labels.label(path, present),
            labels.said(path, value_at(present, path), known),
            labels.said(path, changes[path]["new"], known) if path in changes else "",
        )
        for path in paths
    ]


def _may_edit(session: Session, person: Person, offer_id: int, about: Subject) -> bool:
    if not person.may(Action.DRAFT, about):
        return False
    try:
        reach.check_hidden(session, person, offer_id)
    except NotAllowedError:
        return False
    return True
