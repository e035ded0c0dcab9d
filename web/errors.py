"""Errors as friendly pages, with a way on."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.exceptions import HTTPException

from api.core.errors import DomainError, InvalidInputError
from api.core.problems import translate
from api.regions import service as regions
from api.regions.deps import NotModifiedError
from web.language import localized, translations
from web.problems import PROBLEMS
from web.rendering import environment, locale_of, render
from web.wish import explained
from web.words import _


def install(app: FastAPI) -> None:
    """Let an app answer every error with a page; 304 stays without one."""

    @app.exception_handler(NotModifiedError)
    def not_modified(_request: Request, error: NotModifiedError) -> Response:
        return Response(status_code=304, headers=error.headers)

    def answer(request: Request, error: Exception) -> HTMLResponse:
        found = translate(error)
        page = _page(request, found)
        page.status_code = found.status
        page.headers["Cache-Control"] = "no-store"
        page.headers.update(getattr(error, "headers", None) or {})  # e.g. Allow
        if "etag" in page.headers:
            del page.headers["etag"]
        if found.status == 503:  # noqa: PLR2004
            page.headers["Retry-After"] = "30"
        return page

    for kind in (DomainError, RequestValidationError, HTTPException, SQLAlchemyError, Exception):
        app.add_exception_handler(kind, answer)


def _page(request: Request, error: DomainError) -> HTMLResponse:
    locale = locale_of(request)
    say = translations(locale).gettext
    known = PROBLEMS.get(error.slug, PROBLEMS["internal-error"])
    text = explained(error) if isinstance(error, InvalidInputError) else None
    context = {
        "title": say(known.title),
        "text": say(text or known.text),
        "ways": [
            {"label": say(_("Zur Startseite")), "url": localized("/", locale)},
            {"label": say(_("Alle Angebote ansehen")), "url": localized("/angebote", locale)},
        ],
    }
    try:
        with Session(request.app.state.engine) as session:
            region = regions.of_host(session, request.url.hostname or "")
            return render(request, session, region, "error.html", **context)
    except (SQLAlchemyError, DomainError):
        # Without a database there is no region to put around the words, so they stand alone.
        return HTMLResponse(environment(locale).get_template("alone.html").render(context))
