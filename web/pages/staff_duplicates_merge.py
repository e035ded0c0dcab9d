"""Two offers become one: compared value by value, seen as it will be, done, and taken back."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError
from api.curation import entries, eyes, merging, previewing
from api.curation.duplicates_kinds import PairDecision
from api.curation.duplicates_listing import PairLine
from api.curation.merging_sides import side_by_side
from api.curation.merging_undo import undo_merge
from api.regions.deps import RegionDep
from web.pages import offer as public
from web.pages.staff_duplicates import DIFFERENT, PAIR, Merging, dismissed
from web.sending.reading import Fields
from web.staff import duplicates_form
from web.staff.duplicates import Here, address, pair_for
from web.staff.duplicates_page import Form, decided_page, form_of, is_as_planned, merge_page, refused
from web.staff.duplicates_queue import PAIR as PREFIX
from web.staff.form_page import inside
from web.staff.forms import Sent, form
from web.staff.gate import allowed
from web.staff.queue_words import CHANGED
from web.staff.showing import onward, page

Choices = Annotated[Fields, Depends(form(200_000, 3_000))]
DONE: Final = {
    "zusammen": "Aus beiden ist ein Eintrag geworden.",
    "vorgeschlagen": "Ihr Vorschlag ist gespeichert. Jemand anderes sieht ihn an und führt dann zusammen.",
    "wieder": "Das Paar wartet wieder auf eine Entscheidung.",
    "genannt": "Vergleichen Sie die beiden und wählen Sie, was gilt.",
    "zurueck": "Zurückgenommen: Beide Einträge sind wieder da, wie sie waren.",
    "teils": "Zurückgenommen, was ging. Was nach dem Zusammenführen geändert wurde, ist so geblieben.",
    "verschieden": DIFFERENT,
}
MERGED_ON: Final = (
    "Das lässt sich gerade nicht zurücknehmen, weil der Eintrag inzwischen mit einem weiteren "
    "zusammengeführt wurde. Bitte nehmen Sie zuerst das zurück."
)
FASTER: Final = "Jemand war schneller: Über dieses Paar ist schon entschieden."

router = APIRouter(prefix=PREFIX)


@router.get(PAIR)
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: Merging, pair_id: int
) -> Response:
    """Show two offers side by side, or what has become of them."""
    here = Here(request, session, region, person)
    line = pair_for(here, pair_id)
    done = DONE.get(request.query_params.get("fertig", ""), "")
    if line.decision != PairDecision.OPEN:
        return decided_page(here, line, done=done)
    return merge_page(here, line, form_of(here, line), done=done, undo_id=dismissed(request))


@router.post(f"{PAIR}/auswahl")
def chosen(
    request: Request, session: SessionDep, region: RegionDep, person: Merging, pair_id: int, sent: Choices
) -> Response:
    """Show the choices once more, to change some of them."""
    here = Here(request, session, region, person)
    line = pair_for(here, pair_id)
    if line.decision != PairDecision.OPEN:
        return decided_page(here, line, sent, 409, error=FASTER)
    found = form_of(here, line, sent)
    return merge_page(here, line, found, sent, 200 if _is_fresh(found, sent) else 409)


@router.post(f"{PAIR}/vorschau")
def previewed(
    request: Request, session: SessionDep, region: RegionDep, person: Merging, pair_id: int, sent: Choices
) -> Response:
    """Show the public page as it would be; nothing of it stays."""
    here = Here(request, session, region, person)
    line = pair_for(here, pair_id)
    if line.decision != PairDecision.OPEN:
        return decided_page(here, line, sent, 409, error=FASTER)
    found = form_of(here, line, sent)
    try:
        seen = _seen(here, found, sent)
        act = entries.by_form(person)
        with previewing.of_merge(session, act, *found.stays, found.choices, seen) as slug:
            preview = inside(public.shown(request, session, region, slug))
    except (ConflictError, InvalidInputError) as error:
        session.rollback()
        return refused(here, pair_for(here, pair_id), sent, error)
    return page(
        *here,
        "merge_preview.html",
        preview=preview,
        fields=duplicates_form.fields(found.asked, found.answers, found.found),
        suggests=eyes.wanted(session, region.id) and not _is_planned(here, line, found),
        **here.ways(pair_id),
    )


@router.post(f"{PAIR}/zusammenfuehren")
def merged(
    request: Request, session: SessionDep, region: RegionDep, person: Merging, pair_id: int, sent: Choices
) -> Response:
    """Make one offer of two; where four eyes are wanted, suggest it, or do what was suggested."""
    here = Here(request, session, region, person)
    line = pair_for(here, pair_id)
    if _has_merged(here, line):  # pressed twice
        return onward(here.url(address(pair_id), fertig="zusammen"))
    if line.decision != PairDecision.OPEN:
        return decided_page(here, line, sent, 409, error=FASTER)
    found = form_of(here, line, sent)
    try:
        how = _do(here, line, found, _seen(here, found, sent))
    except (ConflictError, InvalidInputError) as error:
        session.rollback()
        line = pair_for(here, pair_id)
        if _has_merged(here, line):  # pressed twice at once
            return onward(here.url(address(pair_id), fertig="zusammen"))
        if line.decision != PairDecision.OPEN:
            return decided_page(here, line, sent, 409, error=FASTER)
        return refused(here, line, sent, error)
    return onward(here.url(address(pair_id), fertig=how))


@router.post(f"{PAIR}/rueckgaengig")
def undone(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.UNDO))],
    pair_id: int,
    _sent: Sent,
) -> Response:
    """Take a merge back; what was changed since stays."""
    here = Here(request, session, region, person)
    pair_for(here, pair_id, Action.UNDO)
    try:
        done = undo_merge(session, entries.by_form(person), pair_id)
    except ConflictError:
        session.rollback()
        line = pair_for(here, pair_id)
        if line.decision == PairDecision.MERGED:
            return decided_page(here, line, status=409, error=MERGED_ON)
        return onward(here.url(address(pair_id)))
    return onward(here.url(address(pair_id), fertig="teils" if done.kept else "zurueck"))


def _seen(here: Here, found: Form, sent: Fields) -> str:
    """Return the mark of what was compared, as a merge wants it; raise ConflictError if it is so no more."""
    if not _is_fresh(found, sent):
        raise ConflictError(CHANGED)
    return side_by_side(here.session, here.region.id, *found.stays).seen


def _do(here: Here, line: PairLine, found: Form, seen: str) -> str:
    act, session = entries.by_form(here.person), here.session
    if not eyes.wanted(session, here.region.id):
        merging.merge(session, act, *found.stays, found.choices, seen=seen, note=found.answers.note)
    elif _is_planned(here, line, found):
        merging.carry_out(session, act, line.id, found.answers.note)
    else:
        merging.plan(session, act, *found.stays, found.choices, seen=seen, note=found.answers.note)
        return "vorgeschlagen"
    # Only now it is known where it lies; an error takes everything back.
    here.person.require(Action.MERGE, scope.of_offer(session, found.stays[0]))
    return "zusammen"


def _has_merged(here: Here, line: PairLine) -> bool:
    return line.decision == PairDecision.MERGED and line.decided_by == here.person.actor


def _is_planned(here: Here, line: PairLine, found: Form) -> bool:
    return is_as_planned(here, found, merging.planned(here.session, here.region.id, line.id))


def _is_fresh(found: Form, sent: Fields) -> bool:
    return sent.get(duplicates_form.SEEN) == found.found.seen
