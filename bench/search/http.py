"""Measures GET /api/v1/search over HTTP beside our own `SELECT 1`, with one process and with two."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final

from bench import results, rounds, servers
from bench.filling import Say
from bench.installation import Installation, one_region
from bench.load import LoadError, ask
from bench.region import Plan
from bench.search.asking import PATH, Local, local, path
from bench.search.measure import NAME
from bench.servers import Server
from bench.targets import GZIP, Target

OFFERS: Final = 10_000
NEW_PER_SECOND: Final = 1_000  # more than anybody gets through
KNOWN: Final = 200  # questions that are asked again and again
READY_SECONDS: Final = 300.0
IN_A_ROW: Final = 20  # answers from the index before every process is taken to have opened it


def over_http(
    say: Say, number: int, seconds: int, *, afresh: bool, offers: int = OFFERS
) -> tuple[Installation, dict[str, Any]]:
    """Measure search and `SELECT 1`, each in so many rounds; return the database and what was found."""
    installation, plan = one_region(f"{NAME}_{offers}", 1, offers), Plan(1, offers)
    installation.ensure(say, afresh=afresh)
    at = local(installation, plan)
    news = [_news(at, seconds * NEW_PER_SECOND, seed) for seed in range(number + 1)]
    with ExitStack() as running:
        chosen: list[Target] = []
        for workers, remembers in ((1, False), (1, True), (2, False)):
            name = f"search-{workers}-{'again' if remembers else 'first'}"
            server = running.enter_context(
                servers.ours(name, installation, remembers=remembers, workers=workers)
            )
            _wait(server, plan)
            chosen += _remembering(server, at, news) if remembers else _computing(server, at, news, workers)
        samples = rounds.run(chosen, number, seconds, say)
        for server in {target.server.name: target.server for target in chosen}.values():
            _wait(server, plan)
    return installation, {"offers": offers, "seconds": seconds, "samples": results.plain(samples)}


def _news(at: Local, number: int, seed: int) -> list[str]:
    """Return the paths of a round; its questions are another round's only by chance."""
    return [path(question, at.stadtteile) for question in at.questions(number, seed)]


def _computing(server: Server, at: Local, news: list[list[str]], workers: int) -> Iterator[Target]:
    """Yield `SELECT 1` and search of a server without memory; another port in each request, as elsewhere."""
    headers = {**GZIP, "Host": f"{at.plan.host}:{{n}}"}
    yield Target(f"{workers}.select_1", "`SELECT 1`", server, ["/bench/select-1"], headers)
    yield Target(f"{workers}.first", "Suche", server, news[0], headers, news=news)


def _remembering(server: Server, at: Local, news: list[list[str]]) -> Iterator[Target]:
    """Yield search of a server with memory: questions most of which nobody has asked, and known ones."""
    headers = {**GZIP, "Host": at.plan.host}
    known = [path(question, at.stadtteile) for question in at.questions(KNOWN, -1)]
    for one in known:
        ask(server.address, one, headers)
    yield Target("1.mixed", "Suche", server, news[0], headers, news=news)
    yield Target("1.again", "Suche", server, known, headers)


def _wait(server: Server, plan: Plan) -> None:
    """Wait until the index answers, in every process; raise LoadError if not, or if offers are missing."""
    until = time.monotonic() + READY_SECONDS
    answers = 0
    while answers < IN_A_ROW:
        answer = ask(server.address, PATH, {"Host": plan.host})
        found = json.loads(answer.body)
        if found.get("by") == "index":
            answers += 1
        elif time.monotonic() > until:
            raise LoadError(f"{server.name}: Der Suchindex wird nicht fertig ({answer.status}).")
        else:
            answers = 0
            time.sleep(0.5)
    if found["total"] != plan.offers:
        raise LoadError(f"{server.name} findet {found['total']} statt {plan.offers} Angebote.")
