"""Two forms for everybody: something is wrong with an offer, and something is missing on the map."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlmodel import Session

from api.core.deps import SessionDep
from api.curation import public
from api.offers import service as offers
from api.regions.deps import RegionDep
from api.regions.models import Region
from api.taxonomy import service as taxonomy
from web.language import localized, name_in, translations
from web.rendering import locale_of, render
from web.sending.checking import EMPTY, TRAP, Checked, Field, Mistake, checked, names_mail_or_phone
from web.sending.networks import network
from web.sending.proofs import Kind, Outcome, Proofs, Task
from web.sending.reading import Fields, check_origin, fields
from web.words import _

THANKS: Final = "/danke"
# What somebody types is for nobody else, and nobody searches for it.
HEADERS: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
ABOUT: Final = {
    public.About.HOURS: _("Die Öffnungszeiten stimmen nicht"),
    public.About.CONTACT: _("Telefon, E-Mail oder Internetseite stimmen nicht"),
    public.About.ADDRESS: _("Die Adresse stimmt nicht"),
    public.About.COST: _("Die Kosten oder die Anmeldung stimmen nicht"),
    public.About.GONE: _("Dieses Angebot gibt es nicht mehr"),
    public.About.OTHER: _("Etwas anderes"),
}
REPORT: Final = (
    Field("was", 20, is_needed=True, choices=frozenset(ABOUT)),
    Field("text", 1000, lines=True),
)
# Lengths as OfferIn takes them.
SUGGESTION: Final = (
    Field("name", 200, is_needed=True),
    Field("was", 300, is_needed=True, lines=True),
    Field("wo", 300, lines=True),
    Field("kontakt", 300, lines=True),
    Field("wann", 500, lines=True),
    Field("text", 1000, lines=True),
)
# Field of the form → field of the offer, or of the note beside it.
MEANS: Final = {
    "name": "name",
    "was": "summary",
    "wo": "address",
    "kontakt": "contact",
    "wann": "hours_text",
    "text": "note",
}
TASK_MISTAKES: Final = {
    Outcome.WRONG: _("Das ist eine andere Zahl. Bitte schauen Sie noch einmal."),
    Outcome.EARLY: _("Das ging sehr schnell. Bitte warten Sie kurz und schicken Sie es dann noch einmal ab."),
    Outcome.OVER: _("Diese Zahl gilt nicht mehr. Bitte nehmen Sie die neue."),
}

Context = dict[str, Any]


async def allowed(request: Request) -> None:  # waits for nothing, so it needs no thread
    """Let pass what one of our pages sends, and not by the hundred; the database is asked only then."""
    check_origin(request)
    request.app.state.throttle.take(network(request))


router = APIRouter()
Sent = Annotated[Fields, Depends(fields)]
Allowed = Depends(allowed)


@router.get("/angebot/{slug}/hinweis")
def report_form(request: Request, session: SessionDep, region: RegionDep, slug: str) -> Response:
    """Ask what is wrong with an offer."""
    offer = offers.get_by_slug(session, region, slug)
    return _form(
        request, session, region, "report.html", checked({}, REPORT)._replace(mistakes={}), offer=offer
    )


@router.post("/angebot/{slug}/hinweis", dependencies=[Allowed])
def reported(request: Request, session: SessionDep, region: RegionDep, slug: str, sent: Sent) -> Response:
    """Keep what is wrong with an offer, or show the form again with what is wrong with the form."""
    offer = offers.get_by_slug(session, region, slug)
    said = checked(sent, REPORT)
    if said.values["was"] == public.About.OTHER and not said.values["text"]:
        said.mistakes.setdefault("text", Mistake(EMPTY))
    again = _again(request, said, sent)
    if again is not None:
        return _form(request, session, region, "report.html", said, offer=offer, **again)
    public.report(session, region, offer.id, public.About(said.values["was"]), said.values["text"])
    return _thanks(request)


@router.get("/vorschlag")
def suggestion_form(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Ask what is missing on the map."""
    empty = checked({}, SUGGESTION)._replace(mistakes={})
    return _form(request, session, region, "suggestion.html", empty, **_topics(request, session, ""))


