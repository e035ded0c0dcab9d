"""Keeps each region's index up to date and open: who asks first after a change brings it up to date."""

import logging
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLongError
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session

from api.regions.models import Region
from api.search import refreshing, surroundings
from api.search.index import RegionIndex
from api.search.shelf import Shelf
from api.search.table import Chunk

WAIT_SECONDS: Final = 1.5  # for the index, before the database answers itself
OFFERS_IN_MEMORY: Final = 250_000  # of all open regions together; those asked for last stay
AT_ONCE: Final = 2  # regions that a process refreshes at the same time

log = logging.getLogger("landkarte.search")


class Shelves:
    """The open indexes of a process."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        """Keep indexes in a folder of its own for each database; nothing is opened yet."""
        self.engine = engine
        self.folder = refreshing.folder_of(engine, folder)
        self._open: OrderedDict[int, tuple[Shelf, dict[str, Chunk]]] = OrderedDict()
        self._refreshing: dict[int, Future[Shelf]] = {}
        self._lock = threading.Lock()
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="search-index")

    def at(self, region: Region, wait: float = WAIT_SECONDS) -> Shelf | None:
        """Return a region's shelf in the state of its row or a newer one; None: not within wait seconds."""
        shelf = self._held(region)
        if shelf is not None and self._is_true(shelf, region):
            return shelf
        try:
            shelf = self._refresh_of(region.id).result(timeout=wait)
            # A refresh that began before the last commit is one too few.
            if not _holds(shelf, region):
                shelf = self._refresh_of(region.id).result(timeout=wait)
        except TookTooLongError:
            return None
        except Exception:  # whatever is wrong with the files, the database has the answer
            log.exception("The search index of region %s could not be brought up to date.", region.id)
            return None
        return shelf if _holds(shelf, region) else None

    def warm(self, region: Region) -> None:
        """Begin to open the index of a region, so that the first who asks need not wait."""
        if self._held(region) is None:
            self._refresh_of(region.id)

    def forget(self, region: Region) -> None:
        """Close the index of a region because its files are broken; it is built anew when next asked for."""
        with self._lock:
            self._open.pop(region.id, None)
        RegionIndex(self.folder / str(region.id)).discard()

    def close(self) -> None:
        """End the work that is going on."""
        self._workers.shutdown(cancel_futures=True)

    def stands_at(self, region: Region) -> str:
        """Return whether a region's index is "fresh", "behind" or "missing", and let it be mended."""
        if self._held(region) is not None:
            return "fresh"
        self._refresh_of(region.id)
        return "behind" if region.id in self._open else "missing"

    def _held(self, region: Region) -> Shelf | None:
        with self._lock:
            held = self._open.get(region.id)
            if held is None or not _holds(held[0], region):
                return None
            self._open.move_to_end(region.id)
            return held[0]

    def _is_true(self, shelf: Shelf, region: Region) -> bool:
        """Return whether a shelf newer than the row is newer, not of what was before a restored backup."""
        held = shelf.state
        return held.data_version == region.data_version or refreshing.is_of(self.engine, region.id, held)

    def _refresh_of(self, region_id: int) -> Future[Shelf]:
        """Return the refresh that is going on, or begin one."""
        with self._lock:
            running = self._refreshing.get(region_id)
            if running is None or running.done():
                running = self._refreshing[region_id] = self._workers.submit(self._refresh, region_id)
            return running

    def _refresh(self, region_id: int) -> Shelf:
        held = self._open.get(region_id)
        known = {segment.name: segment for segment in held[0].segments} if held else {}
        chunks = held[1] if held else {}
        index = RegionIndex(self.folder / str(region_id))
        reading = refreshing.refreshed(self.engine, index, region_id, known)
        now = {
            segment.name: chunks.get(segment.name) or Chunk(segment.rows) for segment, _ in reading.segments
        }
        with Session(self.engine) as session:
            region = session.get_one(Region, region_id)
            around = surroundings.vocabulary(session, region)
            spaces = surroundings.places(session, region)
            shelf = Shelf(reading, now, around, surroundings.lexicon(session), spaces)
        with self._lock:
            self._open[region_id] = shelf, now
            self._open.move_to_end(region_id)
            while (
                len(self._open) > 1
                and sum(len(one.table) for one, _ in self._open.values()) > OFFERS_IN_MEMORY
            ):
                self._open.popitem(last=False)
        return shelf


def _holds(shelf: Shelf, region: Region) -> bool:
    held = shelf.state
    if held.data_version == region.data_version:
        return held.version_xid == region.version_xid
    return held.data_version > region.data_version
