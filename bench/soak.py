"""A worker's memory under mixed load for a long time, while the data keeps changing."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session, col, select

from api.core.db import make_engine
from api.history.models import Origin
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Offer
from bench.filters import stadtteile, wishes
from bench.installation import Installation
from bench.load import CONNECTIONS, LoadError, ask, fire
from bench.region import Plan
from bench.servers import Server

EVERY_SECONDS: Final = 5.0  # a look at the memory, and an edit
MIXED_SECONDS: Final = 8
REPEATED_SECONDS: Final = 2
WISHES: Final = 200
NOTE: Final = "Geändert während einer Messung."


@dataclass
class Load:
    """Asks for everything in turn until it is told to stop."""

    server: Server
    plan: Plan
    requests: int = 0
    failures: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Mix pages, lists, points and questions that nobody asked before; then repeat with a tag (304)."""
        headers = {"Accept-Encoding": "gzip", "Host": self.plan.host}
        paths = _paths(self.plan)
        while not self.stopped.is_set():
            self._fire(paths, headers, MIXED_SECONDS)
            tag = ask(self.server.address, "/", headers).tag
            repeated = ["/", "/angebote", "/api/v1/offers", "/api/v1/map/points"]
            self._fire(repeated, {**headers, "If-None-Match": tag}, REPEATED_SECONDS)

    def _fire(self, paths: list[str], headers: dict[str, str], seconds: int) -> None:
        try:
            self.requests += round(fire(self.server.address, paths, headers, seconds).per_second * seconds)
        except LoadError as error:
            self.failures.append(str(error))


def watch(
    installation: Installation, plan: Plan, server: Server, minutes: float, say: Callable[[str], None]
) -> dict[str, Any]:
    """Return the memory (megabytes, every EVERY_SECONDS) and what was done meanwhile."""
    load = Load(server, plan)
    thread = threading.Thread(target=load.run)
    engine = make_engine(installation.url)
    rss: list[float] = []
    edits = 0
    end = time.monotonic() + minutes * 60
    thread.start()
    try:
        while time.monotonic() < end and thread.is_alive():
            time.sleep(EVERY_SECONDS)
            rss.append(resident_megabytes(server.pid))
            with Session(engine) as session, session.begin():
                _edit(session, edits)
            edits += 1
            if len(rss) % 60 == 0:
                say(f"{len(rss) * EVERY_SECONDS / 60:.0f} Minuten, {rss[-1]:.0f} MB")
    finally:
        load.stopped.set()
        thread.join()
        engine.dispose()
    return {
        "rss": rss,
        "every_seconds": EVERY_SECONDS,
        "connections": CONNECTIONS,
        "requests": load.requests,
        "edits": edits,
        "failures": load.failures,
    }


def resident_megabytes(pid: int) -> float:
    """Return how much of a process lies in memory (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    said = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(said.split()[1]) / 1024


def _edit(session: Session, number: int) -> None:
    """Change an offer as a coordinator would, and take it back with the next edit."""
    offer = session.exec(select(Offer).order_by(col(Offer.id)).limit(1)).one()
    act = Act(offer.region_id, "bench", Origin.COMMAND)
    offers.change(session, act, offer, {"cost_note": "" if number % 2 else NOTE})


def _paths(plan: Plan) -> list[str]:
    """Return what is asked for in turn; the last ones are new each time ({n})."""
    grid = plan.grid()
    point = f"{grid.west + grid.width / 2:.2f}{{n}},{grid.south + grid.height / 2:.2f}"
    lists = [f"/api/v1/offers?{wish}" for wish in wishes(plan, WISHES)]
    pages = [f"/stadtteil/stadtteil-{code}" for code in stadtteile()]
    often = ["/", "/angebote", "/api/v1/offers", "/api/v1/map/points", "/api/v1/spaces"]
    new = [f"/api/v1/offers?near={point}&metres=900", f"/api/v1/map/points?near={point}"]
    mixed: list[str] = []
    for number, path in enumerate(lists):
        mixed += [path, often[number % len(often)], pages[number % len(pages)], new[number % len(new)]]
    return mixed
