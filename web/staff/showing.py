"""How pages of staff are answered: one look, kept by nobody, with only the ways on that the person may go."""

import logging
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.accounts import sessions
from api.accounts.models import StaffSession
from api.accounts.policy import Action, Person
from api.core.errors import DomainError, ForeignRequestError, NotAllowedError, TooManyError
from api.core.languages import LANGUAGES
from api.core.problems import problem, retry_after
from api.core.settings import Settings
from api.regions import service as regions
from api.regions.models import Region
from web.rendering import environment, render
from web.staff import cookies
from web.staff.forms import FIELD, proof
from web.staff.gate import PATH, SIGN_IN, SignInNeededError, UnsafeWayError, way_in

log = logging.getLogger("landkarte.staff")
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
}


Handler = Callable[[Request, Exception], Any]


class Way(NamedTuple):
    """An entry of the menu, for those who may do its action."""

    path: str
    label: str
    icon: str  # of static/icons/sprite.svg
    action: Action
    parts: tuple[str, ...] = ()  # first parts of the paths of pages that belong there, too


# The menu of staff, in this order; each page that has a place of its own adds a line.
MENU: Final = [
    Way(PATH, "Übersicht", "haus", Action.MANAGE_OWN_ACCOUNT),
    Way(
        f"{PATH}/aufgaben", "Aufgaben", "haken", Action.SEE_QUEUE, ("vorschlag", "zweifel", "ort", "doppelt")
    ),
    Way(f"{PATH}/angebote", "Angebote", "liste", Action.SEE_ENTRIES, ("angebot", "entwurf")),
    Way(f"{PATH}/beobachten", "Beobachten", "merken", Action.WATCH),
    Way(f"{PATH}/vermitteln", "Vermitteln", "tuer", Action.READ_PROFESSIONAL_CONTACTS),
    Way(f"{PATH}/pruefen", "Prüfen", "telefon", Action.CONFIRM),
    Way(f"{PATH}/aktionen", "Prüfrunden", "kalender", Action.SEE_QUEUE),
    Way(f"{PATH}/inanspruchnahme", "Inanspruchnahme", "balken", Action.SEE_UPTAKE, ("falltypen",)),
    Way(f"{PATH}/zahlen", "Monatszahlen", "anbieter", Action.REPORT_FIGURES),
    Way(f"{PATH}/ketten", "Hilfeketten", "weg", Action.SEE_QUEUE),
    Way(f"{PATH}/einlesen", "Listen einlesen", "herunterladen", Action.IMPORT),
    Way(f"{PATH}/konten", "Konten", "personen", Action.MANAGE_ACCOUNTS),
    Way(f"{PATH}/konto", "Mein Konto", "zeichen", Action.MANAGE_OWN_ACCOUNT),
]


