"""Measures searches for what takes place now or this week beside the same without a time."""

import math
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlmodel import Session

from api.core.db import make_engine
from api.regions.models import Region
from api.search import ranking
from api.search.counting import Choice
from api.search.question import understand
from api.search.schemas import SearchQuery
from api.search.shelf import Shelf
from api.search.shelves import Shelves
from api.search.table import Chunk, Table
from api.search.wishes import resolve
from bench import schedules
from bench.filling import Say
from bench.installation import Installation, one_region
from bench.region import Plan
from bench.search.asking import Local, local, query_of
from bench.search.measure import NAME

OFFERS: Final = 10_000
QUESTIONS: Final = 400
TIMES: Final = (None, "now", "week")
PATIENCE_SECONDS: Final = 600.0
P95: Final = 0.95


def with_hours(
    say: Say, number: int, *, afresh: bool, offers: int = OFFERS
) -> tuple[Installation, dict[str, Any]]:
    """Measure in so many rounds; every offer has hours at each of its places."""
    installation, plan = one_region(f"{NAME}_{offers}", 1, offers), Plan(1, offers)
    installation.ensure(say, afresh=afresh)
    at = local(installation, plan)
    with TemporaryDirectory() as folder:
        shelves = Shelves(make_engine(installation.url), Path(folder))
        with Session(shelves.engine, expire_on_commit=False) as session:
            region = session.get_one(Region, at.id)
            shelf = shelves.at(region, wait=PATIENCE_SECONDS)
            if shelf is None:
                raise RuntimeError("the index could not be built")
            table = timed(shelf.table)
            say(f"{len(table)} Angebote mit Zeiten")
            rounds = [_round(session, region, shelf, table, at, seed) for seed in range(number)]
        shelves.close()
    return installation, {"offers": offers, "rounds": rounds, "dates": schedules.measure()}


def timed(table: Table) -> Table:
    """Return the same table with one or two rules for each offer at each of its places."""
    draw = Random(7)  # noqa: S311 - rules to measure with, no secrets
    chunks = []
    for chunk, kept in table.chunks:
        rows = [
            row._replace(
                times=tuple(
                    (place[0], tuple(schedules.drawn(draw) for _ in range(draw.randint(1, 2))))
                    for place in row.places
                )
            )
            for row in chunk.rows
        ]
        chunks.append((Chunk(rows), kept))
    return Table(chunks, table.vocabulary)


def _round(
    session: Session, region: Region, shelf: Shelf, table: Table, at: Local, seed: int
) -> dict[str, float]:
    """Return the p95 in milliseconds for each time, every question asked for all of them in turn."""
    taken: dict[str | None, list[float]] = {when: [] for when in TIMES}
    chance = Random(seed)  # noqa: S311 - only an order
    for question in at.questions(QUESTIONS, seed):
        query = query_of(question, at.stadtteile)
        _ask(session, region, shelf, table, query)  # words are looked up once, whatever the time
        for when in chance.sample(TIMES, len(TIMES)):
            start = time.perf_counter()
            _ask(session, region, shelf, table, query.model_copy(update={"when": when}))
            taken[when].append(1000 * (time.perf_counter() - start))
    return {when or "any": p95(times) for when, times in taken.items()}


def _ask(session: Session, region: Region, shelf: Shelf, table: Table, query: SearchQuery) -> None:
    """Do what api.search.service.look_up does."""
    judged = ranking.judge(shelf, understand(query.q, shelf))
    choice = Choice(table, resolve(session, region, query, shelf), judged.found)
    ranking.order(shelf, judged, choice.found.nonzero()[0], query.near)
    choice.facets()


def p95(times: list[float]) -> float:
    """Return the time that nineteen of twenty do not exceed."""
    return sorted(times)[math.ceil(P95 * len(times)) - 1]
