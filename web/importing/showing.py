"""What every page of imports has in common: how it is answered, and who gets only the form for the token."""

from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.core.errors import DomainError
from api.core.languages import LANGUAGES
from api.regions import service as regions
from api.regions.models import Region
from importers.jobs.models import ImportJob, Stage
from web.importing.gate import FIELD, PATH, ClosedError, Gate, cookie_name
from web.importing.labels import STAGES
from web.rendering import environment, render

# What is brought in is for nobody else, nobody searches for it, and nobody keeps it.
HEADERS: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


def page(request: Request, session: Session, region: Region, template: str, **context: Any) -> HTMLResponse:  # noqa: ANN401
    """Return one of the pages."""
    gate: Gate = request.app.state.gate
    ticket = request.cookies.get(cookie_name(request), "")
    common = {
        "root": PATH,
        "form_field": FIELD,
        "form_token": gate.form_token(ticket),
        "locales": [("de", LANGUAGES["de"], PATH)],
        "error": "",
    }
    shown = render(request, session, region, f"importing/{template}", **(common | context))
    shown.headers.update(HEADERS)
    return shown


def onward(path: str = "") -> RedirectResponse:
    """Lead to a page, so that loading again sends nothing again."""
    return RedirectResponse(f"{PATH}{path}", status_code=303, headers=HEADERS)


def standing(job: ImportJob) -> dict[str, Any]:
    """Return how far a job is, in words and numbers."""
    is_counted = job.stage in (Stage.PREVIEWING, Stage.APPLYING)
    rows = f"{job.done} von {job.total} Zeilen" if job.total else f"{job.done} Zeilen"
    return {
        "stage": job.stage.value,
        "done": job.done,
        "total": job.total or 0,
        "text": f"{STAGES[job.stage]} {rows}" if is_counted and job.done else STAGES[job.stage],
    }


def install(app: FastAPI) -> None:
    """Let the app answer whoever has no token with the form for it, whatever was asked."""

    def answer(request: Request, _error: Exception) -> Response:
        return entrance(request, "")

    app.add_exception_handler(ClosedError, answer)


def entrance(request: Request, error: str) -> HTMLResponse:
    """Return the form for the token."""
    try:
        with Session(request.app.state.engine) as session:
            region = regions.of_host(session, request.url.hostname or "")
            shown = page(request, session, region, "entrance.html", error=error)
    except (SQLAlchemyError, DomainError):
        words = {"title": "Listen einlesen", "text": "Gerade nicht erreichbar.", "ways": []}
        shown = HTMLResponse(environment("de").get_template("alone.html").render(words), headers=HEADERS)
    shown.status_code = 403
    return shown
