"""Two regions with real commits, and processes that search in them with indexes in one folder."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from api.offers.models import Offer
from api.places.models import Place
from api.regions.models import Region
from api.search import service, suggesting
from api.search.schemas import SearchQuery, SearchResults, Suggestion
from api.search.shelf import Shelf
from api.search.shelves import Shelves
from tests.factories import (
    box,
    make_audience,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_space,
    make_topic,
)

Change = Callable[[Session, Region], object]
Question = dict[str, Any]

NEAR = "13.05,52.05"
# Words of every kind, slips, filters, and all orders.
QUESTIONS: Sequence[Question] = [
    {},
    {"sort": "verified"},
    {"near": NEAR, "metres": 50_000, "sort": "distance"},
    {"group": "level"},
    {"space": ["lor:1"]},
    {"topic": ["geld"], "cost_free": True},
    {"q": "schuldnerberatung"},
    {"q": "schulden"},
    {"q": "krabbelgrupe"},
    {"q": "fussbal altstadt"},
    {"q": "lindenallee"},
    {"q": "morgenrot"},
    {"q": "tannenzapf"},
    {"q": '"hilfe für alle"'},
    {"q": "krabbelgruppe fußball", "near": NEAR, "metres": 50_000},
    {"q": "gibtesnirgends"},
]
BEGINNINGS = ["sch", "kra", "alt", "reg", "mor"]


def found_town(engine: Engine) -> None:
    """Make "stadt", with two spaces, two houses and offers in them, and "kreis" with one offer; commit."""
    with Session(engine) as session, session.begin():
        geld = make_topic(session, "geld")
        make_topic(session, "schulden", geld, names={"de": "Schulden", "en": "Debts"})
        make_topic(session, "kita", names={"de": "Kita", "en": "Nursery"})
        make_audience(session, "eltern")
        kreis = make_region(session, slug="kreis", is_default=False)
        make_offer(session, kreis, name="Dorfhilfe", topics=["geld"])
        town = make_region(session, slug="stadt")
        lor = make_division(session, town)
        make_space(session, lor, "1", box(13.0, 52.0, 13.1, 52.1), name="Fennpfuhl", slug="fennpfuhl")
        make_space(session, lor, "2", box(13.1, 52.0, 13.2, 52.1), name="Altstadt", slug="altstadt")
        house = make_place(session, town, 13.05, 52.05, name="Haus Regenbogen", street="Lindenallee 5")
        market = make_place(session, town, 13.15, 52.05, name="Marktplatz", street="Am Markt 1")
        make_offer(
            session,
            town,
            house,
            name="Schuldnerberatung Nord",
            topics=["schulden"],
            organization="Verein Morgenrot",
            contact={"label": "Anmeldung Tannenzapf", "phone": "030 1"},
            cost="free",
        )
        make_offer(session, town, market, name="Krabbelgruppe", topics=["kita"], audiences=["eltern"])
        make_offer(session, town, market, name="Fußballtraining", languages=["de", "tr"])
        make_offer(session, town, house, name="Theaterprobe", status="draft")


def commit(engine: Engine, change: Change, slug: str = "stadt") -> None:
    """Change something in a region and commit."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        change(session, region_named(session, slug))


def region_named(session: Session, slug: str) -> Region:
    return session.exec(select(Region).where(Region.slug == slug)).one()


def offer_named(session: Session, name: str) -> Offer:
    return session.exec(select(Offer).where(Offer.name == name)).one()


def place_named(session: Session, name: str) -> Place:
    return session.exec(select(Place).where(Place.name == name)).one()


class Patient(Shelves):
    """Waits for the index as long as it takes, so that a busy machine is no other result."""

    def at(self, region: Region, wait: float = 60) -> Shelf | None:
        """Return the shelf of a region in the state of its row."""
        return super().at(region, wait)


class Process:
    """One of several server processes: it knows only its own memory and the folder that all share."""

    def __init__(self, engine: Engine, folder: Path, shelves: Shelves | None = None) -> None:
        self.engine = engine
        self.shelves = shelves or Patient(engine, folder)

    def finds(self, q: str = "", slug: str = "stadt", **said: Any) -> set[str]:
        """Return the names of the offers found, which is what the counts say, too."""
        results = self.answer({"q": q, **said}, slug)
        assert results.by == "index"
        assert results.total == results.facets.total == len(results.results)
        return {found.offer.name for found in results.results}

    def answer(self, question: Question, slug: str = "stadt") -> SearchResults:
        """Return what is answered to a question."""
        return self.answers([question], slug)[0]

    def answers(self, questions: Sequence[Question], slug: str = "stadt") -> list[SearchResults]:
        """Return what is answered to some questions, one after the other."""
        with Session(self.engine) as session:
            region = region_named(session, slug)
            asked = [SearchQuery.model_validate({"per_page": 200, **question}) for question in questions]
            return [service.find(session, region, query, self.shelves).results() for query in asked]

    def suggestions(self, slug: str = "stadt") -> list[list[Suggestion]]:
        """Return what is suggested for all beginnings of this module."""
        with Session(self.engine) as session:
            region = region_named(session, slug)
            return [suggesting.suggest(session, region, typed, "de", self.shelves) for typed in BEGINNINGS]


def same(oracle: Process, *processes: Process) -> None:
    """Check that processes answer everything as one that has just built its index, and by the index."""
    expected, suggested = oracle.answers(QUESTIONS), oracle.suggestions()
    assert {one.by for one in expected} == {"index"}
    for process in processes:
        for question, answer, right in zip(QUESTIONS, process.answers(QUESTIONS), expected, strict=True):
            assert answer == right, question
        assert process.suggestions() == suggested
