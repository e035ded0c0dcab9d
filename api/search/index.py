"""The Whoosh index of a region on disk: written after commits, shared by processes, thrown away if broken."""

import errno
import fcntl
import os
import shutil
import threading
import time
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.exc import SQLAlchemyError
from whoosh import fields, formats
from whoosh.analysis.analyzers import Analyzer
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import EmptyIndexError, FileIndex, clean_files
from whoosh.reading import IndexReader, TermNotFound

from api.search.documents import Document, Row

STATE_KEY: Final = "state"
POSTINGS_IN_BLOCK: Final = 1024  # read at once; Whoosh's own 128 is made for skipping, which we never do
LOCK_POLL_SECONDS: Final = 0.005
# No room, nothing may be written, too many open files, no memory: new files would be no better.
BLAMELESS: Final = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS),
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM),
}

SEAL_BYTES: Final = 4

Numbers = NDArray[np.int32]
Weights = NDArray[np.float32]


class State(NamedTuple):
    """Which state of a region's data an index holds, and by which rules it was written."""

    data_version: int
    version_xid: int
    rules: str


class IndexBrokenError(Exception):
    """The files cannot be read; the index has to be built anew."""


class IndexBusyError(Exception):
    """Another process is writing."""


class _Sealed(FileStorage):
    """Files that end with their checksum, and are read as a whole.

    Mapped into memory, as Whoosh would read them, a file that somebody cuts off kills the process (SIGBUS).
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), supports_mmap=False)  # type: ignore[no-untyped-call]

    def create_file(self, name: str, **options: Any) -> StructFile:  # type: ignore[override] # noqa: ANN401
        """Return a new file, sealed when it is closed if it is one that stays."""

        def seal(file: StructFile) -> None:
            file.flush()
            written = (Path(self.folder) / name).read_bytes()
            file.seek(0, os.SEEK_END)
            file.write(zlib.crc32(written).to_bytes(SEAL_BYTES))

        if name.endswith(".seg") or ".toc" in name:
            options["onclose"] = seal
        made: StructFile = super().create_file(name, **options)  # type: ignore[no-untyped-call]
        return made

    def open_file(self, name: str, **options: Any) -> BufferFile:  # noqa: ANN401 - as Whoosh has it
        """Return the content of a file. Raises IndexBrokenError if it is not as it was written."""
        content = (Path(self.folder) / name).read_bytes()
        if name.endswith((".seg", ".toc")):
            content, seal = content[:-SEAL_BYTES], content[-SEAL_BYTES:]
            if zlib.crc32(content).to_bytes(SEAL_BYTES) != seal:
                raise IndexBrokenError(name)
        return BufferFile(content, name, **options)


class _Weighted(fields.FieldType):
    """A field that is given its terms with their weights instead of a text."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), Analyzer())  # never asked: terms come ready made

    def index(
        self, value: Mapping[str, float], **_options: object
    ) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        """Yield each term as bytes, with its weight and nothing else."""
        for term, weight in value.items():
            yield term.encode(), 1, weight, b""


class Segment:
    """A part of the index that never changes; its postings are read when first asked for, and kept."""

    def __init__(self, name: str, reader: IndexReader) -> None:
        """Read the stored rows: one for each document but that of the state, in their order."""
        self.name = name
        self.rows: list[Row] = []
        self.said: list[str] = []  # by each of them; see api.search.documents.Document
        self.words: set[str] = set()
        self.is_row = np.zeros(reader.doc_count_all(), np.bool_)
        self.state: tuple[int, State] | None = None
        for number in range(reader.doc_count_all()):
            stored = reader.stored_fields(number)
            if stored.get("key") == STATE_KEY:
                self.state = number, State(*stored["row"])
            elif stored:
                self.rows.append(Row(*stored["row"]))
                self.said.append(stored["said"])
                self.is_row[number] = True
                self.words.update(stored["words"].split())
        self.terms = [term.decode() for term in reader.lexicon("terms")]
        self._reader = reader
        # A reader of Whoosh is for one thread: two at once get wrong answers and no error.
        self._reading = threading.Lock()
        self._known: dict[str, tuple[Numbers, Weights]] = {}

    def postings(self, term: str) -> tuple[Numbers, Weights]:
        """Return the numbers of the documents with a term, ascending, and its weight in each."""
        known = self._known.get(term)
        if known is None:
            with self._reading:
                known = self._known.setdefault(term, self._read(term))
        return known

    def _read(self, term: str) -> tuple[Numbers, Weights]:
        numbers: list[int] = []
        weights: list[float] = []
        try:
            matcher: Any = self._reader.postings("terms", term.encode())
            while matcher.is_active():
                if isinstance(matcher, W3LeafMatcher):
                    # Block by block: Whoosh is pinned exactly, and one by one takes ten times as long.
                    block: Any = matcher
                    _ = block.id(), block.weight()  # a block is read when it is first asked for
                    numbers.extend(block._ids)  # noqa: SLF001
                    weights.extend(block._weights)  # noqa: SLF001
                    block._next_block()  # noqa: SLF001
                else:
                    numbers.append(matcher.id())
                    weights.append(matcher.weight())
                    matcher.next()
        except TermNotFound:
            pass
        except Exception as error:
            raise IndexBrokenError(self.name) from error
        return np.array(numbers, np.int32), np.array(weights, np.float32)


