"""Our own search, in process, as the comparison asks it."""

from pathlib import Path
from typing import Self

from sqlalchemy import Engine as Database
from sqlmodel import Session

from api.regions.models import Region
from api.search import service
from api.search.shelves import Shelves
from bench.search.asking import query_of
from bench.search.engine import Filter, Found

PATIENCE_SECONDS = 600.0


class Ours:
    """The search of the pages without their HTTP: question, filters, ranking and counts."""

    def __init__(
        self, database: Database, region_id: int, folder: Path, shelves: Shelves | None = None
    ) -> None:
        """Use an index in a folder of its own, or shelves that several regions share."""
        self._session = Session(database, expire_on_commit=False)
        self._region = self._session.get_one(Region, region_id)
        self._session.commit()  # who waits for the next question holds no connection
        self._shelves = shelves or Shelves(database, folder)

    def fill(self) -> Self:
        """Build the index, or open the one that is there."""
        shelf = self._shelves.at(self._region, wait=PATIENCE_SECONDS)
        if shelf is None:
            raise RuntimeError("the index could not be built")
        self._keys = shelf.table.vocabulary.resident
        return self

    def find(self, text: str, wanted: Filter, per_page: int = 20) -> Found:
        """Return what answers the text and the filter."""
        query = query_of((text, wanted), self._keys).model_copy(update={"per_page": per_page})
        hits = service.look_up(self._session, self._region, query, self._shelves)
        counts = hits.facets
        facets = {
            "topic": counts.topic,
            "audience": counts.audience,
            "language": counts.language,
            "cost_free": {"true": counts.cost_free},
            "resource_level": {str(level): count for level, count in counts.resource_level.items()},
            "space": counts.space,
        }
        return Found(counts.total, list(hits.ids[:per_page]), facets)

    def close(self) -> None:
        """Let go of database and files."""
        self._session.close()
        self._shelves.close()
