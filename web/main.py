"""The whole service: create_app() serves the pages at / and the open API at /api/v1."""

from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.core.db import make_engine
from api.core.settings import TILES_PATH, Settings, settings
from api.main import create_api
from web import errors, health
from web.asgi import HeadAsGet, LocaleInPath
from web.language import DEFAULT, LANGUAGES
from web.pages import about, offer, offers, spaces, start
from web.security import SecurityHeaders, content_security_policy
from web.tiles import TileFiles

STATIC = Path(__file__).parent / "static"
YEAR_SECONDS = 31_536_000


class KeptFiles(StaticFiles):
    """Our files; an address with the build in it may be kept, any other is asked for again with its ETag."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file and for how long browsers may keep it."""
        response = await super().get_response(path, scope)
        # Modules of the map import each other by plain names, without the build.
        kept = scope["query_string"].startswith(b"v=") and response.status_code in (200, 304)
        response.headers["Cache-Control"] = (
            f"public, max-age={YEAR_SECONDS}, immutable" if kept else "no-cache"
        )
        return response


def create_app(engine: Engine | None = None, chosen: Settings | None = None) -> FastAPI:
    """Return the app that uvicorn serves; without an engine it uses the database that the settings name.

    chosen: settings other than those of the surroundings.
    """
    chosen = chosen or settings()
    engine = engine or make_engine(chosen.database_url)
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(SecurityHeaders, policy=content_security_policy(chosen)),
            Middleware(HeadAsGet),
            Middleware(LocaleInPath, prefixes=set(LANGUAGES) - {DEFAULT}, default=DEFAULT),
        ],
    )
    app.state.engine = engine
    app.state.settings = chosen
    errors.install(app)
    app.mount("/api/v1", create_api(engine))
    app.mount("/static", KeptFiles(directory=STATIC))
    if chosen.serves_tiles:
        app.mount(TILES_PATH, TileFiles(directory=chosen.tiles_dir, check_dir=False))
    for module in (health, start, offers, spaces, offer, about):
        app.include_router(module.router)
    return app
