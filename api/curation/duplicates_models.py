"""Pairs of offers that may be one, and what people have decided about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from api.core import tables
from api.curation.duplicates_kinds import Likeness, PairDecision


class DuplicatePair(SQLModel, table=True):
    """Two offers of a region that may be one."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        UniqueConstraint("offer_a", "offer_b"),
        CheckConstraint("offer_a < offer_b", name="order"),
        # The queue, oldest first; of each decision.
        Index("ix_duplicate_pair_queue", "region_id", "decision", "found_at", "id"),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    offer_a: int = tables.reference("offer.id", index=False)
    offer_b: int = tables.reference("offer.id")
    verdict: Likeness = tables.choice(Likeness, name="verdict")
    score: float = 0.0
    reasons: list[str] = tables.texts()  # German sentences, the weightiest first
    found_at: datetime = tables.instant()
    decision: PairDecision = tables.choice(PairDecision, PairDecision.OPEN, "decision")
    decided_by: str | None = None
    decided_at: datetime | None = tables.instant(optional=True)
    note: str = ""
    # How somebody would merge them, where other eyes have to see it first; see api.curation.merging.
    plan: dict[str, Any] | None = tables.document(optional=True)
    # Of a merge: the offer that stays, the batch of its revisions, and what else it has moved.
    kept_id: int | None = tables.reference("offer.id", optional=True, index=False)
    batch_id: int | None = tables.reference("import_batch.id", optional=True)
    moved: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
