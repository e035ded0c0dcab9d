"""Errors as RFC 9457 problem+json."""

import logging
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from api.core import errors

log = logging.getLogger(__name__)

# A table, a column or a function that is not there yet, or no right to it (PostgreSQL, Appendix A).
_NOT_MIGRATED = ("42P01", "42703", "42883", "42501")

# A question with a thousand mistakes is not answered with a thousand sentences.
MOST_MISTAKES = 20
LONGEST_TEXT = 300

_BY_STATUS: dict[int, type[errors.DomainError]] = {
    404: errors.NotFoundError,
    405: errors.MethodNotAllowedError,
    413: errors.TooLargeError,
}


class ProblemResponse(JSONResponse):
    """JSON in which no sign can be taken for HTML, even by a client that guesses."""

    media_type = "application/problem+json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - as Starlette says it
        """Return the JSON text; a field's name in it was said by the client."""
        return super().render(content).replace(b"<", b"\\u003c").replace(b">", b"\\u003e")


def problem(error: errors.DomainError, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return the error as application/problem+json; `type` is a page that explains it."""
    headers = {"Cache-Control": "no-store"} | retry_after(error) | (headers or {})
    body: dict[str, Any] = {
        "type": f"/problems/{error.slug}",
        "title": error.title,
        "status": error.status,
    }
    if error.detail:
        body["detail"] = error.detail[:LONGEST_TEXT]
    if error.errors:
        body["errors"] = [
            {"field": one.field[:LONGEST_TEXT], "detail": one.detail} for one in error.errors[:MOST_MISTAKES]
        ]
    return ProblemResponse(body, error.status, headers)


def retry_after(error: errors.DomainError) -> dict[str, str]:
    """Return the header that says when to try again, if trying again may help (RFC 9110, 10.2.3)."""
    return {"Retry-After": str(error.retry_seconds)} if isinstance(error, errors.UnavailableError) else {}


def from_validation(error: RequestValidationError) -> errors.InvalidInputError:
    """Return what is wrong with which field; the rejected values are not repeated."""
    found = []
    for one in error.errors():
        where = ".".join(str(part) for part in one["loc"][1:])  # loc[0] is query or path
        found.append(errors.FieldError(where or "query", one["msg"].removeprefix("Value error, ")))
    return errors.InvalidInputError(f"{found[0].field}: {found[0].detail}.", found)


def translate(error: Exception) -> errors.DomainError:
    """Return any exception as a domain error; only the unexpected ones are logged."""
    if isinstance(error, errors.DomainError):
        return error
    if isinstance(error, RequestValidationError):
        return from_validation(error)
    if isinstance(error, HTTPException):
        kind = _BY_STATUS.get(error.status_code)
        if kind is not None:
            return kind()
        other = errors.InvalidInputError(str(error.detail))
        other.status = error.status_code
        return other
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError) or _is_not_migrated(error):
        log.warning("database: %s", type(error).__name__)
        return errors.UnavailableError("Please try again in a few minutes.")
    log.error("unexpected error", exc_info=error)
    return errors.DomainError()


def _is_not_migrated(error: Exception) -> bool:
    return isinstance(error, ProgrammingError) and getattr(error.orig, "sqlstate", "") in _NOT_MIGRATED


def onward(request: Request, error: errors.MovedError, before: str = "") -> Response:
    """Lead to the new address of what was asked for, with the same question; before: put before its path.

    Forms are sent there once more (308); reading programs older than that status know 301. Nobody keeps the
    answer without asking: a merge can be taken back.
    """
    parts = [error.new if part == error.old else part for part in request.scope["path"].split("/")]
    question = request.scope["query_string"].decode("latin-1")
    there = before + quote("/".join(parts)) + (f"?{question}" if question else "")
    status = 301 if request.method in ("GET", "HEAD") else 308
    return Response(status_code=status, headers={"Location": there, "Cache-Control": "no-cache"})


def install(app: FastAPI) -> None:
    """Let an app answer every error as problem+json."""

    def answer(_request: Request, error: Exception) -> JSONResponse:
        return problem(translate(error), getattr(error, "headers", None))

    def lead(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.MovedError)
        return onward(request, error)

    app.add_exception_handler(errors.MovedError, lead)
    kinds = (errors.DomainError, RequestValidationError, HTTPException, OperationalError, InterfaceError)
    for kind in (*kinds, PoolTimeoutError, Exception):
        app.add_exception_handler(kind, answer)
