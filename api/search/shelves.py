"""Keeps each region's index up to date and open: who asks first after a change brings it up to date."""

import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLongError
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlmodel import Session

from api.regions.models import Region
from api.search import refreshing, surroundings
from api.search.index import IndexBusyError, RegionIndex, Segment
from api.search.shelf import Shelf
from api.search.table import Chunk

WAIT_SECONDS: Final = 1.5  # for the index, before the database answers itself
WARM_SECONDS: Final = 60.0  # for another process that builds what is opened at the start
STUCK_SECONDS: Final = 30.0  # of writing by another process, before it is worth a word
OFFERS_IN_MEMORY: Final = 250_000  # of all open regions together; those asked for last stay
FILLED: Final = 4  # open regions; with more, what lists show is read when it is asked for
FILL_PAUSE_SECONDS: Final = 0.02  # between two batches: who asks goes first
AT_ONCE: Final = 2  # regions that a process refreshes at the same time

log = logging.getLogger("landkarte.search")


class Rest(NamedTuple):
    """Seconds between two attempts: the first pause, doubled with each, up to the longest."""

    first: float
    longest: float


BUSY: Final = Rest(0.02, 1.0)  # another process is writing what we want to have
FAILED: Final = Rest(1.0, 60.0)  # no room, no right, no database


@dataclass
class Effort:
    """What is done to bring one region up to date, from the first attempt to the one that succeeds."""

    began: float
    known: dict[str, Segment]  # read already
    attempt: Future[Shelf | None] | None = None  # the latest; None as its result: it has failed
    is_busy: bool = False  # it has failed only because another process is writing
    pause: float = 0.0
    rests_until: float = 0.0
    said: set[str] = field(default_factory=set)  # kinds of failure that are in the log

    def rest(self, seconds: Rest) -> None:
        """Let nobody try again for a while, each time for longer."""
        self.pause = min(max(2 * self.pause, seconds.first), seconds.longest)
        self.rests_until = time.monotonic() + self.pause


