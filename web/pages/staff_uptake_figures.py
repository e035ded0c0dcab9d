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
NOTHING_NEW: Final = "In dieser Datei steht nichts, was nicht schon im Formular steht."
NO_FILE: Final = "Bitte wählen Sie eine Datei aus, in der etwas steht."
MISTAKES: Final = "Bitte sehen Sie sich die markierten Felder an."
CHANGED: Final = (
    "Inzwischen hat jemand anderes hier etwas eingetragen: {there}. Was soll gelten? Bitte sehen Sie nach "
    "und speichern Sie noch einmal."
)
BEFORE: Final = "vorher-"  # begins the fields that say with which figures a form was opened
_MOST_SAID: Final = 10  # mistakes of a file that are named
Reporting = Annotated[Person, Depends(allowed(Action.REPORT_FIGURES))]
Sent = Annotated[Fields, Depends(form(most_bytes=60_000, most_fields=1_300))]
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
    here = _here(session, region, person, sent, is_form=True)
    said: dict[int, Figures] = {}
    typed = _typed(here)
    mistakes: dict[str, str] = {}
    for line in here.lines:
        values = _changes(line, sent, typed, mistakes)
        if values:
            said[line.offer_id] = line.figures._replace(**values)
    if mistakes:
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
    here = _here(session, region, person, sent.fields, is_form=True)
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
    done = FROM_FILE if new else NOTHING_NEW
    return _form(request, session, region, person, here, fresh, done=done, new=new)


def _changes(
    line: Line, sent: Fields, typed: dict[str, str], mistakes: dict[str, str]
) -> dict[str, int | None]:
    """Return what a form changes of an offer, and note it in typed; what others have said meanwhile stays.

    Where both have said something else of the same, it is a mistake: the form then shows both.
    """
    seen = sent.get(f"{BEFORE}{line.offer_id}", _before(line)).split("|")
    values: dict[str, int | None] = {}
    for field, before, now in zip(FIELDS, seen, line.figures, strict=False):
        name = f"{field}-{line.offer_id}"
        if name not in sent:  # an offer that has come since the form was opened
            continue
        try:
            value = figures.number(sent[name])
        except ValueError:
            typed[name], mistakes[name] = sent[name], WRONG
            continue
        there = _shown(now)
        if value == now or _shown(value) == before:
            continue
        typed[name] = sent[name]
        if there != before:
            mistakes[name] = CHANGED.format(there=there or "nichts mehr")
        values[field] = value
    return values


def _here(
    session: Session, region: Region, person: Person, said: Mapping[str, str], *, is_form: bool = False
) -> Here:
    within = scope.offers_for(person, Action.REPORT_FIGURES)
    known = figures.organizations(session, within)
    wanted = said.get("anbieter", "")
    chosen = next((number for number, _name in known if str(number) == wanted), 0)
    if wanted and not chosen:
        raise NotFoundError("There is no such organization here.")
    chosen = chosen or (known[0][0] if known else 0)
    months = _months(clock.today(region.timezone))
    # What is over is reported: at the beginning it is the month before this one.
    month = said.get("monat", "")
    month_on = next((one for one in months if f"{one:%Y-%m}" == month), months[1])
    if is_form and month != f"{month_on:%Y-%m}":  # what was meant for another month is not said of this one
        raise NotFoundError("There is no such month here.")
    return Here(known, chosen, months, month_on, figures.lines(session, within, chosen, month_on))


def _months(today: date) -> list[date]:
    first = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first - MONTHS, -1)]


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _before(line: Line) -> str:
    return "|".join(map(_shown, line.figures))


def _typed(here: Here) -> dict[str, str]:
    return {
        f"{field}-{line.offer_id}": _shown(value)
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
        before={line.offer_id: (f"{BEFORE}{line.offer_id}", _before(line)) for line in here.lines},
        most=MOST,
        here=uptake.FIGURES,
        **(values | context),
    )  # fmt: skip
