"""Figures of a month, said by providers: in a form, or in a file that only fills in the form."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.core import clock
from api.core.deps import SessionDep
from api.core.errors import InvalidInputError, NotFoundError
from api.curation import entries
from api.regions.deps import RegionDep
from api.regions.models import Region
from api.uptake import figures
from api.uptake.figures import FIELDS, HEADERS, MOST, WRONG, Figures, Line
from web.sending.reading import Fields
from web.staff import uptake
from web.staff.forms import form
from web.staff.gate import allowed
from web.staff.showing import HEADERS as OF_STAFF
from web.staff.showing import onward, page
from web.staff.small_file import Received, received

MONTHS: Final = 24  # this one and those before it
SAVED: Final = "Die Zahlen sind gespeichert."
FROM_FILE: Final = "Die Zahlen der Datei stehen jetzt im Formular. Bitte sehen Sie nach und speichern Sie."
NO_FILE: Final = "Bitte wählen Sie eine Datei aus."
MISTAKES: Final = "Bitte sehen Sie sich die markierten Felder an."
_MOST_SAID: Final = 10  # mistakes of a file that are named
Reporting = Annotated[Person, Depends(allowed(Action.REPORT_FIGURES))]
Sent = Annotated[Fields, Depends(form(most_bytes=60_000, most_fields=1_000))]
Uploaded = Annotated[Received, Depends(received)]

router = APIRouter(prefix=uptake.FIGURES)


class Here(NamedTuple):
    """Whose figures of which month are shown."""

    organizations: list[tuple[int, str]]
    organization_id: int
    months: list[date]
    month_on: date
    lines: list[Line]

    @property
    def path(self) -> str:
        """The address of this form."""
        return f"{uptake.FIGURES}?anbieter={self.organization_id}&monat={self.month_on:%Y-%m}"


@router.get("")
def shown(request: Request, session: SessionDep, region: RegionDep, person: Reporting) -> Response:
    """Show the figures of an organization and a month as a form."""
    here = _here(session, region, person, request.query_params)
    done = SAVED if request.query_params.get("fertig") == "ja" else ""
    return _form(request, session, region, person, here, _typed(here), done=done)


@router.post("")
def saved(
    request: Request, session: SessionDep, region: RegionDep, person: Reporting, sent: Sent
) -> Response:
    """Keep the figures, or show what is wrong with them."""
    here = _here(session, region, person, sent)
    said: dict[int, Figures] = {}
    mistakes: dict[str, str] = {}
    for line in here.lines:
        values: dict[str, int | None] = {}
        for field in FIELDS:
            name = f"{field}-{line.offer_id}"
            if name not in sent:  # an offer that has come since the form was opened
                continue
            try:
                values[field] = figures.number(sent[name])
            except ValueError:
                mistakes[name] = WRONG
        changed = line.figures._replace(**values)
        if changed != line.figures:
            said[line.offer_id] = changed
    if mistakes:
        typed = _typed(here) | {name: sent[name] for name in _typed(here) if name in sent}
        return _form(request, session, region, person, here, typed, 422, mistakes=mistakes, error=MISTAKES)
    figures.save(session, entries.by_form(person), here.month_on, said)
    return onward(f"{here.path}&fertig=ja")


@router.get("/vorlage.csv")
def template(request: Request, session: SessionDep, region: RegionDep, person: Reporting) -> Response:
    """Return the figures as a file that can be filled in."""
    here = _here(session, region, person, request.query_params)
    name = f'attachment; filename="monatszahlen-{here.month_on:%Y-%m}.csv"'
    headers = OF_STAFF | {"Content-Disposition": name}
    return Response(figures.written(here.lines), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/datei")
def uploaded(
    request: Request, session: SessionDep, region: RegionDep, person: Reporting, sent: Uploaded
) -> Response:
    """Fill in the form from a file; nothing is saved before somebody has looked at it."""
    here = _here(session, region, person, sent.fields)
    typed = _typed(here)
    if not sent.content:
        return _form(request, session, region, person, here, typed, 422, error=NO_FILE)
    try:
        found = figures.read(sent.content, here.lines)
    except InvalidInputError as error:
        wrong = [one.detail for one in error.errors[:_MOST_SAID]]
        return _form(request, session, region, person, here, typed, 422, wrong=wrong)
    lines = [line._replace(figures=found.get(line.offer_id, line.figures)) for line in here.lines]
    fresh = _typed(here._replace(lines=lines))
    new = {name for name, value in fresh.items() if value != typed[name]}
    return _form(request, session, region, person, here, fresh, done=FROM_FILE, new=new)


def _here(session: Session, region: Region, person: Person, said: Mapping[str, str]) -> Here:
    within = scope.offers_for(person, Action.REPORT_FIGURES)
    known = figures.organizations(session, within)
    wanted = said.get("anbieter", "")
    chosen = next((number for number, _name in known if str(number) == wanted), 0)
    if wanted and not chosen:
        raise NotFoundError("There is no such organization here.")
    chosen = chosen or (known[0][0] if known else 0)
    months = _months(clock.today(region.timezone))
    # What is over is reported: at the beginning it is the month before this one.
    month_on = next((one for one in months if f"{one:%Y-%m}" == said.get("monat", "")), months[1])
    return Here(known, chosen, months, month_on, figures.lines(session, within, chosen, month_on))


def _months(today: date) -> list[date]:
    first = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first - MONTHS, -1)]


def _typed(here: Here) -> dict[str, str]:
    return {
        f"{field}-{line.offer_id}": "" if value is None else str(value)
        for line in here.lines
        for field, value in zip(FIELDS, line.figures, strict=True)
    }


def _form(
    request: Request, session: Session, region: Region, person: Person, here: Here, typed: dict[str, str],
    status: int = 200, **context: Any,  # noqa: ANN401
) -> Response:  # fmt: skip
    values: dict[str, Any] = {"new": set(), "wrong": []}
    return page(
        request, session, region, person, "uptake_figures.html", status,
        at=here,
        months=[(one, uptake.month_said(one)) for one in here.months],
        month=uptake.month_said(here.month_on),
        fields=list(zip(FIELDS, HEADERS[2:], strict=True)),
        typed=typed,
        most=MOST,
        here=uptake.FIGURES,
        **(values | context),
    )  # fmt: skip
