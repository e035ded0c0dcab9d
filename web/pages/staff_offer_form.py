"""The form for one offer, in small steps; each step is saved on the server before the next one is shown."""

from dataclasses import replace
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import draft_rows, drafts, entries, reach
from api.curation.drafts import Draft
from api.curation.sheet_difference import overlaid
from api.curation.sheet_fields import Sheet, empty
from api.regions.deps import RegionDep
from web.staff import form_hours, form_page, form_places, form_refer, form_texts
from web.staff.form_hours import Shown
from web.staff.form_page import Here
from web.staff.form_reading import SentSteps
from web.staff.form_steps import LOOK, REFER, STEPS, TEXTS, WHAT, WHEN, WHERE, Step, following, typed
from web.staff.gate import PATH, allowed
from web.staff.showing import onward

LIST: Final = f"{PATH}/angebote"
ELSEWHERE: Final = (
    "In einem anderen Fenster wurde dieser Entwurf inzwischen gespeichert. Was Sie hier geschrieben haben, "
    "steht noch da. Wenn Sie auf „Weiter“ drücken, gilt es."
)
SOMEBODY: Final = (
    "Inzwischen hat jemand anders dieses Angebot geändert. Bitte entscheiden Sie unten, was stimmt."
)
router = APIRouter(prefix=f"{PATH}/entwurf")
Drafting = Annotated[Person, Depends(allowed(Action.DRAFT))]


@router.get("/{draft_id:int}/{key}")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: Drafting, draft_id: int, key: str
) -> Response:
    """Show one step of one's own draft."""
    step = step_of_key(key)
    draft = drafts.get_draft(session, entries.by_form(person), draft_id)
    check_edits(session, person, draft.offer_id)
    asked = request.query_params
    said = Shown(
        hours_of=asked.get("ort", ""),
        adds=asked.get("neu") == "ja",
        suggests=asked.get("themen") == "ja",
        tongue=asked.get("sprache", ""),
    )
    return form_page.shown(Here(request, session, region, person), draft, step, said)


@router.post("/{draft_id:int}/abgeben")
def submitted(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Drafting,
    draft_id: int,
    sent: SentSteps,
) -> Response:
    """Let others decide."""
    act = entries.by_form(person)
    check_edits(session, person, draft_rows.own(session, act, draft_id).offer_id)
    try:
        with session.begin_nested():  # all or nothing
            drafts.submit(session, act, draft_id, version_of(sent), sent.get("grund", "").strip()[:1000])
    except (ConflictError, InvalidInputError) as error:
        return _not_yet(Here(request, session, region, person), draft_id, error)
    return onward(f"{LIST}?fertig=abgegeben")


@router.post("/{draft_id:int}/veroeffentlichen")
def published(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.PUBLISH))],
    draft_id: int,
    sent: SentSteps,
) -> Response:
    """Publish at once, within one's own scope."""
    act = entries.by_form(person)
    offer_id = draft_rows.own(session, act, draft_id).offer_id
    check_edits(session, person, offer_id, Action.PUBLISH)
    within = scope.offers_for(person, Action.PUBLISH)
    try:
        with session.begin_nested():  # all or nothing
            if drafts.is_of_others(session, act, draft_id, within):
                drafts.submit(session, act, draft_id, version_of(sent))
                return onward(f"{LIST}?fertig=geteilt")
            outcome = drafts.publish_at_once(session, act, draft_id, version_of(sent))
    except (ConflictError, InvalidInputError) as error:
        return _not_yet(Here(request, session, region, person), draft_id, error)
    if outcome.conflicts or outcome.offer_id is None:
        return _not_yet(Here(request, session, region, person), draft_id, ConflictError(SOMEBODY))
    # Only now it is known where it lies; an error takes everything back.
    person.require(Action.PUBLISH, scope.of_offer(session, outcome.offer_id))
    return onward(f"{PATH}/angebot/{outcome.offer_id}?fertig=veroeffentlicht")


@router.post("/{draft_id:int}/entscheiden")
def decided(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Drafting,
    draft_id: int,
    sent: SentSteps,
) -> Response:
    """End one conflict with what somebody else has published meanwhile."""
    act = entries.by_form(person)
    check_edits(session, person, draft_rows.own(session, act, draft_id).offer_id)
    try:
        with session.begin_nested():  # all or nothing
            drafts.keep(
                session,
                act,
                draft_id,
                version_of(sent),
                sent.get("pfad", ""),
                mine=sent.get("wessen") == "meins",
            )
    except ConflictError as error:
        return _not_yet(Here(request, session, region, person), draft_id, error)
    return onward(_address(draft_id, LOOK))


@router.post("/{draft_id:int}/verwerfen")
def discarded(session: SessionDep, person: Drafting, draft_id: int, _sent: SentSteps) -> Response:
    """Throw one's own draft away."""
    drafts.discard_draft(session, entries.by_form(person), draft_id)
    return onward(f"{LIST}?fertig=verworfen")


