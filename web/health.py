"""For operators: /healthz says that the process lives, /readyz that it can answer."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.core.build import ROOT
from api.core.errors import NotFoundError
from api.regions import service as regions
from api.search.shelves import Shelves

router = APIRouter()


def _newest_migration() -> str:
    """Return the revision that the migrations end with; their files are numbered."""
    return max(path.name.partition("_")[0] for path in (ROOT / "alembic" / "versions").glob("[0-9]*.py"))


def _search(session: Session, request: Request) -> str:
    """Return how the search index of the default region stands; without one the database searches."""
    try:
        region = regions.of_host(session, "")
    except NotFoundError:
        return "missing"
    shelves: Shelves = request.app.state.shelves
    return shelves.stands_at(region)


@router.get("/healthz")
def alive() -> JSONResponse:
    """Answer as long as the process lives; the database is not asked."""
    return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})


@router.get("/readyz")
def ready(request: Request) -> JSONResponse:
    """Answer 200 when the database is there and stands at the newest migration, else 503 with the reason."""
    try:
        with Session(request.app.state.engine) as session:
            stands_at = session.scalar(text("SELECT version_num FROM alembic_version"))
            search = _search(session, request)
        reason = None if stands_at == _newest_migration() else "migrations are missing: run make migrate"
    except SQLAlchemyError:
        reason = "the database cannot be reached or has no tables yet"
    body = {"status": "not ready", "reason": reason} if reason else {"status": "ready", "search": search}
    return JSONResponse(body, 503 if reason else 200, headers={"Cache-Control": "no-store"})
