"""People who read while things break, and whether what they read agrees with the database."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

from sqlmodel import Session, col, func, select

from api.offers.models import Offer, OfferAtPlace, Status
from api.places.models import Place
from tests.faults.house import Answer, ask

PAGES = ("/", "/angebote", "/quellen", "/en/angebote")
OFFERS = "/api/v1/offers?per_page=200"
POINTS = "/api/v1/map/points"
PATHS = (*PAGES, OFFERS, POINTS)
PERSISTENCE = 20  # times that we come again
PAUSE_SECONDS = 0.05  # the others want to work as well


@contextmanager
def readers(port: int, how_many: int = 1, seconds: float = 60.0) -> Iterator[list[Answer]]:
    """Let some people read all the time; yields the list that their answers are added to."""
    answers: list[Answer] = []
    enough = threading.Event()

    def read() -> None:
        for path in cycle(PATHS):
            if enough.is_set():
                return
            found = ask(port, path, seconds=seconds)
            answers.append(found)
            enough.wait(PAUSE_SECONDS)

    threads = [threading.Thread(target=read) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def got(port: int, path: str) -> Answer:
    """Ask until the server has time to answer; a busy one says 503 and asks us to come again."""
    found = ask(port, path)
    for _again in range(PERSISTENCE):
        if found.status != 503:
            break
        threading.Event().wait(1)
        found = ask(port, path)
    assert found.status == 200, f"{path}: {found}"
    return found


def check_served(port: int, session: Session) -> str:
    """Fail unless pages and API answer and agree with the database; return the ETag of the list."""
    for path in PAGES:
        got(port, path)
    told = {offer["id"]: offer["name"] for offer in _all(port)}
    rows = session.execute(select(Offer.id, Offer.name).where(Offer.status == Status.PUBLISHED))
    assert told == {row[0]: row[1] for row in rows}, "the API lists other offers than the database has"
    drawn = json.loads(got(port, POINTS).body)["offers"]
    known = session.scalar(
        select(func.count())
        .select_from(OfferAtPlace)
        .join(Place, col(Place.id) == col(OfferAtPlace.place_id))
        .join(Offer, col(Offer.id) == col(OfferAtPlace.offer_id))
        .where(Offer.status == Status.PUBLISHED, col(Place.geom).is_not(None), ~col(Place.address_hidden))
    )
    assert len(drawn) == known, "the map draws other points than the database has"
    return got(port, OFFERS).headers["etag"]


def _all(port: int) -> Iterator[dict[str, object]]:
    number, total = 1, 1
    while (number - 1) * 200 < total:
        page = json.loads(got(port, f"{OFFERS}&page={number}").body)
        total = page["total"]
        yield from page["results"]
        number += 1