@router.post("/{draft_id:int}/{key}")
def saved(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Drafting,
    draft_id: int,
    key: str,
    sent: SentSteps,
) -> Response:
    """Keep what was typed, right or wrong, and lead on; who is to correct something first stays here."""
    step, here = step_of_key(key), Here(request, session, region, person)
    act = entries.by_form(person)
    # Not brought up to date before: what somebody else has published since is no change of this person.
    row = draft_rows.own(session, act, draft_id)
    check_edits(session, person, row.offer_id)
    sheet = overlaid(row.base or empty(), row.changes)
    raw, said = taken(here, row.offer_id, sheet, step, sent)
    try:
        draft = drafts.save_draft(session, act, draft_id, version_of(sent), raw)
    except ConflictError:
        present = drafts.get_draft(session, act, draft_id)
        typed_again = replace(present, sheet=raw, errors=[])
        return form_page.shown(here, typed_again, step, said, 409, error=ELSEWHERE)
    except InvalidInputError as error:  # more parts than an offer can have
        present = drafts.get_draft(session, act, draft_id)
        words = error.errors[0].detail
        return form_page.shown(here, replace(present, sheet=raw), step, said, 422, error=words)
    if said.stays:
        status = 422 if said.mistakes else 200
        return form_page.shown(here, draft, step, said, status)
    return _onward(here, draft, step, sent)


def taken(here: Here, offer_id: int | None, sheet: Sheet, step: Step, sent: SentSteps) -> tuple[Sheet, Shown]:
    """Return a sheet with what a step of the form says, and how the step is shown next."""
    said = Shown(hours_of=sent.get("ort", ""), tongue=sent.get("sprache", ""))
    if step is WHEN:
        raw, said = form_hours.taken(sheet, sent, said)
    elif step is TEXTS:
        raw = form_texts.taken(sheet, sent)
    elif step is REFER:
        raw = form_refer.taken(sheet, sent, form_hours.today(here.region))
    else:
        raw = typed(step, sheet, sent, form_page.sees(here.session, here.person, offer_id))
    if step is WHERE:
        form_places.located(here.session, here.region.id, sheet["places"], raw["places"])
    if step is WHAT and offer_id is None and not raw["organization"]:
        raw["organization"] = form_page.own_organization(here.session, here.person)
    if offer_id is None and raw["name"]:  # whoever writes it down knows that it is so
        raw["verified_on"] = form_hours.today(here.region).isoformat()
    return raw, said


def check(session: Session, person: Person, offer_id: int | None, action: Action = Action.DRAFT) -> None:
    """Raise NotFoundError unless an offer lies where the person may do this; a new one lies nowhere yet."""
    if offer_id is not None and not person.may(action, scope.of_offer(session, offer_id)):
        raise NotFoundError("There is no such offer.")


def check_edits(
    session: Session, person: Person, offer_id: int | None, action: Action = Action.DRAFT
) -> None:
    """Raise NotFoundError as check does, NotAllowedError where an address is hidden from this person."""
    check(session, person, offer_id, action)
    if offer_id is not None:
        reach.check_hidden(session, person, offer_id)


def _onward(here: Here, draft: Draft, step: Step, sent: SentSteps) -> Response:
    """Lead to where the button says, or stay if what this step says cannot stand so."""
    wish = sent.get("tun", "weiter")
    kind, _, name = wish.partition("-")
    own = _address(draft.id, step)
    if kind == "zu" and name in STEPS:
        return onward(_address(draft.id, STEPS[name]))
    ways = {
        "spaeter": f"{LIST}?fertig=gespeichert",
        "teil": f"{own}?neu=ja#neu",
        "themen": f"{own}?themen=ja#topics-feld",
        "ort": f"{own}?{urlencode({'ort': name})}",
        "sprache": f"{own}?{urlencode({'sprache': name})}",
        "weg": f"{own}#teile",
    }
    if kind in ways:
        return onward(ways[kind])
    which = sent.get("ort", "")
    if any(step.has(one.field) for one in draft.errors):
        return form_page.shown(here, draft, step, Shown(hours_of=which), 422)
    keys = form_hours.keys(draft.sheet)
    if step is WHEN and which in keys[:-1]:
        return onward(f"{own}?{urlencode({'ort': keys[keys.index(which) + 1]})}")
    return onward(_address(draft.id, following(step)))


def _not_yet(here: Here, draft_id: int, error: ConflictError | InvalidInputError) -> Response:
    """Show why it is not published: somebody was first, or something is wrong."""
    draft = drafts.get_draft(here.session, entries.by_form(here.person), draft_id)
    if isinstance(error, InvalidInputError):
        draft = replace(draft, errors=error.errors or draft.errors)
        words, status = "Es fehlt noch etwas. Bitte sehen Sie unten nach.", 422
    else:
        words, status = (SOMEBODY if draft.conflicts else form_page.SAVED_ELSEWHERE), 409
    return form_page.shown(here, draft, LOOK, Shown(), status, error=words)


def step_of_key(key: str) -> Step:
    """Return a step by what its address says, or raise NotFoundError."""
    if key not in STEPS:
        raise NotFoundError("There is no such step.")
    return STEPS[key]


def version_of(sent: SentSteps) -> int:
    """Return which version of the draft a form was opened with; -1: none that there is."""
    said = sent.get("fassung", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1  # noqa: PLR2004


def _address(draft_id: int, step: Step) -> str:
    return f"{PATH}/entwurf/{draft_id}/{step.key}"
