"""One entry that is to be looked at: confirmed as it is, or looked at more or less often from now on."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.core import clock
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError
from api.curation import confirming, entries, freshness
from api.curation.freshness import Line
from api.curation.reach import offer_for
from api.offers.freshness import Rule
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.pages.staff_due import DONE, Confirming
from web.staff import due
from web.staff.forms import Sent
from web.staff.gate import PATH, allowed
from web.staff.queue_reading import asked, page_number
from web.staff.showing import onward, page

CHANGED: Final = (
    "Hier hat sich inzwischen etwas geändert. Bitte sehen Sie noch einmal nach und bestätigen Sie dann."
)
router = APIRouter(prefix=f"{due.DUE}/{{offer_id:int}}")


@router.get("")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: Confirming, offer_id: int
) -> Response:
    """Show one entry with what has to be asked."""
    line = due.line_of(session, region, person, offer_id)
    return _shown(request, session, region, person, line) if line else onward(due.address(None, fertig="weg"))


@router.post("/bestaetigen")
def confirmed(
    request: Request, session: SessionDep, region: RegionDep, person: Confirming, offer_id: int, sent: Sent
) -> Response:
    """Confirm an entry as it was shown, in all its languages."""
    line = due.line_of(session, region, person, offer_id)
    reader, _task = asked(request, session, region, person)
    stand, number = due.kind(request), page_number(request)
    if line is None:
        return onward(due.address(reader, stand, number, fertig="weg"))
    seen = next(iter(due.numbers(sent.get("gesehen", ""))), -1)
    try:
        made = confirming.confirm(session, entries.by_form(person), offer_id, seen).revisions
    except ConflictError:
        if line.verified_on != clock.today(region.timezone):
            return _shown(request, session, region, person, line, 409, error=CHANGED)
        made = []  # sent twice
    more = {"bestaetigt": str(made[0])} if made else {"fertig": "schon"}
    return onward(due.address(reader, stand, number, **more))


@router.post("/rhythmus")
def rhythm_set(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.PUBLISH))],
    offer_id: int,
    sent: Sent,
) -> Response:
    """Say how often an entry is looked at."""
    offer_for(session, person, Action.PUBLISH, offer_id)
    line = due.line_of(session, region, person, offer_id)
    if line is None:
        return onward(due.address(None, fertig="weg"))
    months = sent.get("monate", "").strip()
    try:
        if months != str(line.months) or line.rule != Rule.SET:
            wanted = int(months) if months else None
            freshness.set_rhythm(session, entries.by_form(person), offer_id, wanted)
    except (InvalidInputError, ValueError):
        words = f"Bitte wählen Sie 1 bis {freshness.MOST_MONTHS} Monate oder „nach Art des Angebots“."
        return _shown(request, session, region, person, line, 422, mistakes={"monate": words})
    return onward(f"{PATH}/angebot/{offer_id}?fertig=rhythmus")


def _shown(
    request: Request, session: Session, region: Region, person: Person, line: Line, status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:  # fmt: skip
    about = scope.of_offer(session, line.offer_id)
    values: dict[str, Any] = {
        "one": due.shown(session, region, person, [line])[0],
        "rhythm": line if person.may(Action.PUBLISH, about) else None,
        "way": lambda path: f"{due.DUE}/{path}",
        "reasons": freshness.RULES,
        "done": DONE.get(request.query_params.get("fertig", ""), ""),
    }
    return page(request, session, region, person, "due_one.html", status, **(values | context))
