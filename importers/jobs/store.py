"""What pages and the worker do with jobs; every change of a stage says which stage it expects."""

import hashlib
import unicodedata
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, delete, func, select, update
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError
from api.history.models import ImportBatch
from api.sources.models import Source
from importers.jobs.models import ImportJob, ImportPart, ImportRow, Stage
from importers.readers import limits
from importers.report import ROWS

PART: Final = 1_000_000  # bytes
LONGEST_NAME: Final = 120  # letters of a file's name
MOST_FILES: Final = 50  # kept at once, in all regions
MOST_BYTES: Final = 1_000_000_000  # of all files together
HIGHEST: Final = 2**63 - 1  # number of a row
_NO_LETTERS: Final = {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}


def clean_name(said: str) -> str:
    """Return the name of a file without folders, marks that turn text around, and control characters."""
    last = said.replace("\\", "/").rpartition("/")[2]
    shown = "".join(" " if unicodedata.category(letter) in _NO_LETTERS else letter for letter in last)
    name = " ".join(shown.split()).strip(". ")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: LONGEST_NAME - 12]}{dot}{ending[:10]}"
    return name or "liste"


def begin(session: Session, region_id: int, stage: Stage, actor: str, **more: Any) -> ImportJob:  # noqa: ANN401
    """Return a new job of somebody, or raise ConflictError if too many files lie here already."""
    files, size = session.execute(
        select(func.count(), func.coalesce(func.sum(col(ImportJob.size)), 0)).where(
            col(ImportJob.stage).in_((Stage.RECEIVING, Stage.FETCHING)) | _has_parts()
        )
    ).one()
    if files >= MOST_FILES or size >= MOST_BYTES:
        raise ConflictError("Too many files wait to be imported.")
    now = clock.now()
    job = ImportJob(
        region_id=region_id,
        stage=stage,
        actor=actor,
        created_at=now,
        changed_at=now,
        **({"counts": {}, "remarks": []} | more),
    )
    session.add(job)
    session.flush()
    return job


class Intake:
    """Takes a file piece by piece, and never more than a file may have."""

    def __init__(self, session: Session, job_id: int) -> None:
        self.session, self.job_id = session, job_id
        self.size, self.number = 0, 0
        self._digest = hashlib.sha256()
        self._waiting = bytearray()

    def take(self, piece: bytes) -> None:
        """Keep a piece; each PART is committed on its own."""
        self.size += len(piece)
        if self.size > limits.FILE:
            raise TooLargeError(f"The file may have {limits.FILE} bytes.")
        self._digest.update(piece)
        self._waiting += piece
        while len(self._waiting) >= PART:
            self._keep(bytes(self._waiting[:PART]))
            del self._waiting[:PART]

    def end(self, stages: Collection[Stage]) -> None:
        """Keep the rest and hand the job on to the assistant."""
        if not self.size:
            raise InvalidInputError("The file is empty.")
        if self._waiting:
            self._keep(bytes(self._waiting))
        told = {"size": self.size, "sha256": self._digest.hexdigest()}
        move(self.session, self.job_id, stages, Stage.DRAFTING, **told)
        self.session.commit()

    def _keep(self, content: bytes) -> None:
        self.number += 1
        self.session.add(ImportPart(job_id=self.job_id, number=self.number, content=content))
        self.session.commit()
        self.session.expunge_all()


def content(session: Session, job_id: int) -> Iterator[bytes]:
    """Yield the pieces of a file."""
    numbers = select(col(ImportPart.number)).where(col(ImportPart.job_id) == job_id)
    for number in session.scalars(numbers.order_by(col(ImportPart.number))).all():
        piece = session.get(ImportPart, (job_id, number))
        if piece is not None:
            yield piece.content
            session.expunge(piece)


def find(session: Session, region_id: int, job_id: int) -> ImportJob:
    """Return a job of a region or raise NotFoundError."""
    job = session.get(ImportJob, job_id) if job_id <= HIGHEST else None
    if job is None or job.region_id != region_id:
        raise NotFoundError(f"There is no import {job_id}.")
    return job


def move(session: Session, job_id: int, stages: Collection[Stage], to: Stage, **values: Any) -> None:  # noqa: ANN401
    """Bring a job from one of some stages to another, or raise ConflictError if somebody was faster."""
    told = {"error": "", "attempts": 0, "changed_at": clock.now()} | values
    stmt = update(ImportJob).where(col(ImportJob.id) == job_id, col(ImportJob.stage).in_(stages))
    done = session.execute(stmt.values(stage=to, **told).execution_options(synchronize_session=False))
    assert isinstance(done, CursorResult)
    if not done.rowcount:
        raise ConflictError("The import has moved on in the meantime.")
    session.expire_all()


def discard(session: Session, job_id: int) -> None:
    """Forget a job with its file; a worker that is at it notices and writes nothing."""
    session.execute(delete(ImportJob).where(col(ImportJob.id) == job_id))


def forget_file(session: Session, job_id: int) -> None:
    """Delete the file of a job; what it said of each row stays."""
    session.execute(delete(ImportPart).where(col(ImportPart.job_id) == job_id))


