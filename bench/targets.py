"""What is asked for: our answers, computed or remembered, and what stands beside them."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlencode

from bench import tipg
from bench.divisions import DIVISIONS
from bench.filters import stadtteile, wishes
from bench.load import LoadError, ask
from bench.region import Plan
from bench.servers import Server

WISHES = 60
OFFERS = 50
STADTTEILE = 6
LOCAL = {"list", "points", "start"}
GZIP = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Target:
    """Paths of one server that are asked for in turn; key is its name in the results, label is German.

    is_repeat: asked with the tag of the present answer, so that 304 is the right answer.
    news: for each round, and first of all to get warm, other paths that nobody has asked for yet.
    """

    key: str
    label: str
    server: Server
    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=lambda: GZIP)
    is_repeat: bool = False
    news: Sequence[Sequence[str]] = ()

    def in_round(self, number: int) -> Self:
        """Return what is asked in a round; they are counted from 1."""
        return replace(self, paths=self.news[number]) if self.news else self


def computed(server: Server, plan: Plan, only: Collection[str] = ()) -> Iterator[Target]:
    """Yield our answers, or only some, from a server without memory.

    Each request names another port, which changes nothing; otherwise those who ask at once would share one
    computation, and less would be measured than it seems.
    """
    headers = {**GZIP, "Host": f"{plan.host}:{{n}}"}
    for key, label, paths in _answers(server, plan, only):
        yield Target(f"{key}.first", label, server, paths, headers)


def remembered(server: Server, plan: Plan, only: Collection[str] = ()) -> Iterator[Target]:
    """Yield our answers, or only some, from a server that has given them before."""
    headers = {**GZIP, "Host": plan.host}
    for key, label, paths in _answers(server, plan, only):
        for path in paths:
            ask(server.address, path, headers)
        yield Target(f"{key}.again", label, server, paths, headers)


def repeated(server: Server, plan: Plan) -> Iterator[Target]:
    """Yield questions of visitors who have the present answer already."""
    headers = {**GZIP, "Host": plan.host}
    for key, label, path in (
        ("list", "Liste (API)", "/api/v1/offers"),
        ("points", "Kartenpunkte", "/api/v1/map/points"),
        ("start", "Startseite", "/"),
    ):
        yield Target(f"{key}.304", label, server, [path], headers, is_repeat=True)


def local(name: str, kind: str, server: Server, plan: Plan) -> Iterator[Target]:
    """Yield list, points and start page of one region, computed ("first") or remembered ("again")."""
    found = computed(server, plan, LOCAL) if kind == "first" else remembered(server, plan, LOCAL)
    for target in found:
        yield replace(target, key=f"{name}.{target.key}")


def limits(server: Server, plan: Plan, alone: Server) -> Iterator[Target]:
    """Yield what can hardly be beaten: a greeting and a `SELECT 1`, and the points as GeoJSON."""
    headers = {**GZIP, "Host": f"{plan.host}:{{n}}"}
    yield Target("hello", "FastAPI allein: ein Gruß", alone, ["/hello"])
    yield Target("select_1.alone", "FastAPI allein: `SELECT 1`", alone, ["/select-1"])
    yield Target("select_1", "unser Dienst: `SELECT 1`", server, ["/bench/select-1"], headers)
    yield Target("geojson", "unser Dienst: Punkte als GeoJSON", server, ["/bench/geojson"], headers)


def peer(server: Server) -> Iterator[Target]:
    """Yield what tipg is asked for."""
    yield Target("tipg.all", "tipg: alle Punkte als GeoJSON", server, [tipg.page(tipg.MOST)])
    yield Target("tipg.page", "tipg: 20 Punkte als GeoJSON", server, [tipg.page(20)])


def _answers(
    server: Server, plan: Plan, only: Collection[str] = ()
) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield key, label and paths of everything that people ask our service for."""
    offers = _offers(server, plan)
    outlines = {"division": f"{DIVISIONS[0].slug}-{plan.slug}", "level": 1, "tolerance_metres": 10}
    pages = [f"/stadtteil/stadtteil-{code}" for code in stadtteile()[:: len(stadtteile()) // STADTTEILE]]
    answers: Mapping[str, tuple[str, Sequence[str]]] = {
        "list": ("Liste (API)", ["/api/v1/offers"]),
        "filtered": ("Liste, wechselnde Filter", [f"/api/v1/offers?{w}" for w in wishes(plan, WISHES)]),
        "offer": ("ein Angebot (API)", [f"/api/v1/offers/{offer['id']}" for offer in offers]),
        "points": ("Kartenpunkte", ["/api/v1/map/points"]),
        "spaces": ("Flächen der Stadtteile", [f"/api/v1/spaces?{urlencode(outlines)}"]),
        "start": ("Startseite", ["/"]),
        "page": ("Listenseite", ["/angebote"]),
        "stadtteil": ("Stadtteilseite", pages),
        "offer_page": ("Seite eines Angebots", [f"/angebot/{offer['slug']}" for offer in offers]),
    }
    for key, (label, paths) in answers.items():
        if not only or key in only:
            yield key, label, paths


def _offers(server: Server, plan: Plan) -> list[dict[str, str]]:
    answer = ask(server.address, f"/api/v1/offers?per_page={OFFERS}", {"Host": plan.host})
    said = json.loads(answer.body)
    if said.get("total") != plan.offers:
        raise LoadError(f"{plan.host} hat {said.get('total')} statt {plan.offers} Angebote.")
    found: list[dict[str, str]] = said["results"]
    return found
