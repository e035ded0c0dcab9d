"""What has to be looked at again, by provider, the oldest first; and taking a confirmation back."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.curation import confirming, entries, freshness, freshness_sweep
from api.curation.freshness import Counts
from api.offers.freshness import Freshness
from api.regions.deps import RegionDep
from web.staff import due
from web.staff.forms import Sent
from web.staff.gate import allowed
from web.staff.queue_kinds import Reader
from web.staff.queue_reading import asked, choice, page_number
from web.staff.showing import onward, page

FIRST: Final = 3  # warnings on the list itself
DONE: Final = {
    "schon": "Das ist heute schon bestätigt.",
    "zurueck": "Zurückgenommen. Es steht wieder da wie vorher.",
    "teils": "Zurückgenommen, was ging. Was danach geschehen ist, ist so geblieben.",
    "nichts": "Da ist nichts mehr zurückzunehmen.",
    "weg": "Dieser Eintrag ist gerade nicht öffentlich. Deshalb muss ihn jetzt niemand prüfen.",
}

Confirming = Annotated[Person, Depends(allowed(Action.CONFIRM))]
router = APIRouter(prefix=due.DUE)


@router.get("")
def listed(request: Request, session: SessionDep, region: RegionDep, person: Confirming) -> Response:
    """Show what is due, what has been for long, or what soon will be."""
    known = choice(session, region, person)
    reader, _task = asked(request, session, region, person, known)
    stand = due.kind(request)
    part = due.within(reader)
    groups = freshness.by_provider(session, region, part, due.KINDS[stand][0], page_number(request))
    lines = [line for group in groups.results for line in group.lines]
    numbers = _numbers(freshness.counts(session, region, part))
    going = freshness_sweep.warnings_of(session, region, part, FIRST + 1)
    return page(
        request,
        session,
        region,
        person,
        "due.html",
        kinds=[
            (name, title, numbers[state], due.address(reader, name))
            for name, (state, title) in due.KINDS.items()
        ],
        stand=stand,
        groups=groups,
        shown={one.line.offer_id: one for one in due.shown(session, region, person, lines)},
        going=going[:FIRST],
        more_going=len(going) > FIRST,
        most=freshness.MOST_ORDERED if numbers[due.KINDS[stand][0]] > freshness.MOST_ORDERED else 0,
        page_url=lambda number: due.address(reader, stand, number),
        way=lambda path: due.address(reader, stand, groups.page, f"{due.DUE}/{path}"),
        all_url=due.address(None, stand),
        choice=known,
        reader=reader,
        **_said(request, reader, stand),
    )


@router.get("/archiv")
def going(request: Request, session: SessionDep, region: RegionDep, person: Confirming) -> Response:
    """Show what will be archived unless somebody looks at it."""
    reader, _task = asked(request, session, region, person)
    found = freshness_sweep.warnings_of(session, region, due.within(reader), due.MOST)
    return page(request, session, region, person, "due_archive.html", going=found, most=due.MOST)


@router.post("/zuruecknehmen")
def taken_back(
    request: Request, session: SessionDep, region: RegionDep, person: Confirming, sent: Sent
) -> Response:
    """Take back what one has confirmed just now."""
    reader, _task = asked(request, session, region, person)
    found = due.own(session, region, person, due.numbers(sent.get("fassungen", "")))
    act = entries.by_form(person)
    undone = confirming.take_back(session, act, [one.revision_id for one in found])
    what = "nichts" if not found else "teils" if undone.kept else "zurueck"
    return onward(due.address(reader, due.kind(request), fertig=what))


def _said(request: Request, reader: Reader, stand: str) -> dict[str, Any]:
    """Return what was done just before, for the notices."""
    left = due.numbers(request.query_params.get("geblieben", ""))
    return {
        "confirmed": due.just_confirmed(request, reader.session, reader.region, reader.person),
        "left": left[0] if left else 0,
        "undo_url": due.address(reader, stand, path=f"{due.DUE}/zuruecknehmen"),
        "done": DONE.get(request.query_params.get("fertig", ""), ""),
    }


def _numbers(found: Counts) -> dict[Freshness, int]:
    return {
        Freshness.DUE: found.due + found.overdue,
        Freshness.OVERDUE: found.overdue,
        Freshness.SOON: found.soon,
    }