class Reading(NamedTuple):
    """What an index held when it was opened: segments, each with the numbers that are deleted in it."""

    state: State
    segments: list[tuple[Segment, frozenset[int]]]


class RegionIndex:
    """One index in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is opened or made yet."""
        self.folder = folder

    def read(self, known: dict[str, Segment]) -> Reading | None:
        """Return what the index holds now, or None if there is none.

        Known segments are not read again, and those that are read become known. Raises IndexBrokenError.
        """
        try:
            index = self._open()
            reader: IndexReader = index.reader()  # type: ignore[no-untyped-call]
            segments = []
            state = None
            for leaf, _offset in reader.leaf_readers():
                meta = leaf.segment()
                if meta is None:
                    continue
                name = meta.segment_id()  # type: ignore[no-untyped-call]
                segment = known[name] = known.get(name) or Segment(name, leaf)
                deleted = frozenset(meta.deleted_docs())  # type: ignore[no-untyped-call]
                if segment.state is not None and segment.state[0] not in deleted:
                    state = segment.state[1]
                segments.append((segment, deleted))
        except (EmptyIndexError, FileNotFoundError):
            return None
        except Exception as error:  # struct, pickle, zlib, OSError …: whatever half a file leads to
            self._blame(error)
            raise
        return Reading(state, segments) if state else None

    @contextmanager
    def locked(self, wait: float = 0) -> Iterator[None]:
        """Keep other processes from writing; the lock of one that is killed is free at once.

        Raises IndexBusyError if another process has it for all of wait seconds.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + wait
        with self.folder.with_suffix(".lock").open("w") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= until:
                        raise IndexBusyError(str(self.folder)) from None
                    time.sleep(LOCK_POLL_SECONDS)
            yield

    def write(
        self, state: State, documents: Iterable[Document], gone: Iterable[int] = (), *, afresh: bool = False
    ) -> None:
        """Bring documents and state into the index in one commit; afresh: after emptying it.

        Only for who holds the lock. If it fails, the index is as it was before, or gone if it was to be
        written afresh. Raises IndexBrokenError.
        """
        writer = None
        try:
            for unfinished in self.folder.glob("*.toc.*"):  # of one that was killed; Whoosh leaves them
                unfinished.unlink()
            index = self._create() if afresh else self._open()
            # Whoosh's own lock would guard what ours does, and a writer that fails may keep it.
            writer = index.writer(codec=W3Codec(POSTINGS_IN_BLOCK), _lk=False)  # type: ignore[no-untyped-call]
            for offer_id in gone:
                writer.delete_by_term("key", str(offer_id))
            for document in documents:
                put = writer.add_document if afresh else writer.update_document
                put(
                    key=str(document.row.id),
                    terms=document.terms,
                    row=tuple(document.row),
                    words=" ".join(document.words),
                    said=document.said,
                )
            writer.update_document(key=STATE_KEY, row=tuple(state))
            writer.commit()
        except Exception as error:
            if writer is not None:
                with suppress(Exception):
                    writer.cancel()  # which a failed commit has done already
            if afresh:
                self.discard()
            else:
                self._tidy()
            self._blame(error)
            raise

    def _blame(self, error: Exception) -> None:
        """Raise IndexBrokenError unless an error has other reasons than the files of the index."""
        is_blameless = isinstance(error, SQLAlchemyError | MemoryError)
        if not is_blameless and not (isinstance(error, OSError) and error.errno in BLAMELESS):
            raise IndexBrokenError(str(self.folder)) from error

    def _tidy(self) -> None:
        """Remove what a failed commit has left: on a full disk, each attempt would leave more."""
        with suppress(Exception):
            index = self._open()
            shutil.rmtree(self.folder / f"{index.indexname}.tmp", ignore_errors=True)
            toc = index._read_toc()  # type: ignore[no-untyped-call] # noqa: SLF001
            clean_files(index.storage, index.indexname, toc.generation, toc.segments)

    def discard(self) -> None:
        """Remove the folder; who still reads from it goes on undisturbed."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _open(self) -> FileIndex:
        index: FileIndex = _Sealed(self.folder).open_index()  # type: ignore[no-untyped-call]
        return index

    def _create(self) -> FileIndex:
        self.folder.mkdir(parents=True, exist_ok=True)
        schema = fields.Schema(
            key=fields.ID(stored=True, unique=True),
            terms=_Weighted(),
            row=fields.STORED(),
            words=fields.STORED(),
            said=fields.STORED(),
        )
        index: FileIndex = _Sealed(self.folder).create_index(schema)  # type: ignore[no-untyped-call]
        return index
