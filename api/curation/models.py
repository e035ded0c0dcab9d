"""Proposals: changes that somebody suggested and nobody has decided yet."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import SQLModel

from api.core import tables
from api.history.models import Origin


class Kind(StrEnum):
    """What is proposed."""

    CREATE = "create"
    CHANGE = "change"
    WITHDRAW = "withdraw"


class Decision(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OBSOLETE = "obsolete"


class Proposal(SQLModel, table=True):
    """A change of an offer proposed by the public, a provider or an import."""

    __table_args__ = (Index("ix_proposal_region_decision", "region_id", "decision"),)

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    offer_id: int | None = tables.reference("offer.id", optional=True)  # none: a new offer
    source_id: int | None = tables.reference("source.id", optional=True)
    source_key: str | None = None
    kind: Kind = tables.choice(Kind)
    origin: Origin = tables.choice(Origin)
    actor: str
    reason: str
    changes: dict[str, dict[str, Any]] = tables.document()  # field → {"old": …, "new": …}
    raw: dict[str, Any] | None = tables.document(optional=True)
    decision: Decision = tables.choice(Decision, Decision.OPEN)
    decision_note: str = ""
    decided_by: str | None = None
    proposed_at: datetime = tables.instant()
    decided_at: datetime | None = tables.instant(optional=True)
