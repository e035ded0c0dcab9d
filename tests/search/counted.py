"""Worlds and questions that people and machines count alike, and the counts of the database."""

from typing import Any

from hypothesis import strategies as st
from sqlmodel import Session

from api.offers import facets, service
from api.offers.schemas import OfferFilter, OfferQuery
from api.regions.models import Region
from api.search.counting import Choice
from api.search.shelf import Shelf
from tests.offers import worlds
from tests.offers.worlds import World

TONGUES = ["de", "tr", "ar"]
SUMMARIES = ["", "Schulden und Antrag, auf Türkisch", "Für Kinder. Kostenlos!", "Kita-Platz für Eltern"]


@st.composite
def spoken(draw: st.DrawFn) -> World:
    """A world whose offers also have languages, days of checks, words, and labels that nobody knows."""
    world = draw(worlds.worlds())
    for offer in world.offers:
        offer["languages"] = draw(st.lists(st.sampled_from(TONGUES), max_size=3))
        offer["verified_on"] = draw(st.sampled_from([None, "2024-05-01", "2025-02-03"]))
        offer["summary"] = draw(st.sampled_from(SUMMARIES))
        offer["topics"] = [*offer["topics"], *draw(st.sampled_from([[], [], ["gibtesnicht"]]))]
        offer["audiences"] = [*offer["audiences"], *draw(st.sampled_from([[], [], ["niemand"]]))]
    return world


@st.composite
def wishes(draw: st.DrawFn) -> OfferFilter:
    """A question that may also name languages."""
    asked = draw(worlds.questions())
    tongues = draw(st.one_of(st.just([]), st.lists(st.sampled_from([*TONGUES, "fr"]), max_size=2)))
    return asked.model_copy(update={"language": tongues})


Wishes = st.lists(wishes(), min_size=5, max_size=5)


def listed(session: Session, region: Region, asked: OfferFilter, **more: Any) -> list[int]:
    """Return the ids on all pages of the database's list."""
    wanted = service.resolve(session, region, asked)
    found: list[int] = []
    page = 1
    while True:
        query = OfferQuery(**{**dict(asked), "page": page, "per_page": 3, **more})
        total, some = service.found_ids(session, query, wanted)
        found += some
        if len(found) >= total:
            return found
        page += 1


def check_counted(session: Session, region: Region, shelf: Shelf, asked: list[OfferFilter]) -> None:
    """Whatever is asked, memory finds and counts what the database does."""
    for one in asked:
        wanted = service.resolve(session, region, one)
        choice = Choice(shelf.table, wanted, shelf.table.everything())
        assert set(shelf.table.ids[choice.found].tolist()) == set(listed(session, region, one))
        assert choice.facets() == facets.count(session, region, wanted)
