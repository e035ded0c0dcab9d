"""One proposal: what it changes, how it would look, and deciding it field by field."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.accounts.scope import offers_for
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError
from api.curation import deciding, entries, shared, viewing
from api.curation.claims import About
from api.curation.reach import proposal_for, sight
from api.curation.viewing import ProposalView
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.pages.staff_offers import STATES
from web.sending.reading import Fields
from web.staff import duplicates_link, queue, queue_claims, queue_verdicts
from web.staff.forms import form
from web.staff.gate import PATH, allowed
from web.staff.queue_answers import fields_for, is_report, says_gone
from web.staff.queue_reading import asked
from web.staff.queue_words import DECISIONS, ORIGINS, PATHS, actors, refusal
from web.staff.showing import onward, page

Form = Annotated[Fields, Depends(form(200_000, 3_000))]
ReaderOf = Annotated[Person, Depends(allowed(Action.SEE_QUEUE))]
Decider = Annotated[Person, Depends(allowed(Action.DECIDE))]
NOTHING: Final = "Sie haben noch nichts ausgewählt. Bitte entscheiden Sie mindestens ein Feld."
LEFT_OPEN: Final = "Das ist gespeichert. Über den Rest kann noch entschieden werden."
FASTER: Final = "Jemand war schneller: Bei den markierten Feldern steht inzwischen etwas anderes."
WRONG: Final = "So lässt sich das nicht übernehmen: {details}"

router = APIRouter(prefix=queue.PROPOSAL)


@router.get("/{proposal_id:int}")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, proposal_id: int
) -> Response:
    """Show a proposal beside what is there now."""
    done = {"entschieden": "Danke, das ist entschieden. Hier ist das Nächste.", "offen": LEFT_OPEN}
    done["beantwortet"] = "Danke, der Hinweis ist beantwortet. Hier ist das Nächste."
    said = done.get(request.query_params.get("fertig", ""), "")
    return proposal_page(request, session, region, person, proposal_id, done=said)


@router.post("/{proposal_id:int}/entscheiden")
def decided(
    request: Request, session: SessionDep, region: RegionDep, person: Decider, proposal_id: int, sent: Form
) -> Response:
    """Decide what was chosen, and lead on to what comes next."""
    about = proposal_for(session, person, Action.DECIDE, proposal_id)
    view = viewing.proposal(session, region, proposal_id, sight(person, about), person.actor)
    chosen = queue_verdicts.verdicts(view, sent)
    if not chosen:
        return proposal_page(request, session, region, person, proposal_id, 422, error=NOTHING, sent=sent)
    following = next_address(request, session, region, person, proposal_id, "entschieden")
    act = entries.by_form(person)
    try:
        shared.check_verdicts(session, proposal_id, chosen, offers_for(person, Action.DECIDE))
        outcome = deciding.decide(session, act, proposal_id, chosen, queue_verdicts.note(sent))
    except (ConflictError, InvalidInputError) as error:
        session.rollback()
        status = error.status
        return proposal_page(
            request, session, region, person, proposal_id, status, error=why(error), sent=sent
        )
    if outcome.conflicts:
        return proposal_page(request, session, region, person, proposal_id, 409, error=FASTER, sent=sent)
    if outcome.decision == "open":
        reader, task = asked(request, session, region, person)
        here = f"{queue.PROPOSAL}/{proposal_id}"
        return onward(queue.address(task.slug if task else "", reader, path=here, fertig="offen"))
    return onward(following)


def why(error: ConflictError | InvalidInputError) -> str:
    """Return in German what stands in the way."""
    if isinstance(error, ConflictError):
        return refusal(error)
    return WRONG.format(details=" ".join(dict.fromkeys(one.detail for one in error.errors)))


def next_address(
    request: Request, session: Session, region: Region, person: Person, proposal_id: int, done: str
) -> str:
    """Return where to go after a proposal: to the next of the queue from which it was opened, or there."""
    reader, task = asked(request, session, region, person)
    following = queue.after(reader, task, f"{queue.PROPOSAL}/{proposal_id}")
    slug = task.slug if task else ""
    return queue.address(slug, reader, path=following or queue.QUEUE, fertig=done)


def proposal_page(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    proposal_id: int,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    """Return the page of a proposal, with what was chosen on it and what went wrong."""
    about = proposal_for(session, person, Action.SEE_QUEUE, proposal_id)
    view = viewing.proposal(session, region, proposal_id, sight(person, about), person.actor)
    reader, task = asked(request, session, region, person)
    slug = task.slug if task else ""
    here = f"{queue.PROPOSAL}/{view.id}"
    following = queue.after(reader, task, here)
    waiting = [field for field in view.fields if queue_verdicts.is_waiting(field)]
    may_decide = view.decision == "open" and person.may(Action.DECIDE, about)
    values: dict[str, Any] = {
        "view": view,
        "is_new": view.kind == "create",
        "is_report": is_report(view),
        "may_decide": may_decide,
        "can_accept": queue_verdicts.can_accept(view),
        "waiting": waiting,
        "may_archive": says_gone(view) and person.may(Action.ARCHIVE, about),
        "answers": fields_for(view) if may_decide else [],
        "may_draft": may_decide and view.actor == "public" and person.may(Action.DRAFT),
        "link_more": duplicates_link.kept(request),
        "can_link": may_decide and duplicates_link.can_link(view),
        "likely": duplicates_link.named(session, person, view) if may_decide else [],
        "seen": queue_verdicts.seen,
        "who": actors(session, {view.actor, view.decided_by}),
        "origins": ORIGINS,
        "decisions": DECISIONS,
        "paths": PATHS,
        "sent": {},
        "here": here,
        "states": STATES,
        "care": queue_claims.care(session, person, (About.PROPOSAL, view.id)),
        "back": queue.address(slug, reader, path=here),
        "query": queue.address(slug, reader, path=""),
        "queue_url": queue.address(slug, reader),
        "next_url": queue.address(slug, reader, path=following) if following else "",
        "public_url": f"/angebot/{view.slug}" if view.status == "published" else "",
        "history_url": _history(person, view),
    }
    return page(request, session, region, person, "proposal.html", status, **(values | context))


def _history(person: Person, view: ProposalView) -> str:
    is_there = view.offer_id is not None and person.may(Action.SEE_HISTORY)
    return f"{PATH}/angebot/{view.offer_id}/geschichte" if is_there else ""
