"""What the worker does at each stage; a step ends with the move to the next stage, in one transaction."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import CursorResult, Engine, delete, insert, update
from sqlmodel import Session, col

from api import models as _models  # noqa: F401 - knows every table that has a history
from api.core.errors import ConflictError, NotFoundError
from api.regions.models import Region
from importers import remote
from importers.apply import import_rows
from importers.assistant.guess import draft
from importers.assistant.written import write
from importers.errors import UnusableError
from importers.jobs import again, seen, store
from importers.jobs.models import ImportJob, ImportRow, Stage
from importers.jobs.seen import Seen
from importers.jobs.undone import taken_back
from importers.jobs.words import Words
from importers.mapping import Mapping
from importers.normalize import tells_address
from importers.record import Entry
from importers.report import Report
from importers.run import prepare

TICK_SECONDS: Final = 0.5  # between two notes on how far a step is
AT_ONCE: Final = 5_000  # rows written with one statement
MAPPING: Final = "zuordnung.toml"
FILE: Final = "datei"  # a folder, so that no file is called like the mapping
Values = dict[str, Any]


def _fetch(session: Session, job_id: int, folder: Path) -> None:
    job = _found(session, job_id)
    address = job.address
    session.rollback()
    file = remote.fetch(address, folder)
    store.forget_file(session, job_id)
    named = update(ImportJob).where(col(ImportJob.id) == job_id)
    session.execute(named.values(file_name=store.clean_name(file.name)))
    intake = store.Intake(session, job_id)
    with file.open("rb") as opened:
        while piece := opened.read(store.PART):
            intake.take(piece)
    intake.end([Stage.FETCHING])


def _draft(session: Session, job_id: int, folder: Path) -> None:
    job = _found(session, job_id)
    file = _laid_out(session, job, folder)
    region = _region(session, job)
    before = again.lay_out(store.mappings(session, region.id), folder, region.timezone)
    table = (job.draft or {}).get("table")  # somebody wants it read in another way
    found = again.said(draft(session, file, region, list(before), table), before)
    session.rollback()
    told = {"draft": found.model_dump(mode="json"), "mapping": write(found)}
    store.move(session, job_id, [Stage.DRAFTING], Stage.DRAFTED, **told)
    session.commit()


def _preview(session: Session, job_id: int, folder: Path) -> None:
    report, rows = _import(session, job_id, folder)
    session.rollback()
    _note_rows(session, job_id, rows)
    told = _told(report, rows) | {"total": report.total}
    store.move(session, job_id, [Stage.PREVIEWING], Stage.PREVIEWED, **told)
    session.commit()


def _apply(session: Session, job_id: int, folder: Path) -> None:
    report, rows = _import(session, job_id, folder)
    _note_rows(session, job_id, rows)
    store.forget_file(session, job_id)
    # Only who still finds the job at this stage may commit: it is applied once.
    told = _told(report, rows) | {"batch_id": report.batch_id, "draft": None}
    store.move(session, job_id, [Stage.APPLYING], Stage.APPLIED, **told)
    session.commit()


def _undo(session: Session, job_id: int, _folder: Path) -> None:
    job = _found(session, job_id)
    if job.batch_id is None:
        raise UnusableError("Es gibt nichts zurückzunehmen.")
    try:
        lines = taken_back(session, job.batch_id, job.actor)
    except NotFoundError as error:
        raise UnusableError("Diesen Import gibt es nicht mehr.") from error
    except ConflictError:
        lines = ["Das war schon zurückgenommen."]
    store.move(session, job_id, [Stage.UNDOING], Stage.UNDONE, remarks=lines)
    session.commit()


STEPS: Final[dict[Stage, Callable[[Session, int, Path], None]]] = {
    Stage.FETCHING: _fetch,
    Stage.DRAFTING: _draft,
    Stage.PREVIEWING: _preview,
    Stage.APPLYING: _apply,
    Stage.UNDOING: _undo,
}


class _Watch:
    """Notes what becomes of each row, and in between how far the import is, for those who wait."""

    def __init__(self, engine: Engine, job: ImportJob, words: Words, *, masks_keys: bool) -> None:
        self.engine, self.words, self.masks_keys = engine, words, masks_keys
        self.job_id, self.stage = job.id, job.stage
        self.rows: list[Seen] = []
        self._told_at = 0.0

    def __call__(self, entry: Entry, outcome: str) -> None:
        """Take one row; raise ConflictError if the import is no longer wanted."""
        if self.rows and entry.number < self.rows[-1].number:
            self.rows.clear()  # the import has begun anew
        self.rows.append(seen.first_look(entry, outcome, self.words, masks_keys=self.masks_keys))
        now = time.monotonic()
        if now - self._told_at >= TICK_SECONDS:
            self._told_at = now
            self._tell()

    def _tell(self) -> None:
        # Beside the transaction of the import: what it writes is seen by nobody before its end.
        stmt = update(ImportJob).where(col(ImportJob.id) == self.job_id, col(ImportJob.stage) == self.stage)
        with self.engine.begin() as connection:
            told = connection.execute(stmt.values(done=len(self.rows)))
        assert isinstance(told, CursorResult)
        if not told.rowcount:
            raise ConflictError("Nobody wants this import any more.")


def _import(session: Session, job_id: int, folder: Path) -> tuple[Report, list[Seen]]:
    """Bring the rows in without committing; return the report and what is to be said of each row."""
    job = _found(session, job_id)
    file = _laid_out(session, job, folder)
    mapping = folder / MAPPING
    mapping.write_text(job.mapping, encoding="utf-8")
    region = _region(session, job)
    told = replace(prepare(file, mapping, job.actor), origin=MAPPING)
    if region.four_eyes:
        told = replace(told, mapping=_only_proposing(told.mapping))
    words = Words(session, region)
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    watch = _Watch(engine, job, words, masks_keys=tells_address(told.mapping))
    session.expunge(job)
    report = import_rows(session, region, told, watch)
    seen.complete(session, region, told.mapping.source.slug, report, watch.rows, words)
    return report, watch.rows


def _only_proposing(mapping: Mapping) -> Mapping:
    """Return a mapping that leaves every row to somebody else, whatever it says itself."""
    source = mapping.source.model_copy(update={"trust": "propose"})
    return mapping.model_copy(update={"source": source})


def _note_rows(session: Session, job_id: int, rows: list[Seen]) -> None:
    """Keep what becomes of each row, with all remarks on it."""
    session.execute(delete(ImportRow).where(col(ImportRow.job_id) == job_id))
    for first in range(0, len(rows), AT_ONCE):
        values = [
            {
                "job_id": job_id,
                "number": row.number,
                "outcome": row.outcome,
                "key": row.shown_key,
                "name": row.name,
                "lon": row.lon,
                "lat": row.lat,
                "remarks": row.told,
            }
            for row in rows[first : first + AT_ONCE]
        ]
        session.execute(insert(ImportRow), values)


def _told(report: Report, rows: list[Seen]) -> Values:
    """Return what a job keeps of a report besides its rows."""
    lines = [
        {"what": line.what, "key": line.key, "field": line.field, "reason": line.reason}
        for line in report.rows
        if line.number is None
    ]
    counts = report.counts | seen.counted(rows)
    return {"counts": counts, "remarks": lines, "done": report.total}


def _found(session: Session, job_id: int) -> ImportJob:
    job = session.get(ImportJob, job_id)
    if job is None:
        raise ConflictError("The import is gone.")
    return job


def _region(session: Session, job: ImportJob) -> Region:
    region = session.get(Region, job.region_id)
    assert region is not None
    return region


def _laid_out(session: Session, job: ImportJob, folder: Path) -> Path:
    """Write a job's file into a folder, under a name of its own, so that readers can open it."""
    place = folder / FILE
    place.mkdir()
    file = place / store.clean_name(job.file_name)
    with file.open("wb") as opened:
        for piece in store.content(session, job.id):
            opened.write(piece)
    if not file.stat().st_size:
        raise UnusableError("Die Datei ist nicht mehr da. Bitte laden Sie sie noch einmal hoch.")
    return file
