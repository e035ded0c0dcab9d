"""HSDS 3.1 (Open Referral): create_hsds() makes the app to be mounted at /hsds."""

from fastapi import Depends, FastAPI
from sqlalchemy import Engine

from api.core import problems
from api.core.cors import OpenToAll
from api.core.deps import each_once
from api.exports.download import gate
from api.hsds import package
from api.hsds.deps import ROOT
from api.hsds.routes import router
from api.search.shelves import Shelves

DESCRIPTION = """
Services, organizations and locations as HSDS 3.1 (Human Services Data Specification, Open Referral):
no key, no sign-in.
Unknown parameters are refused. Errors are RFC 9457 problem+json and name the field.
"""


def create_hsds(engine: Engine, shelves: Shelves | None = None) -> FastAPI:
    """Return the app; without shelves it searches in the database itself."""
    app = FastAPI(
        title="Unterstützungs-Landkarte: HSDS",
        version="3.1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": ROOT}],
        dependencies=[Depends(each_once(but=()))],
        redirect_slashes=False,
    )
    app.state.engine = engine
    app.state.shelves = shelves
    app.state.regions = {}
    app.state.takes_region_by_query = True
    app.state.known = {}
    app.state.downloads = gate()
    app.add_middleware(
        OpenToAll,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD"],
        allow_headers=["If-None-Match"],
        expose_headers=["ETag"],
    )
    problems.install(app)
    for one in (package.router, router):
        app.include_router(one)
    return app
