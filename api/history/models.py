"""History: who or what changed which field when. Rows are only ever added."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from api.core import tables


class Action(StrEnum):
    """What happened to an entry."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"


class Origin(StrEnum):
    """The way a change came in."""

    IMPORT = "import"
    FORM = "form"
    LINK = "link"
    COMMAND = "command"
    UNDO = "undo"


class ImportBatch(SQLModel, table=True):
    """One run of an import that changed something, a merge, or decisions at once; undone as a whole."""

    __tablename__ = "import_batch"

    id: int = tables.identity()
    region_id: int = tables.reference("region.id")
    source_id: int | None = tables.reference("source.id", optional=True)  # none: merged or decided by hand
    actor: str
    file_name: str
    fingerprint: str = Field(index=True)  # SHA-256 over mapping and file
    counts: dict[str, int] = tables.document()
    report: list[Any] = tables.document()
    started_at: datetime = tables.instant()
    undone_at: datetime | None = tables.instant(optional=True)


class Revision(SQLModel, table=True):
    """One change of one entry: for each field the value before (old) and after (new)."""

    __table_args__ = (
        Index("ix_revision_entry", "entity", "entity_id"),
        Index("ix_revision_region", "region_id", "id"),
        Index("ix_revision_since", "region_id", "at"),
        # An undo can be made once.
        Index("uq_revision_undoes", "undoes_id", unique=True, postgresql_where=text("undoes_id IS NOT NULL")),
        # Parts that an offer once had: only their last revision still says whose they were.
        Index(
            "ix_revision_parts_gone",
            text("((changes #>> '{offer_id,old}'::text[])::bigint)"),
            postgresql_where=text("action = 'delete'"),
        ),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    batch_id: int | None = tables.reference("import_batch.id", optional=True)
    undoes_id: int | None = tables.reference("revision.id", optional=True, index=False)
    entity: str
    entity_id: int = Field(sa_type=BigInteger)
    action: Action = tables.choice(Action)
    origin: Origin = tables.choice(Origin)
    actor: str
    changes: dict[str, dict[str, Any]] = tables.document()
    at: datetime = tables.instant()
