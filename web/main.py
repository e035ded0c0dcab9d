"""The whole service: create_app() serves the pages at / and the open API at /api/v1."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette_compress import CompressMiddleware

from api.core.db import make_engine, make_pool
from api.core.errors import NotFoundError
from api.core.languages import DEFAULT, LANGUAGES
from api.core.settings import TILES_PATH, Settings, settings
from api.exports.formats import DOWNLOADS
from api.hsds import package
from api.hsds import routes as services
from api.hsds.main import create_hsds
from api.main import ROUTERS as OPEN_API
from api.main import create_api
from api.ogc import routes as features
from api.ogc.main import create_ogc
from api.plans.turns import Turns
from api.regions import service as regions
from api.search.shelves import Shelves
from api.uptake.counting import Counter
from importers.checking.after import Watched
from importers.jobs.foreman import Foreman
from importers.readers.limits import FILE, MIB
from web import access_log, errors, health
from web.access_log import AccessLog
from web.answers import Answers
from web.asgi import FILES, HSDS, OGC, HeadAsGet, LocaleInPath
from web.files import STATIC, Files
from web.language import PREFIXES
from web.limits import RequestLimits
from web.pages import (
    about,
    chains,
    changes,
    embedding,
    emergency,
    hours,
    identity,
    import_job,
    importing,
    legal,
    merkliste,
    oembed,
    offer,
    offers,
    offline,
    plan,
    provider_change,
    provider_check,
    provider_mail,
    referral,
    referral_making,
    reporting,
    sitemap,
    spaces,
    staff_account,
    staff_account_people,
    staff_bulk,
    staff_campaigns,
    staff_chains,
    staff_chains_link,
    staff_doubt,
    staff_due,
    staff_due_one,
    staff_due_provider,
    staff_duplicates,
    staff_duplicates_merge,
    staff_duplicates_name,
    staff_history,
    staff_offer_form,
    staff_offer_script,
    staff_offers,
    staff_place,
    staff_proposal,
    staff_proposal_answer,
    staff_proposal_preview,
    staff_queue,
    staff_queue_claims,
    staff_refer,
    staff_sign_in,
    staff_sign_in_openid,
    staff_sign_in_passkey,
    staff_start,
    staff_uptake,
    staff_uptake_figures,
    staff_watching,
    staff_watching_mail,
    start,
    umap,
    uptake,
    week,
)
from web.pages.ogc import show
from web.referrals import opening, showing
from web.security import SecurityHeaders, content_security_policy
from web.sending.proofs import Proofs
from web.sending.throttle import Throttle
from web.staff import gate as staff
from web.staff import openid
from web.staff import showing as staff_showing
from web.staff.pace import Pace
from web.tiles import TileFiles
from web.uptake import Uptake, keep_writing

PAGES = (
    health.router,
    start.router,
    offers.router,
    spaces.router,
    offer.router,
    hours.router,
    week.router,
    merkliste.router,
    chains.router,
    plan.router,
    referral_making.router,
    referral.router,
    about.router,
    emergency.router,
    legal.router,
    reporting.router,
    provider_check.router,
    provider_change.router,
    provider_mail.quiet,
    provider_mail.router,
    offline.router,
    identity.router,
    embedding.router,
    oembed.router,
    umap.router,
    sitemap.router,
    changes.router,
    uptake.router,
    importing.router,
    import_job.router,
    staff_start.router,
    staff_sign_in.router,
    staff_sign_in_passkey.way_in,
    staff_sign_in_openid.way_in,
    staff_account.router,
    staff_sign_in_passkey.router,
    staff_sign_in_openid.router,
    staff_account_people.router,
    staff_offers.router,
    staff_offer_form.router,
    staff_offer_script.router,
    staff_queue.router,
    staff_queue_claims.router,
    staff_refer.router,
    staff_bulk.router,
    staff_doubt.router,
    staff_place.router,
    staff_proposal.router,
    staff_proposal_answer.router,
    staff_proposal_preview.router,
    staff_history.router,
    staff_due.router,
    staff_due_one.router,
    staff_due_provider.router,
    staff_campaigns.router,
    staff_uptake.router,
    staff_uptake_figures.router,
    staff_chains.router,
    staff_chains_link.router,
    staff_watching.router,
    staff_watching_mail.router,
    staff_duplicates.router,
    staff_duplicates_merge.router,
    staff_duplicates_name.router,
)


def create_app(engine: Engine | None = None, chosen: Settings | None = None) -> FastAPI:
    """Return the app that uvicorn serves; without an engine it uses the database that the settings name.

    chosen: settings other than those of the surroundings.
    """
    chosen = chosen or settings()
    engine = engine or make_engine(chosen.database_url)
    shelves = Shelves(engine, chosen.index_dir)
    api = create_api(engine, shelves)
    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, lifespan=_pool_is_open, redirect_slashes=False
    )
    app.state.engine = engine
    app.state.sessions = Watched
    app.state.shelves = shelves
    app.state.turns = api.state.turns
    app.state.sheets = Turns()
    app.state.regions = {}
    app.state.settings = chosen
    app.state.proofs = Proofs(chosen.form_secret)
    app.state.throttle = Throttle()
    app.state.wrong_codes = Throttle(opening.AT_ONCE, opening.SECONDS)
    app.state.taps = Throttle(at_once=60, seconds=2.0)
    app.state.uptake = Counter(is_on=chosen.uptake)
    app.state.pace = Pace()
    app.state.planning = Throttle(*plan.RATE)
    app.state.openid = openid.of_settings(chosen)
    app.state.foreman = Foreman(engine, chosen.import_days)
    errors.install(app)
    staff_showing.install(app)
    staff.check_declared(PAGES)
    app.mount("/api/v1", api)
    app.mount(OGC, create_ogc(engine, show))
    app.mount(HSDS, create_hsds(engine, shelves))
    app.mount("/static", Files(directory=STATIC))
    if chosen.serves_tiles:
        app.mount(TILES_PATH, TileFiles(directory=chosen.tiles_dir, check_dir=False))
    for router in PAGES:
        if chosen.import_pages or router not in (importing.router, import_job.router):
            app.include_router(router)
    app.user_middleware = _around(chosen, app.state.uptake)
    return app


def _around(chosen: Settings, counter: Counter) -> list[Middleware]:
    """Return what a request passes on its way to a route, the first first."""
    around = [
        Middleware(
            SecurityHeaders,
            policy=content_security_policy(chosen),
            framed_policy=content_security_policy(chosen, chosen.embedding_hosts),
        ),
        Middleware(LocaleInPath, prefixes=PREFIXES, default=DEFAULT),
        Middleware(RequestLimits, larger={importing.UPLOAD: FILE + MIB}),
        Middleware(Uptake, counter=counter),
        Middleware(HeadAsGet, files=FILES),
        Middleware(
            Answers,
            passed_by=(
                *FILES,
                *DOWNLOADS,
                "/healthz",
                "/readyz",
                staff.PATH,
                f"{staff.PATH}/",
                f"{showing.PAGE}/",
            ),
            memory_bytes=chosen.memory_megabytes * 1_000_000,
        ),
        Middleware(CompressMiddleware),
    ]
    if chosen.access_log:
        access_log.write_to_stdout()
        routers = (*PAGES, *OPEN_API, features.router, services.router, package.router)
        paths = [route.path for router in routers for route in router.routes if isinstance(route, Route)]
        known = [*paths, *DOWNLOADS, "/api/v1", OGC, HSDS, "/static", *LANGUAGES]
        words = access_log.words_of(known)
        around.insert(0, Middleware(AccessLog, words=words))
    return around


@asynccontextmanager
async def _pool_is_open(app: FastAPI) -> AsyncIterator[None]:
    """Keep the pool open that asks for the present state of the data, and the search index at hand."""
    with suppress(SQLAlchemyError, NotFoundError), Session(app.state.engine) as session:
        app.state.shelves.warm(regions.of_host(session, ""))
    async with make_pool(app.state.engine) as app.state.pool:
        tasks = [
            asyncio.create_task(app.state.foreman.watch(app.state.pool)),
            asyncio.create_task(keep_writing(app)),
        ]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    app.state.shelves.close()
