"""All entries of one provider: what is right after one call is confirmed at once, and nothing unseen."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts.policy import Person
from api.core import clock
from api.core.deps import SessionDep
from api.core.errors import NotFoundError
from api.curation import confirming, entries, freshness
from api.curation.freshness import Line
from api.curation.reach import HIGHEST
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.pages.staff_due import Confirming
from web.sending.reading import Fields
from web.staff import due
from web.staff.forms import form
from web.staff.queue_kinds import Reader
from web.staff.queue_reading import asked
from web.staff.showing import onward, page

CHOSEN: Final = "angebot-"  # begins the names of the boxes; their value is what was seen
NONE: Final = "Bitte wählen Sie mindestens einen Eintrag aus."
CHANGED: Final = "Hier hat sich inzwischen etwas geändert. Bitte sehen Sie noch einmal nach."
Chosen = Annotated[Fields, Depends(form(most_fields=due.MOST + 10))]

router = APIRouter(prefix=f"{due.DUE}/anbieter/{{organization_id:int}}")


@router.get("")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: Confirming, organization_id: int
) -> Response:
    """Show what would be confirmed."""
    return _shown(request, session, region, person, _lines(session, region, person, organization_id))


@router.post("")
def confirmed(
    request: Request, session: SessionDep, region: RegionDep, person: Confirming, organization_id: int,
    sent: Chosen,
) -> Response:  # fmt: skip
    """Confirm the chosen entries as they were shown."""
    lines = _lines(session, region, person, organization_id)
    known = {line.offer_id: line for line in lines}
    chosen = {
        number: next(iter(due.numbers(said)), -1)
        for name, said in sent.items()
        for number in due.numbers(name.removeprefix(CHOSEN))
        if name.startswith(CHOSEN)
    }
    wanted = {number: seen for number, seen in chosen.items() if number in known}
    if not wanted:
        return _shown(request, session, region, person, lines, 422, error=NONE, ticked=set())
    made = confirming.confirm_all(session, entries.by_form(person), wanted, organization_id)
    today = clock.today(region.timezone)
    left = [
        number for number in made.changed_since if known[number].verified_on != today
    ]  # others: sent twice
    left += chosen.keys() - wanted.keys()  # no longer public, or no longer theirs
    if left and not made.offers:
        return _shown(request, session, region, person, lines, 409, error=CHANGED, ticked=set(wanted))
    more = {"bestaetigt": "-".join(map(str, made.revisions))} if made.revisions else {"fertig": "schon"}
    reader, _task = asked(request, session, region, person)
    more["geblieben"] = str(len(left) or "")
    return onward(due.address(reader, due.kind(request), 1, **more))


def _lines(session: Session, region: Region, person: Person, organization_id: int) -> list[Line]:
    """Return the entries of a provider that a person may confirm; elsewhere it does not even exist."""
    part = due.within(Reader(session, region, person))
    found = (
        freshness.of_organization(session, region, organization_id, part, due.MOST)
        if organization_id <= HIGHEST
        else []
    )
    if not found:
        raise NotFoundError("There is nothing of such a provider here.")
    return found


def _shown(
    request: Request, session: Session, region: Region, person: Person, lines: list[Line], status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:  # fmt: skip
    found = due.shown(session, region, person, lines)
    reader, _task = asked(request, session, region, person)
    values: dict[str, Any] = {
        "name": lines[0].organization,
        "found": found,
        "ticked": {line.offer_id for line in lines},
        "calls": list({one.phone or one.email: one for shown in found for one in shown.whom}.values()),
        "box": CHOSEN,
        "here": due.address(reader, due.kind(request), path=f"{due.DUE}/anbieter/{lines[0].organization_id}"),
        "back_url": due.address(reader, due.kind(request)),
        "most": due.MOST if len(lines) == due.MOST else 0,
    }
    return page(request, session, region, person, "due_provider.html", status, **(values | context))