def page(
    request: Request,
    session: Session,
    region: Region,
    person: Person | None,
    template: str,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> HTMLResponse:
    """Return a page of staff from web/templates/staff; its forms hold `{{ proof() }}` of staff/parts.html.

    person: who is signed in, None on the way in. Context: `error` is what went wrong, `done` what went well.
    """
    fresh = str(getattr(request.state, "token", ""))
    token = fresh or cookies.read(request, cookies.SESSION)
    if not token:
        token = fresh = sessions.new_token()  # of nobody yet, so that the way in has a proof, too
    common: dict[str, Any] = {
        "root": PATH,
        "person": person,
        "menu": [] if person is None else _menu(person, request.app.state.settings),
        "area": _area(request),
        "local": lambda instant: instant.astimezone(ZoneInfo(region.timezone)),
        "form_field": FIELD,
        "form_token": proof(token),
        "locales": [("de", LANGUAGES["de"], PATH)],
        "error": "",
        "done": "",
        "mistakes": {},
    }
    shown = render(request, session, region, f"staff/{template}", **(common | context))
    shown.status_code = status
    shown.headers.update(HEADERS)
    if fresh and cookies.is_safe(request):
        cookies.give(request, shown, cookies.SESSION, fresh)
    return shown


def _menu(person: Person, chosen: Settings) -> list[Way]:
    switched_off = set() if chosen.import_pages else {Action.IMPORT}
    return [way for way in MENU if person.may(way.action) and way.action not in switched_off]


def renew(request: Request, session: Session, signed_in: StaffSession) -> None:
    """Give the browser of who asks a new token with the page that is shown next."""
    request.state.token = sessions.rotate(session, signed_in)


def onward(path: str = PATH) -> RedirectResponse:
    """Lead to a page, so that loading again sends nothing again."""
    return RedirectResponse(path, status_code=303, headers=HEADERS)


def install(app: FastAPI) -> None:
    """Let the app answer who is not signed in, may not, comes by an unsafe way or with an old form.

    To be called after web.errors.install, whose answers stay for all other pages.
    """

    def needs_sign_in(request: Request, _error: Exception) -> Response:
        if _wants_json(request):
            error = NotAllowedError("Nobody is signed in.")
            error.status = 401
            return problem(error)
        return onward(way_in(request))

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)
        _note(request, "Not allowed")
        return problem(error) if _wants_json(request) else _alone(request, "refused.html", 403)

    def unsafe(request: Request, _error: Exception) -> Response:
        return _alone(request, "unsafe.html", 403)

    usual = app.exception_handlers[DomainError]

    def foreign(request: Request, error: Exception) -> Any:  # noqa: ANN401 - as the usual one answers
        if request.url.path.startswith(f"{PATH}/"):
            _note(request, "Not a form of ours")
        if request.url.path.startswith(f"{PATH}/") and not _wants_json(request):
            return _alone(request, "old_form.html", 403)
        return usual(request, error)

    app.add_exception_handler(TooManyError, _hasty(usual))
    app.add_exception_handler(SignInNeededError, needs_sign_in)
    app.add_exception_handler(UnsafeWayError, unsafe)
    app.add_exception_handler(NotAllowedError, refused)
    app.add_exception_handler(ForeignRequestError, foreign)


def _note(request: Request, what: str) -> None:
    """Log that something was refused, by whom and what kind of page it was; never what it was about."""
    person: Person | None = getattr(request.state, "person", None)
    kind = getattr(request.scope.get("route"), "path", "")
    log.warning("%s: %s %s, %s", what, request.method, kind, person.actor if person else "nobody")


def _hasty(usual: Handler) -> Handler:
    """Return what answers who asks for too much: as everywhere, but by a page of staff on those."""

    def answer(request: Request, error: Exception) -> Any:  # noqa: ANN401 - as the usual one answers
        assert isinstance(error, DomainError)
        if not f"{request.url.path}/".startswith(f"{PATH}/"):
            return usual(request, error)
        if _wants_json(request):
            return problem(error)
        shown = _alone(request, "hasty.html", error.status)
        shown.headers.update(retry_after(error))
        return shown

    return answer


def _wants_json(request: Request) -> bool:
    return "json" in request.headers.get("accept", "")


def _area(request: Request) -> str:
    """Return the path of the menu's entry to which a page belongs."""
    parts = request.url.path.removeprefix(f"{PATH}/").split("/")
    paths = {f"{PATH}/{part}": way.path for way in MENU for part in way.parts}
    paths |= {way.path: way.path for way in MENU}
    return paths.get(f"{PATH}/{parts[0]}", PATH if request.url.path.rstrip("/") == PATH else "")


def _alone(request: Request, template: str, status: int) -> Response:
    person = getattr(request.state, "person", None)
    try:
        with Session(request.app.state.engine) as session:
            region = regions.of_host(session, request.url.hostname or "")
            return page(request, session, region, person, template, status, sign_in=SIGN_IN)
    except (SQLAlchemyError, DomainError):
        words = {
            "title": "Gerade nicht erreichbar",
            "text": "Bitte versuchen Sie es gleich noch einmal.",
            "ways": [],
        }
        text = environment("de").get_template("alone.html").render(words)
        return HTMLResponse(text, status, headers=HEADERS)
