"""Several worries, few ways: a form for a family's worries, and the plans that answer them.

Nothing of it is kept: it comes in the body of a request, goes with the answer, and stands in no address.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session
from starlette.datastructures import QueryParams

from api.core.deps import SessionDep
from api.core.errors import BusyError, TooManyError
from api.core.languages import LANGUAGES
from api.core.problems import retry_after
from api.plans import service as plans
from api.plans.schemas import MOST_WORRIES, PlanQuestion, Plans
from api.plans.turns import Turns
from api.regions import helplines
from api.regions.deps import RegionDep
from api.regions.helplines import Helpline
from api.regions.models import Region
from api.search.deps import ShelvesDep
from api.search.shelves import Shelves
from web.help import WHERE_NOTHING_IS, urgent, way_out
from web.language import translations
from web.map import map_context
from web.plan.choices import choices
from web.plan.form import DO, IS_SAID, ONE_MORE, STEP, Form
from web.plan.question import Meant, meant
from web.plan.showing import (
    NEEDS_A_WORD,
    Speaker,
    entries,
    plan_shown,
    points,
    still_chosen,
    summary,
    worries_shown,
)
from web.rendering import locale_of, render
from web.sending.networks import network
from web.sending.reading import check_origin, read_pairs
from web.sending.throttle import Throttle
from web.staff.forms import without_nul
from web.uptake import Event, note

PAGE: Final = "/plan"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "same-origin",
}
RATE: Final = (60, 2.0)  # at once, and one more after so many seconds: a plan costs more than a search
POINTS: Final = "#plan-punkte"  # where the page itself holds what the map draws
MOST_BYTES: Final = 16_000
MOST_FIELDS: Final = 150

router = APIRouter()


async def sent(request: Request) -> QueryParams:
    """Return what the form says; raise ForeignRequestError, TooLargeError, InvalidInputError."""
    check_origin(request)
    pairs = await read_pairs(request, MOST_BYTES, MOST_FIELDS)
    return QueryParams([(name, without_nul(value)) for name, value in pairs])


Sent = Annotated[QueryParams, Depends(sent)]


def _asks(said: QueryParams) -> bool:
    """Return whether plans are asked for, and not only for the form."""
    return said.get(STEP) != "form" and said.get(DO) != ONE_MORE


async def turn(request: Request, said: Sent) -> AsyncIterator[BusyError | TooManyError | None]:
    """Wait among all who ask for plans, once the form is here: who sends slowly keeps nobody waiting.

    Return why somebody has to come again; the form is kept all the same.
    """
    if not _asks(said):
        yield None
        return
    turns: Turns = request.app.state.turns
    planning: Throttle = request.app.state.planning
    try:
        planning.take(network(request))
        await turns.take()
    except (BusyError, TooManyError) as refusal:
        yield refusal
        return
    try:
        yield None
    finally:
        turns.give_back()


Refusal = Annotated[BusyError | TooManyError | None, Depends(turn, scope="function")]


@router.get(PAGE)
def asked(request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep) -> Response:
    """Show the empty form; who reads it in Turkish will most likely wish to be understood in Turkish, too."""
    locale = locale_of(request)
    spoken = () if LANGUAGES[locale].is_german else (locale,)
    return _page(request, session, region, shelves, Form(languages=spoken))


@router.post(PAGE)
def planned(
    request: Request,
    refusal: Refusal,  # first of all, before there is a connection
    session: SessionDep,
    region: RegionDep,
    shelves: ShelvesDep,
    said: Sent,
) -> Response:
    """Show the plans that answer the form, or the form with what is wrong with it."""
    form = Form.of(said)
    if not _asks(said):
        return _page(request, session, region, shelves, form)
    understood = meant(session, region, form)
    if understood.question is None:
        return _page(request, session, region, shelves, form, understood)
    if refusal is not None:
        page = _page(request, session, region, shelves, form, is_busy=True)
        page.status_code = refusal.status
        page.headers.update(retry_after(refusal))
        return page
    found = plans.plan(session, region, understood.question, shelves)
    return _page(request, session, region, shelves, still_chosen(form, found), understood, found)


def _page(  # noqa: PLR0913 - what a page is made of
    request: Request,
    session: Session,
    region: Region,
    shelves: Shelves | None,
    form: Form,
    understood: Meant | None = None,
    found: Plans | None = None,
    *,
    is_busy: bool = False,
) -> Response:
    """Return the page with the form, and with plans if there are any."""
    locale = locale_of(request)
    say = translations(locale).gettext
    mistakes = understood.mistakes if understood else {}
    context: dict[str, Any] = {
        "form": form,
        "choices": choices(session, region, shelves, locale),
        "most_rows": MOST_WORRIES,
        "errors": {name: say(wrong.text).format(most=wrong.most) for name, wrong in mistakes.items()},
        "start": understood.start if understood else None,
        "said": [name for name, is_said in IS_SAID.items() if is_said(form)],
        "urgent": _urgent(session, region, form),
        "quick_exit": way_out(region),
        "is_busy": is_busy,
        "found": found,
        "map": map_context(session, region, "", None, locale, request.app.state.settings),
    }
    if found is not None and understood is not None and understood.question is not None:
        context |= _of_plans(region, locale, form, found, understood.question)
        context["map"] |= {"points_url": POINTS, "near": near_said(understood.question)}
    page = render(request, session, region, "plan.html", **context)
    if context.get("entries"):
        note(page, Event.FOUND, [int(entry.partition(".")[0]) for entry in context["entries"]])
    page.headers.update(HEADERS)
    page.status_code = 422 if mistakes else 200
    return page


def _of_plans(
    region: Region, locale: str, form: Form, found: Plans, question: PlanQuestion
) -> dict[str, Any]:
    """Return what the result of a plan needs."""
    speaker = Speaker(region, locale)
    shown = min(form.shown, len(found.plans))
    plan = found.plans[shown - 1] if found.plans else None
    worries = worries_shown(found, plan, [worry.offer for worry in question.worries], speaker)
    return {
        "plan": plan_shown(plan, speaker) if plan else None,
        "others": [
            (number, summary(one, speaker)) for number, one in enumerate(found.plans, 1) if number != shown
        ],
        "worries": worries,
        "until": speaker.day(found.last),
        "needs_a_word": NEEDS_A_WORD,
        "entries": entries(plan) if plan else [],
        "family_language": next((code for code in form.languages if code in LANGUAGES), ""),
        "points": points(plan) if plan else [],
        "numbers": helplines.of_kinds(region, WHERE_NOTHING_IS) if any(one["gap"] for one in worries) else [],
    }


def near_said(question: PlanQuestion) -> str:
    """Return where they set out as the map reads it, to about 100 metres; empty: at no single point."""
    return f"{question.near.lon},{question.near.lat}" if question.near else ""


def _urgent(session: Session, region: Region, form: Form) -> list[Helpline]:
    """Return whom to call before anything else; each worry by itself, for words of two are no phrase."""
    found = [
        line
        for row in form.worries
        for line in urgent(session, region, [row.topic] * bool(row.topic), row.words)
    ]
    return list({line.slug: line for line in found}.values())
