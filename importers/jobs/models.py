"""An import on its way: the file as it came, how far it is, and what becomes of each row."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel

from api.core import tables


class Stage(StrEnum):
    """Where a job stands. Those in WORKING are for the worker, all others wait for a person."""

    RECEIVING = "receiving"
    FETCHING = "fetching"
    DRAFTING = "drafting"
    DRAFTED = "drafted"
    PREVIEWING = "previewing"
    PREVIEWED = "previewed"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


WORKING: Final = (Stage.FETCHING, Stage.DRAFTING, Stage.PREVIEWING, Stage.APPLYING, Stage.UNDOING)

LOCK: Final = 0x4C414E44  # of PostgreSQL, held by the one worker of an installation


class ImportJob(SQLModel, table=True):
    """One list that somebody brings in through the pages; it stays as the memory of its mapping."""

    __tablename__ = "import_job"

    id: int = tables.identity()
    region_id: int = tables.reference("region.id")
    batch_id: int | None = tables.reference("import_batch.id", optional=True)
    stage: Stage = tables.choice(Stage)
    attempts: int = 0  # how often the worker has begun with this stage
    file_name: str = ""
    address: str = ""  # where it was fetched from, if not uploaded
    size: int = Field(default=0, sa_type=BigInteger)  # bytes
    sha256: str = ""  # in hexadecimal
    mapping: str = ""  # TOML
    draft: dict[str, Any] | None = tables.document(optional=True)  # what the assistant guesses, and why
    error: str = ""
    done: int = 0  # rows
    total: int | None = None
    counts: dict[str, int] = tables.document()
    remarks: list[Any] = tables.document()  # on what has no row; after an undo: what stayed
    actor: str  # who has begun it, or told it to do what it does now
    created_at: datetime = tables.instant()
    changed_at: datetime = tables.instant()


class ImportPart(SQLModel, table=True):
    """A piece of the file; it goes as soon as the import is applied."""

    __tablename__ = "import_part"

    job_id: int = Field(primary_key=True, foreign_key="import_job.id", ondelete="CASCADE", sa_type=BigInteger)
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class ImportRow(SQLModel, table=True):
    """What becomes of one row of the file, or became of it."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_job_id_number", "job_id", "number"),)

    id: int = tables.identity()
    job_id: int = Field(foreign_key="import_job.id", ondelete="CASCADE", sa_type=BigInteger)
    number: int
    outcome: str  # one of report.ROWS
    key: str
    name: str
    lon: float | None = None
    lat: float | None = None
    remarks: list[Any] = tables.document()
