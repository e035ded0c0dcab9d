"""Shelves built from the rows of an open transaction, and shelves that many tests share."""

from itertools import count
from pathlib import Path
from typing import cast

from sqlmodel import Session

from api.offers.schemas import OfferFilter
from api.regions.models import Region
from api.search import documents, lexicon, service, surroundings
from api.search.index import RegionIndex, State
from api.search.schemas import SearchQuery, SearchResults
from api.search.service import Hits
from api.search.shelf import Shelf
from api.search.shelves import Shelves
from api.search.table import Chunk

_number = count(1)
STATE = State(1, 1, "as a test writes it")


def build(session: Session, region: Region, folder: Path, again: int = 0) -> Shelf:
    """Return a shelf with what a session sees; each `again`-th offer is written a second time.

    Those lie in a segment of their own and are deleted in the first one, as after a change.
    """
    index = RegionIndex(folder / str(next(_number)))
    ids = documents.every_id(session, region.id)
    parts = lexicon.parts()
    index.write(STATE, documents.read(session, region.id, ids, parts), afresh=True)
    if again:
        some = [*ids[::again], -1]
        index.write(STATE, documents.read(session, region.id, some, parts), [-1])
    reading = index.read({})
    assert reading is not None
    chunks = {segment.name: Chunk(segment.rows) for segment, _ in reading.segments}
    around, spaces = surroundings.vocabulary(session, region), surroundings.places(session, region)
    return Shelf(reading, chunks, around, surroundings.lexicon(session), spaces)


class OneShelf:
    """Stands in for Shelves where nothing is committed: always the same shelf, or none."""

    def __init__(self, shelf: Shelf | None) -> None:
        self.shelf = shelf

    def at(
        self,
        _region: Region,
        wait: float = 0,  # noqa: ARG002 - as Shelves.at has it
    ) -> Shelf | None:
        return self.shelf


def held(shelf: Shelf | None) -> Shelves:
    """Return Shelves that hold this shelf alone."""
    return cast("Shelves", OneShelf(shelf))


def search(
    session: Session,
    region: Region,
    shelf: Shelf,
    q: str = "",
    asked: OfferFilter | None = None,
    **more: object,
) -> SearchResults:
    """Return what is found for words and filters in a shelf; more: other choices than the filters'."""
    query = SearchQuery.model_validate({"per_page": 200, **dict(asked or {}), "q": q, **more})
    results = service.find(session, region, query, held(shelf)).results()
    assert results.by == "index"
    return results


def look_up(session: Session, region: Region, shelf: Shelf, query: SearchQuery) -> Hits:
    """Return what answers a question, without reading how it is shown."""
    return service.look_up(session, region, query, held(shelf))


def ids(results: SearchResults) -> list[int]:
    """Return the ids of the offers on a page of results."""
    return [found.offer.id for found in results.results]


def names(results: SearchResults) -> list[str]:
    """Return the names of the offers on a page of results."""
    return [found.offer.name for found in results.results]
