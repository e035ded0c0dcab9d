"""How offers are used: the published numbers of a month, and the list of case types."""

import hashlib
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import InvalidInputError
from api.regions.deps import RegionDep
from api.regions.models import Region
from api.uptake import case_types, reading, rules
from api.uptake.case_types import LONGEST, MOST, Wanted
from web.sending.reading import Fields
from web.staff import uptake
from web.staff.forms import Sent
from web.staff.gate import allowed
from web.staff.showing import onward, page

SAVED: Final = "Die Falltypen sind gespeichert."
CHANGED: Final = (
    "Inzwischen hat jemand anderes die Liste geändert. Hier steht sie, wie sie jetzt ist. Bitte tragen Sie "
    "Ihre Änderung noch einmal ein."
)
SEEN: Final = "stand"  # the field that says as what the list was seen
NAME: Final = "name-"  # begins the fields of the case types, by their place in the list
NUMBER: Final = "nummer-"
Seeing = Annotated[Person, Depends(allowed(Action.SEE_UPTAKE))]
Managing = Annotated[Person, Depends(allowed(Action.MANAGE_CASE_TYPES))]

router = APIRouter()


@router.get(uptake.UPTAKE)
def shown(request: Request, session: SessionDep, region: RegionDep, person: Seeing) -> Response:
    """Show a month by topics, and one topic by Stadtteile."""
    found = reading.of_month(session, region, _month(request))
    if found.month is None and found.months:  # one that is not published
        found = reading.of_month(session, region)
    topics = uptake.topics(session, found)
    said = request.query_params.get("thema")
    chosen = next((row for row in topics if row.key == said), topics[0] if topics else None)
    return page(
        request,
        session,
        region,
        person,
        "uptake.html",
        is_on=request.app.state.settings.uptake,
        month=found.month,
        months=[(one, uptake.month_said(one)) for one in found.months],
        events=list(uptake.EVENTS.values()),
        topics=topics,
        chosen=chosen,
        spaces=uptake.spaces(found, chosen.key) if chosen else [],
        cases=uptake.cases(found),
        shown_from=rules.SHOWN_FROM,
        shown_from_if_sensitive=rules.SHOWN_FROM_IF_SENSITIVE,
        here=uptake.UPTAKE,
        data_url="/api/v1/uptake",
        cases_url=uptake.CASES if person.may(Action.MANAGE_CASE_TYPES) else "",
    )


@router.get(uptake.CASES)
def listed(request: Request, session: SessionDep, region: RegionDep, person: Managing) -> Response:
    """Show the list of case types as a form."""
    done = SAVED if request.query_params.get("fertig") == "ja" else ""
    return _form(request, session, region, person, _known(session, region), done=done)


@router.post(uptake.CASES)
def saved(request: Request, session: SessionDep, region: RegionDep, person: Managing, sent: Sent) -> Response:
    """Keep the list of case types, or show what is wrong with it."""
    wanted = [_wanted(sent, place) for place in range(MOST)]
    known = _known(session, region)
    if sent.get(SEEN, _stamp(known)) != _stamp(known):  # it would end what others have just added
        if [one.label for one in known] == [one.label.strip() for one in wanted if one.label.strip()]:
            return onward(f"{uptake.CASES}?fertig=ja")  # sent twice
        return _form(request, session, region, person, known, 409, error=CHANGED)
    try:
        case_types.save(session, region.id, wanted)
    except InvalidInputError as error:
        wrong = {f"{NAME}{one.field}": one.detail for one in error.errors}
        return _form(request, session, region, person, wanted, 422, mistakes=wrong)
    return onward(f"{uptake.CASES}?fertig=ja")


def _form(
    request: Request, session: Session, region: Region, person: Person, known: list[Wanted],
    status: int = 200, **context: Any,  # noqa: ANN401
) -> Response:  # fmt: skip
    lines = [*known, *[Wanted(0, "")] * MOST][:MOST]
    stamp = _stamp(_known(session, region))
    return page(
        request, session, region, person, "uptake_cases.html", status,
        lines=lines, seen=(SEEN, stamp), longest=LONGEST, back=uptake.UPTAKE, here=uptake.CASES, **context,
    )  # fmt: skip


def _known(session: Session, region: Region) -> list[Wanted]:
    return [Wanted(one.id, one.label) for one in case_types.every(session, region.id)]


def _stamp(known: list[Wanted]) -> str:
    said = "\n".join(f"{one.number} {one.label}" for one in known)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _wanted(sent: Fields, place: int) -> Wanted:
    number = sent.get(f"{NUMBER}{place}", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 19  # noqa: PLR2004
    return Wanted(int(number) if is_number else 0, sent.get(f"{NAME}{place}", ""))


def _month(request: Request) -> date | None:
    try:
        return date.fromisoformat(f"{request.query_params.get('monat', '')}-01")
    except ValueError:
        return None