class Shelves:
    """The open indexes of a process."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        """Keep indexes in a folder of its own for each database; nothing is opened yet."""
        self.engine = engine
        self.folder = refreshing.folder_of(engine, folder)
        self._open: OrderedDict[int, tuple[Shelf, dict[str, Chunk]]] = OrderedDict()
        self._efforts: dict[int, Effort] = {}
        self._lock = threading.Lock()
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="search-index")
        self._filler = ThreadPoolExecutor(1, thread_name_prefix="search-cards")

    def at(self, region: Region, wait: float = WAIT_SECONDS) -> Shelf | None:
        """Return a region's shelf in the state of its row or a newer one; None: the database must answer.

        Nobody waits longer than wait seconds, nor for what has been tried for longer than that already.
        """
        shelf = self._held(region)
        if shelf is not None and self._is_true(shelf, region):
            return shelf
        asked = time.monotonic()
        with suppress(TookTooLongError, CancelledError, RuntimeError):  # the last two: the process is ending
            while True:
                effort, attempt = self._attempt_at(region.id)
                until = min(asked, effort.began) + wait
                shelf = attempt.result(timeout=until - time.monotonic())
                if shelf is None:
                    if not effort.is_busy or effort.rests_until >= until:
                        return None
                    time.sleep(max(0.0, effort.rests_until - time.monotonic()))
                elif _holds(shelf, region):
                    return shelf
                elif effort.began >= asked:  # else it may have begun before the last commit: one too few
                    return None
        return None

    def warm(self, region: Region) -> None:
        """Begin to open the index of a region, so that the first who asks need not wait."""
        if self._held(region) is None:
            asking = threading.Thread(target=self.at, args=(region, WARM_SECONDS), daemon=True)
            asking.start()

    def forget(self, region: Region) -> None:
        """Close the index of a region because its files are broken; it is built anew when next asked for."""
        with self._lock:
            broken = self._open.pop(region.id, None)
            effort = self._efforts.get(region.id)
            if effort is not None:
                effort.known.clear()
        if broken is None:
            return  # another thread was first, and what lies there now may be sound
        index = RegionIndex(self.folder / str(region.id))
        with suppress(IndexBusyError, OSError), index.locked():
            index.discard()

    def close(self) -> None:
        """End the work that is going on."""
        with self._lock:
            self._open.clear()  # whoever reads in advance stops
        self._filler.shutdown(cancel_futures=True)
        self._workers.shutdown(cancel_futures=True)

    def stands_at(self, region: Region) -> str:
        """Return whether a region's index is "fresh", "behind" or "missing", and let it be mended."""
        if self._held(region) is not None:
            return "fresh"
        self._attempt_at(region.id)
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
        if held.data_version == region.data_version:
            return True
        try:
            return refreshing.is_of(self.engine, region.id, held)
        except SQLAlchemyError:  # gone, or the region in it: the attempt that follows will say so
            return False

    def _attempt_at(self, region_id: int) -> tuple[Effort, Future[Shelf | None]]:
        """Return the attempt that is going on, or the one that has just failed, or begin one."""
        with self._lock:
            effort = self._efforts.get(region_id)
            if effort is None:
                held = self._open.get(region_id)
                known = {segment.name: segment for segment in held[0].segments} if held else {}
                effort = self._efforts[region_id] = Effort(time.monotonic(), known)
            attempt = effort.attempt
            if attempt is None or (attempt.done() and time.monotonic() >= effort.rests_until):
                attempt = effort.attempt = self._workers.submit(self._try, region_id, effort)
            return effort, attempt

    def _try(self, region_id: int, effort: Effort) -> Shelf | None:
        """Attempt to bring a region up to date; None: it has failed, and rests for a while."""
        try:
            shelf, chunks = self._refreshed(region_id, effort.known)
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the database has the answer
            effort.is_busy = isinstance(error, IndexBusyError)
            effort.rest(BUSY if effort.is_busy else FAILED)
            self._tell(region_id, effort, error)
            return None
        with self._lock:
            self._efforts.pop(region_id, None)
            self._keep(region_id, shelf, chunks)
        if effort.said:
            log.warning("The search index of region %s is up to date again.", region_id)
        with suppress(RuntimeError):  # the process is ending
            self._filler.submit(self._fill, region_id, shelf)
        return shelf

    def _fill(self, region_id: int, shelf: Shelf) -> None:
        """Read what lists show of a region before anybody asks, as long as its shelf is the latest one."""
        try:
            with Session(self.engine) as session:
                region = session.get_one(Region, region_id)
                steps = shelf.cards.fill(session, region, shelf.table.ids.tolist())
                while len(self._open) <= FILLED and self._open.get(region_id, (None,))[0] is shelf:
                    if next(steps, True):
                        return
                    session.rollback()  # nobody holds a connection while resting
                    time.sleep(FILL_PAUSE_SECONDS)
        except SQLAlchemyError:  # who asks next reads for itself
            log.info("The cards of region %s could not be read in advance.", region_id)

    def _tell(self, region_id: int, effort: Effort, error: Exception) -> None:
        """Write into the log what is wrong: each kind of failure once, until all is well again."""
        kind = f"{type(error).__name__} {getattr(error, 'errno', '')}"
        lasting = time.monotonic() - effort.began
        if kind in effort.said or (effort.is_busy and lasting < STUCK_SECONDS):
            return
        effort.said.add(kind)
        # Where the database is gone, what we were just doing explains nothing.
        is_gone = isinstance(error, OperationalError | InterfaceError)
        log.error(
            "The search index of region %s cannot be brought up to date; until then the database answers.",
            region_id,
            exc_info=None if is_gone else error,
        )

    def _refreshed(self, region_id: int, known: dict[str, Segment]) -> tuple[Shelf, dict[str, Chunk]]:
        held = self._open.get(region_id)
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
        if held is not None:
            shelf.take_over(held[0])
        return shelf, now

    def _keep(self, region_id: int, shelf: Shelf, chunks: dict[str, Chunk]) -> None:
        """Put a shelf in the place of the older one; those not asked for the longest go to make room."""
        self._open[region_id] = shelf, chunks
        self._open.move_to_end(region_id)
        while (
            len(self._open) > 1 and sum(len(one.table) for one, _ in self._open.values()) > OFFERS_IN_MEMORY
        ):
            self._open.popitem(last=False)


def _holds(shelf: Shelf, region: Region) -> bool:
    held = shelf.state
    if held.data_version == region.data_version:
        return held.version_xid == region.version_xid
    return held.data_version > region.data_version
