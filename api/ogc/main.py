"""OGC API – Features and vector tiles: create_ogc() makes the app to be mounted at /ogc."""

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy import Engine
from sqlalchemy.exc import InternalError
from starlette.exceptions import HTTPException

from api.core import errors, problems
from api.core.cors import OpenToAll
from api.core.deps import each_once
from api.ogc.answers import Page
from api.ogc.counts import Counts
from api.ogc.routes import router

HEADERS = ("ETag", "Content-Crs")


def create_ogc(engine: Engine, page: Page) -> FastAPI:
    """Return the app; page shows a document to people."""
    app = FastAPI(
        openapi_url=None,  # of version 3.0, and made for each region: see description.py
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(each_once(but=()))],
        redirect_slashes=False,
    )
    app.state.engine = engine
    app.state.regions = {}
    app.state.takes_region_by_query = True
    app.state.page = page
    app.state.counts = Counts()
    app.add_middleware(
        OpenToAll,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD"],
        allow_headers=["If-None-Match"],
        expose_headers=HEADERS,
    )
    problems.install(app)
    for kind in (errors.InvalidInputError, RequestValidationError, InternalError):
        app.add_exception_handler(kind, _refused)
    app.include_router(router)
    return app


def _refused(_request: Request, error: Exception) -> JSONResponse:
    """Answer 400 to what is asked wrongly, as the standard has it (17-069r4, 7.2)."""
    if isinstance(error, InternalError):
        # PROJ knows no such point: the one error that a question can lead to inside PostGIS.
        detail = "Not all of this can be said in this reference system"
        error = errors.InvalidInputError(f"{detail}.", [errors.FieldError("crs", detail)])
    found = problems.translate(error)
    headers = error.headers if isinstance(error, HTTPException) else None
    if found.status == errors.InvalidInputError.status:
        found.status = 400
    return problems.problem(found, dict(headers) if headers else None)
