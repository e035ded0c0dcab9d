"""Pairs that may be one offer: a list with the reasons; saying that two are different, or asking again."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError
from api.curation import duplicates, duplicates_listing, entries
from api.curation.duplicates_kinds import PairDecision
from api.regions.deps import RegionDep
from web.pages.staff_offers import STATES
from web.staff import duplicates_queue, queue
from web.staff.duplicates import Here, address, pair_for, places_of
from web.staff.duplicates_queue import why
from web.staff.forms import Sent
from web.staff.gate import allowed
from web.staff.queue_reading import choice, page_number
from web.staff.queue_words import CHANGED, actors
from web.staff.showing import onward, page

Merging = Annotated[Person, Depends(allowed(Action.MERGE))]
PAIR: Final = "/{pair_id:int}"
DIFFERENT: Final = "Das sind zwei verschiedene. Danach wird nicht mehr gefragt."
_DECIDED: Final = (PairDecision.MERGED, PairDecision.DIFFERENT)
_LONGEST: Final = 1000

router = APIRouter(prefix=duplicates_queue.PAIR)


@router.get("")
def listed(request: Request, session: SessionDep, region: RegionDep, person: Merging) -> Response:
    """Show the pairs that wait, or those that have been decided."""
    here = Here(request, session, region, person)
    reader, wanted = here.reader, duplicates_queue.wanted(here.reader)
    shows = {"zeige": said} if (said := request.query_params.get("zeige", "")) == "entschieden" else {}
    if shows:
        wanted = replace(wanted, decisions=_DECIDED)
    found = duplicates_listing.pairs(session, region, wanted, page_number(request), queue.PER_PAGE)
    done = request.query_params.get("fertig", "")
    context: dict[str, Any] = {
        "pairs": found,
        "why": why,
        "states": STATES,
        "places": places_of(session, found.results),
        "who": actors(session, {line.decided_by or line.planned_by for line in found.results}),
        "is_decided": bool(shows),
        "waiting_url": here.url(),
        "decided_url": here.url(zeige="entschieden"),
        "all_url": queue.address("", None, 1, duplicates_queue.PAIR, **shows),
        "page_url": lambda number: queue.address("", reader, number, duplicates_queue.PAIR, **shows),
        "pair_url": lambda line: queue.address("", reader, 1, address(line.id)),
        "query": queue.address("", reader, found.page, path=""),
        "choice": choice(session, region, person),
        "reader": reader,
        "done": DIFFERENT if done == "verschieden" else "",
        "error": CHANGED if done == "anders" else "",
        "undo_id": dismissed(request),
    }
    return page(request, session, region, person, "duplicates.html", **context)


@router.post(f"{PAIR}/verschieden")
def differing(
    request: Request, session: SessionDep, region: RegionDep, person: Merging, pair_id: int, sent: Sent
) -> Response:
    """Say that two offers are not one; lead back to the list, or on to the next pair."""
    here = Here(request, session, region, person)
    line = pair_for(here, pair_id)
    is_again = line.decision == PairDecision.DIFFERENT and line.decided_by == person.actor  # pressed twice
    following = here.after(pair_id) if sent.get("weiter") == "ja" else ""
    note = sent.get("grund", "").replace("\x00", "").strip()[:_LONGEST]
    try:
        if not is_again:
            duplicates.differ(session, entries.by_form(person), pair_id, note)
    except ConflictError:
        session.rollback()
        return onward(here.url(fertig="anders"))
    return onward(here.url(following or duplicates_queue.PAIR, fertig="verschieden", paar=str(pair_id)))


@router.post(f"{PAIR}/wieder")
def again(
    request: Request, session: SessionDep, region: RegionDep, person: Merging, pair_id: int, _sent: Sent
) -> Response:
    """Take back that two offers are different."""
    here = Here(request, session, region, person)
    pair_for(here, pair_id)
    try:
        duplicates.ask_again(session, entries.by_form(person), pair_id)
    except ConflictError:
        session.rollback()
        return onward(here.url(fertig="anders"))
    return onward(here.url(address(pair_id), fertig="wieder"))


def dismissed(request: Request) -> int:
    """Return the number of the pair that has just been called different, as the address says it; 0: none."""
    said = request.query_params.get("paar", "")
    is_said = request.query_params.get("fertig") == "verschieden"
    is_number = said.isascii() and said.isdecimal() and len(said) < 16  # noqa: PLR2004
    return int(said) if is_said and is_number else 0
