"""A process that searches: python -m tests.search.searcher follow FOLDER | crowd FOLDER SECONDS THREADS SEED.

A crowd writes what its threads have asked and got as JSON, one line each, and then, when told so by a line,
what it finds in the end.
"""

import json
import random
import sys
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from api import models as _models  # noqa: F401 - knows every table that has a history
from api.core.db import make_engine
from api.core.settings import settings
from api.offers.models import Offer
from api.search.schemas import SearchResults
from api.search.shelves import Shelves
from tests.search.town import Process, Question, region_named

ALL, OF_A_TOPIC = {"q": "werkstatt"}, {"q": "werkstatt", "topic": ["geld"]}


def follow(folder: Path) -> None:
    """Keep the index up to date, without a pause."""
    process = Process(make_engine(settings().database_url), folder)
    process.finds()
    say("ready")
    while True:
        with Session(process.engine) as session:
            process.shelves.at(region_named(session, "stadt"))


def crowd(folder: Path, seconds: float, threads: int, seed: int) -> None:
    """Let threads search for some seconds; then say everything."""
    engine = make_engine(settings().database_url)
    process = Process(engine, folder, Shelves(engine, folder))
    with Session(engine) as session:
        ids = session.exec(select(Offer.id).where(Offer.name.startswith("Werkstatt"))).all()
    with ThreadPoolExecutor(threads) as pool:
        until = time.monotonic() + seconds
        asking = [
            pool.submit(_ask, process, ids, until, random.Random(f"{seed} {n}")) for n in range(threads)
        ]
        for thread in asking:
            for told in thread.result():
                say(json.dumps(told))
    say("over")
    sys.stdin.readline()
    patient = Process(engine, folder)
    say(json.dumps([[found.offer.id for found in patient.answer(q).results] for q in (ALL, OF_A_TOPIC)]))


def _ask(process: Process, ids: Sequence[int], until: float, chance: random.Random) -> list[dict[str, Any]]:
    """Ask for everything, for a topic, or for the number that an offer bears in its name."""
    told: list[dict[str, Any]] = []
    while time.monotonic() < until:
        question: Question = chance.choice([ALL, OF_A_TOPIC, {}])
        asked: dict[str, Any] = {"from": time.monotonic(), "topic": "topic" in question}
        if not question:
            with Session(process.engine) as session:
                name = session.exec(select(Offer.name).where(Offer.id == chance.choice(ids))).one()
            asked["token"] = name.split()[-1]
            question = {"q": asked["token"]}
        try:
            told.append({**asked, **_said(process.answer(question)), "until": time.monotonic()})
        except Exception:  # noqa: BLE001 - none is allowed, so each is told
            told.append({"error": traceback.format_exc()})
    return told


def _said(results: SearchResults) -> dict[str, Any]:
    found = {found.offer.id: found.offer.name.split()[-1] for found in results.results}
    return {"found": found, "total": results.total, "by": results.by}


def say(line: str) -> None:
    """Print one line, at once and whole."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "follow":
        follow(Path(sys.argv[2]))
    else:
        crowd(Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
