"""The open API: create_api() puts the domains' routes under one roof."""

from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.middleware.cors import CORSMiddleware

from api.core import problems
from api.offers import routes as offers
from api.regions import routes as regions
from api.spaces import routes as spaces
from api.taxonomy import routes as taxonomy

DESCRIPTION = """
Open read API of the Unterstützungs-Landkarte: no key, no sign-in.
Coordinates are always longitude before latitude (EPSG:4326); distances are metres; ages are years.
Unknown parameters are refused. Errors are RFC 9457 problem+json and name the field.
Answers carry an ETag: ask again with If-None-Match and get 304 while nothing has changed.
"""


def create_api(engine: Engine) -> FastAPI:
    """Return the API app, to be mounted at /api/v1."""
    app = FastAPI(
        title="Unterstützungs-Landkarte",
        version="1",
        description=DESCRIPTION,
        docs_url=None,  # Swagger UI would load three foreign hosts
        redoc_url=None,
        servers=[{"url": "/api/v1"}],
        responses={"default": problems.DESCRIBED},
    )
    app.state.engine = engine
    app.state.takes_region_by_query = True
    app.add_middleware(
        CORSMiddleware,  # open data, and no cookies are read
        allow_origins=["*"],
        allow_methods=["GET", "HEAD"],
        allow_headers=["If-None-Match"],
        expose_headers=["ETag"],
    )
    problems.install(app)

    for router in (regions.router, taxonomy.router, spaces.router, offers.router):
        app.include_router(router)
    return app
