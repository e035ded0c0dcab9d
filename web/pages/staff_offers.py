"""The entries of those who look after them: found by name, begun, paused, archived and brought back."""

from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import drafts, entries, eyes, freshness, reach, states
from api.curation.entries import PAGE, Entry
from api.regions.deps import RegionDep
from api.regions.models import Region
from api.watching import marks
from web.pages.staff_offer_form import Drafting, check
from web.staff.duplicates import merged_into
from web.staff.forms import Sent
from web.staff.gate import PATH, allowed
from web.staff.showing import onward, page

router = APIRouter(prefix=PATH)
OFFER: Final = "/angebot/{offer_id:int}"
STATES: Final = {
    "draft": "Entwurf",
    "in_review": "in Prüfung",
    "published": "öffentlich",
    "paused": "macht Pause",
    "archived": "archiviert",
}
DONE: Final = {
    "abgegeben": "Danke. Jemand sieht es an; bis dahin ist nichts davon öffentlich.",
    "geteilt": "Ihre Änderung gilt auch für Angebote, für die Sie nicht zuständig sind. Deshalb sieht es "
    "noch jemand an; bis dahin ist nichts davon öffentlich.",
    "verworfen": "Der Entwurf ist weg.",
    "gespeichert": "Ihr Entwurf ist gespeichert. Sie finden ihn unten.",
    "veroeffentlicht": "Es ist veröffentlicht.",
    "pause": "Es macht jetzt Pause.",
    "archiviert": "Es ist archiviert.",
    "zurueck": "Es ist wieder öffentlich.",
    "rhythmus": "Der Rhythmus ist gespeichert.",
}
TOO_MANY: Final = "Sie haben sehr viele Entwürfe. Bitte beenden oder verwerfen Sie erst einige."
SECOND: Final = "Auf dieser Landkarte sieht immer eine zweite Person nach. Das kann niemand allein."
NO_DAY: Final = "Bitte wählen Sie einen Tag aus dem Kalender."
_LONGEST: Final = 100
_MOST_PAGES: Final = 10_000


@router.get("/angebote")
def listed(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.SEE_ENTRIES))],
) -> Response:
    """Show the entries in somebody's scope, and one's own drafts."""
    return _listed(request, session, region, person)


@router.post("/angebote/neu")
def begun(
    request: Request, session: SessionDep, region: RegionDep, person: Drafting, _sent: Sent
) -> Response:
    """Begin a new offer."""
    try:
        draft = drafts.new_draft(session, entries.by_form(person))
    except ConflictError:
        return _listed(request, session, region, person, 409, error=TOO_MANY)
    return onward(f"{PATH}/entwurf/{draft.id}/was")


@router.get(OFFER)
def shown(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.SEE_ENTRIES))],
    offer_id: int,
) -> Response:
    """Show one entry and what may be done with it."""
    return _shown(request, session, region, person, _entry(session, person, offer_id, Action.SEE_ENTRIES))


@router.post(f"{OFFER}/bearbeiten")
def opened(session: SessionDep, person: Drafting, offer_id: int, _sent: Sent) -> Response:
    """Open one's working copy of an entry."""
    _entry(session, person, offer_id, Action.DRAFT)
    reach.check_hidden(session, person, offer_id)
    draft = drafts.open_draft(session, entries.by_form(person), offer_id)
    return onward(f"{PATH}/entwurf/{draft.id}/was")


@router.post(f"{OFFER}/pausieren")
def paused(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.PAUSE))],
    offer_id: int,
    sent: Sent,
) -> Response:
    """Take an entry off the map until a day."""
    entry = _entry(session, person, offer_id, Action.PAUSE)
    said = sent.get("bis", "").strip()
    try:
        until = date.fromisoformat(said) if said else None
        states.pause(session, entries.by_form(person), offer_id, until)
    except (InvalidInputError, ConflictError, ValueError) as error:
        return _refused(request, session, region, person, entry, error, said)
    return onward(f"{PATH}/angebot/{offer_id}?fertig=pause")


