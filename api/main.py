"""The open API: create_api() puts the domains' routes under one roof."""

from fastapi import Depends, FastAPI
from sqlalchemy import Engine

from api.core import openapi, problems
from api.core.cors import OpenToAll
from api.core.deps import each_once
from api.exports import routes as exports
from api.exports.download import gate
from api.offers import routes as offers
from api.offers.schemas import SEVERAL
from api.plans import routes as plans
from api.plans.turns import Turns
from api.regions import routes as regions
from api.search import routes as search
from api.search.shelves import Shelves
from api.spaces import routes as spaces
from api.taxonomy import routes as taxonomy
from api.uptake import routes as uptake

DOMAINS = (regions, taxonomy, spaces, search, exports, offers, plans, uptake)
ROUTERS = tuple(domain.router for domain in DOMAINS)
DESCRIPTION = """
Open read API of the Unterstützungs-Landkarte: no key, no sign-in.
Coordinates are always longitude before latitude (EPSG:4326); distances are metres; ages are years.
Unknown parameters are refused. Errors are RFC 9457 problem+json and name the field.
Answers carry an ETag: ask again with If-None-Match and get 304 while nothing has changed.
"""


def create_api(engine: Engine, shelves: Shelves | None = None) -> FastAPI:
    """Return the API app, to be mounted at /api/v1; without shelves it searches in the database itself."""
    app = FastAPI(
        title="Unterstützungs-Landkarte",
        version="1",
        description=DESCRIPTION,
        docs_url=None,  # Swagger UI would load three foreign hosts
        redoc_url=None,
        servers=[{"url": "/api/v1"}],
        dependencies=[Depends(each_once(but=SEVERAL))],
        redirect_slashes=False,  # it would send on to whatever host the request claims
    )
    app.state.engine = engine
    app.state.shelves = shelves
    app.state.regions = {}
    app.state.takes_region_by_query = True
    app.state.downloads = gate()
    app.state.turns = Turns()
    app.add_middleware(
        OpenToAll,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["Content-Type", "If-None-Match"],
        expose_headers=["ETag"],
    )
    problems.install(app)

    for router in ROUTERS:
        app.include_router(router)
    openapi.describe(app)
    return app
