"""Brings the index of a region on disk up to date with the database, by what has changed or anew."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select, text
from sqlmodel import Session, col

from api.core.build import ROOT
from api.regions.models import Region
from api.search import documents, lexicon
from api.search.documents import Document
from api.search.index import IndexBrokenError, Reading, RegionIndex, Segment, State

PATIENCE_SECONDS: Final = 30.0  # of who builds anew on demand, for another process that writes

log = logging.getLogger("landkarte.search")

_CHANGED = text("SELECT offer_id FROM offer_change WHERE region_id = :region AND version > :version")
_KNOWN = text(
    "SELECT count(*) FROM region_version"
    " WHERE region_id = :region AND data_version = :version AND version_xid = :xid"
)


def folder_of(engine: Engine, folder: Path) -> Path:
    """Return where the indexes of a database lie: each database has a folder of its own."""
    return folder / (engine.url.database or "landkarte")


def rebuilt(engine: Engine, folder: Path, region_id: int, tell: Callable[[int], object]) -> None:
    """Build the index of a region anew; tell hears of each offer. Raises IndexBusyError."""

    def counted(documents: Iterable[Document]) -> Iterator[Document]:
        for document in documents:
            yield document
            tell(1)

    index = RegionIndex(folder / str(region_id))
    with index.locked(PATIENCE_SECONDS), _one_state(engine) as session:
        ids = documents.every_id(session, region_id)
        found = documents.read(session, region_id, ids, lexicon.parts())
        index.write(_state(session, region_id), counted(found), afresh=True)


@contextmanager
def _one_state(engine: Engine) -> Iterator[Session]:
    """Open a session for which all stands still: what is committed meanwhile belongs to the next refresh."""
    with (
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        Session(connection) as session,
    ):
        yield session


def refreshed(engine: Engine, index: RegionIndex, region_id: int, known: dict[str, Segment]) -> Reading:
    """Bring an index to the present state of its region, and return what it holds then.

    What is broken is built anew. What is read becomes known, so that another attempt need not read it again.
    Raises IndexBusyError at once if another process is writing: who waits here keeps other regions waiting.
    """
    with suppress(IndexBrokenError):  # whether it still is, is seen under the lock
        reading = index.read(known)
        with Session(engine) as session:
            if reading is not None and reading.state == _state(session, region_id):
                return reading
    with index.locked():
        try:
            return _brought_up_to_date(engine, index, region_id, known)
        except IndexBrokenError:
            log.warning("The search index of region %s cannot be read and is built anew.", region_id)
            known.clear()
            index.discard()
            return _brought_up_to_date(engine, index, region_id, known)


def _brought_up_to_date(
    engine: Engine, index: RegionIndex, region_id: int, known: dict[str, Segment]
) -> Reading:
    """Write what has changed since the index was written last; only for who holds its lock."""
    parts = lexicon.parts()
    with _one_state(engine) as session:
        state = _state(session, region_id)
        reading = index.read(known)
        if reading is not None and reading.state == state:
            return reading
        if reading is None or not _is_ancestor(session, region_id, reading.state, state):
            ids = documents.every_id(session, region_id)
            index.write(state, documents.read(session, region_id, ids, parts), afresh=True)
        else:
            said = {"region": region_id, "version": reading.state.data_version}
            changed = list(session.scalars(_CHANGED, said))
            found = list(documents.read(session, region_id, changed, parts))
            index.write(state, found, set(changed) - {document.row.id for document in found})
    written = index.read(known)
    if written is None:
        raise IndexBrokenError(str(index.folder))
    return written


def _state(session: Session, region_id: int) -> State:
    versions = select(col(Region.data_version), col(Region.version_xid)).where(col(Region.id) == region_id)
    row = session.execute(versions).one()
    return State(row.data_version, row.version_xid, rules())


def is_of(engine: Engine, region_id: int, held: State) -> bool:
    """Return whether the database has ever been in a state; not after an older backup was restored."""
    with Session(engine) as session:
        return _is_ancestor(session, region_id, held, _state(session, region_id))


def _is_ancestor(session: Session, region_id: int, held: State, state: State) -> bool:
    """Return whether what an index holds was once the state of this very database, by the present rules.

    After a restored backup the same version can mean other data; its transaction tells them apart.
    """
    if held.rules != state.rules or held.data_version > state.data_version:
        return False
    said = {"region": region_id, "version": held.data_version, "xid": held.version_xid}
    return bool(session.scalar(_KNOWN, said))


@cache
def rules() -> str:
    """Return a sign for the program and the words that indexes are written by; another one: build anew."""
    files = [*sorted((ROOT / "api" / "search").glob("*.py")), *sorted(lexicon.FOLDER.iterdir())]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