@router.post("/vorschlag", dependencies=[Allowed])
def suggested(request: Request, session: SessionDep, region: RegionDep, sent: Sent) -> Response:
    """Keep what is missing on the map, or show the form again."""
    topics = _topics(request, session, sent.get("thema", ""))
    said = checked(sent, SUGGESTION)
    again = _again(request, said, sent)
    if again is not None:
        return _form(request, session, region, "suggestion.html", said, **topics, **again)
    values: Context = {MEANS[name]: value for name, value in said.values.items() if value}
    if topics["topic"]:
        values["topics"] = [topics["topic"]]
    public.suggest(session, region, values)
    return _thanks(request)


@router.get(THANKS)
def thanks(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Say thanks, and what happens now."""
    page = render(request, session, region, "thanks.html")
    page.headers.update(HEADERS)
    return page


@router.post("/aufgabe", dependencies=[Depends(check_origin)])
def task(request: Request) -> JSONResponse:
    """Give the script of a form its task (js/proof.js)."""
    proofs: Proofs = request.app.state.proofs
    given = proofs.task(Kind.WORK)
    return JSONResponse({"task": given.text, "bits": given.number}, headers=HEADERS)


def _again(request: Request, said: Checked, sent: Fields) -> Context | None:
    """Return why the form must be shown once more, as its template takes it; None: it can be kept."""
    if said.mistakes:
        return {}
    personal = names_mail_or_phone(said.values["text"]) and "gesehen" not in sent
    proofs: Proofs = request.app.state.proofs
    text, solution = sent.get("aufgabe", ""), sent.get("loesung", "")
    kind = proofs.kind_of(text)
    if personal:
        shown = None if kind is Kind.WORK else proofs.task(Kind.NUMBER)
        return {"personal": True, "task": shown}
    if kind is None:  # no script has done the work: the page has a number to copy
        return {"task": proofs.task(Kind.NUMBER)}
    outcome = proofs.take(text, solution)
    if outcome is Outcome.RIGHT:
        return None
    if kind is Kind.WORK:
        return {"task": proofs.task(Kind.NUMBER)}
    is_over = outcome is Outcome.OVER
    return {
        "task": proofs.task(Kind.NUMBER) if is_over else proofs.again(text),
        "copied": "" if is_over else solution[:10],
        "task_mistake": TASK_MISTAKES[outcome] if solution.strip() else EMPTY,
    }


def _form(
    request: Request,
    session: Session,
    region: Region,
    template: str,
    said: Checked,
    **more: Any,  # noqa: ANN401
) -> Response:
    """Return a form with what was typed and what is wrong with it."""
    say = translations(locale_of(request)).gettext
    errors = {name: say(wrong.text).format(most=wrong.most) for name, wrong in said.mistakes.items()}
    task_mistake = more.pop("task_mistake", None)
    if task_mistake:
        errors["loesung"] = say(task_mistake)
    shown: Task | None = more.get("task")
    context: Context = {
        "typed": said.typed,
        "errors": errors,
        "personal": False,
        "copied": "",
        "about": [(key.value, say(text)) for key, text in ABOUT.items()],
        "trap": TRAP,
        **more,
        "task": shown,
    }
    page = render(request, session, region, template, **context)
    page.headers.update(HEADERS)
    page.status_code = 422 if errors else 200
    return page


def _topics(request: Request, session: Session, chosen: str) -> Context:
    """Return the topics to choose from, and the chosen one if it is among them."""
    locale = locale_of(request)
    every = [(topic.slug, name_in(topic.names, locale)) for topic in taxonomy.topics(session)]
    return {"topics": every, "topic": chosen if chosen in dict(every) else ""}


def _thanks(request: Request) -> RedirectResponse:
    """Lead to another page, so that loading again sends nothing again."""
    return RedirectResponse(localized(THANKS, locale_of(request)), status_code=303, headers=HEADERS)
