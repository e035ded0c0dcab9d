"""The running server brings back what has paused, without anybody's help."""

import asyncio
import time
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from api.core import clock
from api.core.db import make_pool
from api.offers import service as offers
from api.offers.models import Offer, Status
from importers.jobs.foreman import Foreman
from tests.factories import act, make_offer, make_region
from tests.loops import in_a_loop

PATIENCE_SECONDS = 60.0


def test_the_server_ends_a_pause_on_its_day_and_no_other(database: Engine) -> None:
    with Session(database) as session, session.begin():
        region = make_region(session)
        today = clock.today(region.timezone)
        over, going_on = make_offer(session, region), make_offer(session, region)
        for offer, until in ((over, today), (going_on, today + timedelta(days=2))):
            offers.change(session, act(region), offer, {"status": Status.PAUSED, "paused_until": until})
        wanted = {over.id: Status.PUBLISHED, going_on.id: Status.PAUSED}

    def found() -> dict[int, Status]:
        with Session(database) as session:
            return {row.id: row.status for row in session.execute(select(col(Offer.id), col(Offer.status)))}

    def wait() -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while found() != wanted and time.monotonic() < until:
            time.sleep(0.05)

    async def serve() -> None:
        async with make_pool(database) as pool:
            watching = asyncio.create_task(Foreman(database, 30).watch(pool))
            await asyncio.to_thread(wait)
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    in_a_loop(serve)
    assert found() == wanted
