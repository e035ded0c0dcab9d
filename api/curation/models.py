"""Proposals: what somebody works on, has suggested, or has had decided field by field."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from api.core import tables
from api.history.models import Origin


class Kind(StrEnum):
    """What is proposed."""

    CREATE = "create"
    CHANGE = "change"
    WITHDRAW = "withdraw"
    PAUSE = "pause"


class Decision(StrEnum):
    """Where a proposal stands; a draft is seen by its author alone."""

    DRAFT = "draft"
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OBSOLETE = "obsolete"


class Proposal(SQLModel, table=True):
    """A change of an offer that the public, a provider, an editor or an import has in mind."""

    __table_args__ = (
        # The queue, oldest first; of each decision.
        Index("ix_proposal_queue", "region_id", "decision", "proposed_at", "id"),
        # What was asked before about a row of a list.
        Index("ix_proposal_row", "source_id", "source_key"),
        # One working copy of an offer for each author; new offers may be several.
        Index(
            "uq_proposal_draft",
            "offer_id",
            "actor",
            unique=True,
            postgresql_where=text("decision = 'draft'"),
        ),
        Index("ix_proposal_author", "region_id", "actor", "decision", "id"),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    offer_id: int | None = tables.reference("offer.id", optional=True)  # none: a new offer
    source_id: int | None = tables.reference("source.id", optional=True, index=False)
    source_key: str | None = None
    about_id: int | None = tables.reference("proposal.id", optional=True)  # settled when this is accepted
    kind: Kind = tables.choice(Kind)
    origin: Origin = tables.choice(Origin)
    actor: str
    reason: str
    # Field of a record or path of a sheet → {"old": …, "new": …}
    changes: dict[str, dict[str, Any]] = tables.document()
    raw: dict[str, Any] | None = tables.document(optional=True)
    # Of a draft: the sheet that its author began with, and the number of the last save.
    base: dict[str, Any] | None = tables.document(optional=True)
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    # Of a new offer: what the queue is filtered by before there is a row of the offer.
    topics: list[str] = tables.texts()
    lon: float | None = None
    lat: float | None = None
    decision: Decision = tables.choice(Decision, Decision.OPEN)
    # Path → what became of it, see api.curation.deciding.
    decisions: dict[str, dict[str, Any]] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
    decision_note: str = ""
    decided_by: str | None = None
    proposed_at: datetime = tables.instant()
    decided_at: datetime | None = tables.instant(optional=True)
