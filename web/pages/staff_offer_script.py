"""What scripts of the form for an offer ask for: saving while somebody types, the preview, a point in words.

Nothing here is needed: each step saves by itself, and its last page shows the preview.
"""

from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api.accounts.policy import Action, Person
from api.core import clock
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.core.languages import DEFAULT, LANGUAGES
from api.curation import draft_rows, drafts, entries
from api.curation.sheet_difference import overlaid
from api.curation.sheet_fields import empty
from api.regions.deps import RegionDep
from web.pages.staff_offer_form import check_edits, step_of_key, taken, version_of
from web.staff import form_page, form_points
from web.staff.form_page import Here
from web.staff.form_reading import SentSteps
from web.staff.form_steps import LOOK, WHERE, point_read
from web.staff.gate import PATH, allowed
from web.staff.showing import HEADERS

UNFINISHED: Final = "Die Zeiten sind noch nicht gespeichert: Bitte schreiben Sie sie zu Ende."
NO_POINT: Final = "Bitte schreiben Sie Breite und Länge, zum Beispiel 52.51843, 13.49987."
router = APIRouter(prefix=f"{PATH}/entwurf")
Drafting = Annotated[Person, Depends(allowed(Action.DRAFT))]


@router.post("/{draft_id:int}/{key}/merken")
def kept(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Drafting,
    draft_id: int,
    key: str,
    sent: SentSteps,
) -> Response:
    """Keep a step as it stands; 409 with the present version if it was saved elsewhere."""
    step, act = step_of_key(key), entries.by_form(person)
    if step is LOOK:
        raise NotFoundError("There is nothing to save on this page.")
    row = draft_rows.own(session, act, draft_id)
    check_edits(session, person, row.offer_id)
    sheet = overlaid(row.base or empty(), row.changes)
    raw, said = taken(Here(request, session, region, person), row.offer_id, sheet, step, sent)
    try:
        draft = drafts.save_draft(session, act, draft_id, version_of(sent), raw)
    except ConflictError:
        present = drafts.get_draft(session, act, draft_id)
        return _json({"version": present.version}, 409)
    answer: dict[str, Any] = {
        "version": draft.version,
        "time": f"{clock.now().astimezone(ZoneInfo(region.timezone)):%H:%M}",
        "unfinished": UNFINISHED if said.mistakes else "",
    }
    if step is WHERE:
        answer["points"] = form_points.of_places(session, region, draft.sheet)
    return _json(answer)


@router.get("/{draft_id:int}/vorschau/neben")
def beside(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Drafting,
    draft_id: int,
    sprache: str = DEFAULT,
) -> Response:
    """Show the public page as it would be in a language, for beside the form."""
    if sprache not in LANGUAGES:
        raise NotFoundError("No page speaks this language.")
    act = entries.by_form(person)
    check_edits(session, person, draft_rows.own(session, act, draft_id).offer_id)
    # To look at a draft takes over what others have published, under a new version: the form, which still has
    # the old one, would be told of a window that there is not.
    savepoint = session.begin_nested()
    try:
        draft = drafts.get_draft(session, act, draft_id)
        return form_page.beside(Here(request, session, region, person), draft, sprache)
    finally:
        savepoint.rollback()


@router.get("/punkt")
def described(session: SessionDep, region: RegionDep, _person: Drafting, lage: str = "") -> Response:
    """Say where a point lies; lage: latitude and longitude as somebody types them."""
    found = form_points.said(session, region, point_read(lage[:100], None))
    if found is None:
        raise InvalidInputError(NO_POINT)
    return _json(found)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, headers=HEADERS)