@router.post(f"{OFFER}/archivieren")
def archived(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.ARCHIVE))],
    offer_id: int,
    _sent: Sent,
) -> Response:
    """Take an entry off the map for good."""
    entry = _entry(session, person, offer_id, Action.ARCHIVE)
    try:
        states.archive(session, entries.by_form(person), offer_id)
    except ConflictError as error:
        return _refused(request, session, region, person, entry, error)
    return onward(f"{PATH}/angebot/{offer_id}?fertig=archiviert")


@router.post(f"{OFFER}/zurueckholen")
def brought_back(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.PAUSE))],
    offer_id: int,
    _sent: Sent,
) -> Response:
    """Make an entry public again; from the archive only for who may put it there."""
    entry = _entry(session, person, offer_id, Action.PAUSE)
    if merged := merged_into(session, region, offer_id):  # it would be there twice again, unlike before
        return onward(merged)
    if entry.status == "archived":
        person.require(Action.ARCHIVE, scope.of_offer(session, offer_id))
    elif entry.status != "paused":  # what was never public is published by its draft
        raise NotFoundError("There is nothing to bring back.")
    try:
        states.bring_back(session, entries.by_form(person), offer_id)
    except ConflictError as error:
        return _refused(request, session, region, person, entry, error)
    return onward(f"{PATH}/angebot/{offer_id}?fertig=zurueck")


def _entry(session: Session, person: Person, offer_id: int, action: Action) -> Entry:
    """Return an entry within the scope; elsewhere it does not even exist."""
    entry = entries.entry(session, person.region_id, offer_id)
    check(session, person, offer_id, action)
    return entry


def _listed(
    request: Request, session: Session, region: Region, person: Person, status: int = 200, error: str = ""
) -> Response:
    asked = request.query_params
    said = " ".join(asked.get("q", "").replace("\x00", "").split())[:_LONGEST]
    wanted = asked.get("seite", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 4 else 1  # noqa: PLR2004
    number = min(max(number, 1), _MOST_PAGES)
    found, count = entries.entries(session, person, said, number)
    return page(
        request,
        session,
        region,
        person,
        "offers.html",
        status,
        found=found,
        count=count,
        said=said,
        number=number,
        pages=-(-count // PAGE),
        query=lambda other: urlencode({"q": said, "seite": other} if said else {"seite": other}),
        drafts=drafts.drafts_of(session, entries.by_form(person)),
        may_draft=person.may(Action.DRAFT),
        states=STATES,
        error=error,
        done=DONE.get(asked.get("fertig", ""), ""),
    )


def _refused(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    entry: Entry,
    error: Exception,
    until: str = "",
) -> Response:
    if isinstance(error, InvalidInputError):
        mistakes = {"bis": error.errors[0].detail}
    elif isinstance(error, ConflictError):
        words = SECOND if eyes.wanted(session, region.id) else "Das geht in diesem Zustand nicht."
        return _shown(request, session, region, person, entry, 409, error=words)
    else:
        mistakes = {"bis": NO_DAY}
    return _shown(request, session, region, person, entry, 422, mistakes=mistakes, until=until)


def _shown(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    entry: Entry,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    subject = scope.of_offer(session, entry.id)
    said: dict[str, Any] = {
        "entry": entry,
        "may": [action.value for action in Action if person.may(action, subject)],
        "states": STATES,
        "until": "",
        "is_watched": bool(marks.watched(session, person, [entry.id])),
        "line": next(iter(freshness.of_offers(session, region, [entry.id])), None),
        "reasons": freshness.RULES,
        "merged_url": merged_into(session, region, entry.id) if entry.status == "archived" else "",
        "done": DONE.get(request.query_params.get("fertig", ""), ""),
    }
    return page(request, session, region, person, "offer.html", status, **(said | context))
