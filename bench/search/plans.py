"""Measures family plans: how long one takes beside one search, and how many ways it saves."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from sqlmodel import Session, select

from api.core.build import ROOT
from api.core.db import make_engine
from api.plans import service, worries
from api.plans.candidates import gather
from api.plans.hours import Times
from api.plans.schemas import PlanQuestion
from api.plans.solving import solve
from api.plans.spots import roofs_of
from api.plans.starting import start
from api.regions.models import Region
from api.search import service as search
from api.search.schemas import SearchQuery
from api.search.shelf import Shelf
from api.search.shelves import Shelves
from bench.filling import Say
from bench.installation import Installation, one_region
from bench.region import Plan
from bench.search.asking import local, query_of
from bench.search.families import family, without_a_plan
from bench.search.hours import PATIENCE_SECONDS, p95, timed
from bench.search.measure import NAME

OFFERS: Final = 10_000
FAMILIES: Final = 500
ASKED: Final = 200  # in each round, of each kind
DEMO: Final = "landkarte_bench_demo"
DEMO_REGION: Final = "lichtenberg"


class Fixed(Shelves):
    """Indexes of which one is open and stays as it is."""

    def __init__(self, shelves: Shelves, shelf: Shelf) -> None:
        super().__init__(shelves.engine, shelves.folder)
        self.shelf = shelf

    def at(self, region: Region, wait: float = 0) -> Shelf | None:  # noqa: ARG002
        """Return the shelf."""
        return self.shelf


def beside_searches(
    say: Say, rounds: int, *, afresh: bool, offers: int = OFFERS
) -> tuple[Installation, dict[str, Any]]:
    """Return p95 of plans and searches of each round, and the ways saved in two regions."""
    installation, plan = one_region(f"{NAME}_{offers}", 1, offers), Plan(1, offers)
    installation.ensure(say, afresh=afresh)
    at = local(installation, plan)
    with TemporaryDirectory() as folder:
        opened = Shelves(make_engine(installation.url), Path(folder))
        with Session(opened.engine, expire_on_commit=False) as session:
            region = session.get_one(Region, at.id)
            shelf = _shelf(opened, region)
            shelf.table = timed(shelf.table)
            fixed = Fixed(opened, shelf)
            say(f"{len(shelf.table)} Angebote mit Zeiten")
            queries = [query_of(question, at.stadtteile) for question in at.questions(ASKED, 1)]
            found = [_round(session, region, fixed, queries, number) for number in range(rounds)]
            made_up = _saved(session, region, shelf)
            say("Wege gezählt")
        opened.close()
    return installation, {
        "offers": offers,
        "rounds": found,
        "saved": {"made_up": made_up, "demo": _of_demo(installation)},
    }


def questions(shelf: Shelf, count: int, seed: int) -> Iterator[PlanQuestion]:
    """Yield the questions of random families who live where offers are."""
    table = shelf.table
    at = np.flatnonzero(table.has_point)
    points = [(float(table.lon[one]), float(table.lat[one])) for one in at[:: max(1, len(at) // 500)]]
    topics = sorted(str(topic) for topic in table.topics.borne)
    for number in range(count):
        draw = Random(f"{seed} {number}")  # noqa: S311 - families to measure with, no secrets
        yield PlanQuestion.model_validate(family(draw, topics, points))


def _round(
    session: Session, region: Region, fixed: Fixed, queries: Sequence[SearchQuery], seed: int
) -> dict[str, float]:
    """Return the p95 in milliseconds of a plan and of a search, asked in turn, each new to the round."""
    taken: dict[str, list[float]] = {"plan": [], "search": []}
    for question, query in zip(questions(fixed.shelf, ASKED, seed), queries, strict=False):
        begin = time.perf_counter()
        service.plan(session, region, question, fixed)
        middle = time.perf_counter()
        search.find(session, region, query, fixed).as_json()
        taken["plan"].append(1000 * (middle - begin))
        taken["search"].append(1000 * (time.perf_counter() - middle))
    return {name: p95(times) for name, times in taken.items()}


def _saved(session: Session, region: Region, shelf: Shelf) -> dict[str, Any]:
    """Return how many ways plans save beside the nearest offer for each worry, family by family."""
    saved: Counter[int] = Counter()
    ways = [0, 0]
    for question in questions(shelf, FAMILIES, 0):
        known = worries.known(session, region, question, shelf)
        times = Times(known.table, region.timezone, (), ())
        found = gather(known, question, start(session, region, question), times)
        answered, cost = without_a_plan(found)
        plans = solve(len(question.worries), found.options, found.between)
        fewest = min(plan.cost.trips for plan in plans)
        if plans[0].worries.bit_count() == answered:
            saved[cost.trips - fewest] += 1
            ways = [ways[0] + cost.trips, ways[1] + fewest]
        else:
            saved[-1] += 1  # it answers more worries, which no way saved can say
    return {
        "saved": {str(number): count for number, count in sorted(saved.items())},
        "nearest": ways[0],
        "planned": ways[1],
        "offers": len(shelf.table),
        "shared": _shared(shelf),
    }


def _shared(shelf: Shelf) -> float:
    """Return the share of roofs under which there are two offers or more."""
    _, roofs = roofs_of(shelf.table)
    offers: dict[int, set[int]] = {}
    for roof, offer in zip(roofs.tolist(), shelf.table.offer_of_place.tolist(), strict=True):
        if roof >= 0:
            offers.setdefault(roof, set()).add(offer)
    return sum(len(found) > 1 for found in offers.values()) / max(1, len(offers))


def _shelf(opened: Shelves, region: Region) -> Shelf:
    shelf = opened.at(region, wait=PATIENCE_SECONDS)
    if shelf is None:
        raise RuntimeError("the index could not be built")
    return shelf


def _of_demo(beside: Installation) -> dict[str, Any]:
    """Return the ways saved in the demo region; its database is made once beside another one."""
    demo = Installation(DEMO, (), 0, beside.owner)
    demo.empty()
    fill = [sys.executable, "-m", "importers.demo"]
    subprocess.run(fill, cwd=ROOT, env=demo.environment(), check=True, stdout=subprocess.DEVNULL)
    with TemporaryDirectory() as folder:
        opened = Shelves(make_engine(demo.url), Path(folder))
        with Session(opened.engine, expire_on_commit=False) as session:
            region = session.exec(select(Region).where(Region.slug == DEMO_REGION)).one()
            found = _saved(session, region, _shelf(opened, region))
        opened.close()
    return found
