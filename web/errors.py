"""Errors as friendly pages, with a way on."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.core.errors import DomainError, InvalidInputError, MovedError
from api.core.languages import DEFAULT
from api.core.problems import onward, problem, retry_after, translate
from api.regions import service as regions
from web.asgi import FILES, is_open
from web.language import localized, translations
from web.problems import PROBLEMS
from web.rendering import environment, locale_of, render
from web.security import EMBED
from web.wish import explained
from web.words import _


def install(app: FastAPI) -> None:
    """Let an app answer every error with a page."""

    def answer(request: Request, error: Exception) -> Response:
        found = translate(error)
        if of_api(request.scope):  # no address of the API, or it would have answered itself
            return problem(found, getattr(error, "headers", None))
        page = _page(request, found)
        page.status_code = found.status
        page.headers["Cache-Control"] = "no-store"
        page.headers.update(getattr(error, "headers", None) or {})  # e.g. Allow
        if "etag" in page.headers:
            del page.headers["etag"]
        page.headers.update(retry_after(found))
        return page

    def lead(request: Request, error: Exception) -> Response:
        assert isinstance(error, MovedError)
        return onward(request, error, localized("", locale_of(request)))

    app.add_exception_handler(MovedError, lead)
    for kind in (DomainError, RequestValidationError, HTTPException, SQLAlchemyError, Exception):
        app.add_exception_handler(kind, answer)


def of_api(scope: Scope) -> bool:
    """Return whether a request means the API, in whatever version: then a program waits for the answer."""
    return is_open(scope["path"])


def refusal(scope: Scope, error: DomainError) -> Response:
    """Return the answer to a request that does not even reach a route: a problem of the API, or a page.

    The page stands alone: the database may be what is missing.
    """
    if of_api(scope):
        return problem(error, {"Cache-Control": "no-store"})
    locale = scope.get("state", {}).get("locale", DEFAULT)
    page = environment(locale).get_template("alone.html").render(_words(error, locale))
    return HTMLResponse(page, error.status, {"Cache-Control": "no-store", **retry_after(error)})


def _words(error: DomainError, locale: str) -> dict[str, Any]:
    say = translations(locale).gettext
    known = PROBLEMS.get(error.slug, PROBLEMS["internal-error"])
    text = explained(error) if isinstance(error, InvalidInputError) else None
    return {
        "title": say(known.title),
        "text": say(text or known.text),
        "ways": [
            {"label": say(_("Zur Startseite")), "url": localized("/", locale)},
            {"label": say(_("Alle Angebote ansehen")), "url": localized("/angebote", locale)},
        ],
    }


def _page(request: Request, error: DomainError) -> HTMLResponse:
    locale = locale_of(request)
    context = _words(error, locale)
    path = request.scope["path"]
    if request.method != "GET" or path.startswith(FILES) or path == EMBED:
        # Nobody looks at these pages, and nothing bounds how many are asked for: they cost no database.
        # In a frame there is no room for more.
        return HTMLResponse(environment(locale).get_template("alone.html").render(context))
    try:
        with Session(request.app.state.engine) as session:
            region = regions.of_host(session, request.url.hostname or "")
            return render(request, session, region, "error.html", **context)
    except (SQLAlchemyError, DomainError):
        # Without a database there is no region to put around the words, so they stand alone.
        return HTMLResponse(environment(locale).get_template("alone.html").render(context))