def forget_old(session: Session, days: int) -> None:
    """Delete what was not used for some days: files, rows, and jobs that came to nothing."""
    long_ago = col(ImportJob.changed_at) < clock.now() - timedelta(days=days)
    broken_off = (col(ImportJob.stage) == Stage.RECEIVING) & (
        col(ImportJob.changed_at) < clock.now() - timedelta(hours=2)
    )
    old = select(col(ImportJob.id)).where(long_ago)
    session.execute(delete(ImportRow).where(col(ImportRow.job_id).in_(old)))
    is_done = col(ImportJob.stage).in_((Stage.APPLIED, Stage.UNDONE, Stage.UNDOING))
    session.execute(delete(ImportJob).where((long_ago & ~is_done) | broken_off))


def open_jobs(session: Session, region_id: int) -> list[ImportJob]:
    """Return the jobs of a region that are not yet applied, newest first."""
    stmt = select(ImportJob).where(
        col(ImportJob.region_id) == region_id,
        col(ImportJob.stage).not_in((Stage.APPLIED, Stage.UNDONE, Stage.RECEIVING)),
        col(ImportJob.batch_id).is_(None) | (col(ImportJob.stage) == Stage.UNDOING),
    )
    return list(session.scalars(stmt.order_by(col(ImportJob.id).desc())))


def batches(session: Session, region_id: int, most: int) -> list[tuple[ImportBatch, str]]:
    """Return the latest imports of a region, also of the command line, with the titles of their lists."""
    stmt = select(ImportBatch, col(Source.title)).join(Source, col(Source.id) == col(ImportBatch.source_id))
    stmt = stmt.where(col(ImportBatch.region_id) == region_id).order_by(col(ImportBatch.id).desc())
    return [(batch, title) for batch, title in session.execute(stmt.limit(most))]


def batch_of_job(session: Session, job: ImportJob) -> tuple[ImportBatch, str] | None:
    """Return what a job has brought in with the title of its list; nothing if it has not."""
    stmt = select(ImportBatch, col(Source.title)).join(Source, col(Source.id) == col(ImportBatch.source_id))
    found = session.execute(stmt.where(col(ImportBatch.id) == job.batch_id)).first()
    return (found[0], found[1]) if found else None


def job_of_batch(session: Session, region_id: int, batch_id: int) -> ImportJob:
    """Return the job of a past import; one of the command line gets one, so that it can be undone."""
    batch = session.get(ImportBatch, batch_id) if batch_id <= HIGHEST else None
    if batch is None or batch.region_id != region_id or batch.source_id is None:  # without one: a merge
        raise NotFoundError(f"There is no import {batch_id}.")
    stmt = select(ImportJob).where(col(ImportJob.region_id) == region_id, col(ImportJob.batch_id) == batch_id)
    job = session.scalars(stmt.order_by(col(ImportJob.id).desc())).first()
    if job is not None:
        return job
    stage = Stage.APPLIED if batch.undone_at is None else Stage.UNDONE
    told = {"batch_id": batch_id, "file_name": clean_name(batch.file_name), "counts": dict(batch.counts)}
    return begin(session, region_id, stage, batch.actor, **told)


def mappings(session: Session, region_id: int, most: int = 20) -> dict[str, datetime]:
    """Return the mappings with which lists of a region came in, newest first, and when that was last."""
    stmt = select(col(ImportJob.mapping), col(ImportJob.changed_at)).where(
        col(ImportJob.region_id) == region_id,
        col(ImportJob.stage).in_((Stage.APPLIED, Stage.UNDONE)),
        col(ImportJob.mapping) != "",
    )
    found: dict[str, datetime] = {}
    for mapping, at in session.execute(stmt.order_by(col(ImportJob.id).desc()).limit(most)):
        found.setdefault(mapping, at)
    return found


def rows(session: Session, job_id: int, which: str, first: int, most: int) -> list[ImportRow]:
    """Return some of a job's rows in the order of the file; which: an outcome, a mark, or all if empty."""
    ordered = (
        select(ImportRow).where(*_which(job_id, which)).order_by(col(ImportRow.number), col(ImportRow.id))
    )
    return list(session.scalars(ordered.offset(first).limit(most)))


def points(session: Session, job_id: int, which: str, most: int) -> list[tuple[int, str, float, float]]:
    """Return number, outcome, longitude and latitude of rows that have a point."""
    columns = (ImportRow.number, ImportRow.outcome, ImportRow.lon, ImportRow.lat)
    stmt = select(*map(col, columns)).where(*_which(job_id, which), col(ImportRow.lon).is_not(None))
    return [tuple(found) for found in session.execute(stmt.order_by(col(ImportRow.number)).limit(most))]


def _which(job_id: int, which: str) -> list[ColumnElement[bool]]:
    found = [col(ImportRow.job_id) == job_id]
    if which in ROWS:
        found.append(col(ImportRow.outcome) == which)
    elif which:
        found.append(col(ImportRow.remarks).contains([{"what": which}]))
    return found


def _has_parts() -> Any:  # noqa: ANN401
    return select(col(ImportPart.job_id)).where(col(ImportPart.job_id) == col(ImportJob.id)).exists()
