"""How fresh an offer is: its rhythm, and the days on which its state changes; the database keeps them.

docs/adr/0036 has the table of rhythms; alembic/sql/0015_freshness.sql is where it is applied.
"""

from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from api.core import tables

# Whatever was never checked is due since then: it stands first, but is never overdue, as it has no day.
NEVER: Final = date(1900, 1, 1)


class Freshness(StrEnum):
    """What a day says of an offer: each state lasts until the next one begins."""

    FRESH = "fresh"
    SOON = "soon"  # the last sixth of its rhythm
    DUE = "due"
    OVERDUE = "overdue"  # since twice its rhythm


class Rule(StrEnum):
    """Why an offer has its rhythm; the first that fits, in this order."""

    SET = "set"
    ENDS = "ends"
    URGENT = "urgent"
    NEIGHBOURS = "neighbours"
    WORDS = "words"
    COURSES = "courses"
    OFFICE = "office"
    USUAL = "usual"


class OfferFreshness(SQLModel, table=True):
    """Until when the last check of a public offer holds: written by the database alone.

    Each day is the last one of the state before: after fresh_until it is soon due, after due_on due, after
    overdue_on overdue.
    """

    __tablename__ = "offer_freshness"
    __table_args__ = (
        Index("ix_offer_freshness_soon", "region_id", "fresh_until", "offer_id"),
        Index("ix_offer_freshness_due", "region_id", "due_on", "offer_id"),
        Index("ix_offer_freshness_overdue", "region_id", "overdue_on", "offer_id"),
    )

    offer_id: int = Field(primary_key=True, foreign_key="offer.id", ondelete="CASCADE", sa_type=BigInteger)
    region_id: int = Field(foreign_key="region.id", ondelete="CASCADE", sa_type=BigInteger)
    rule: Rule = tables.choice(Rule)
    days: int
    fresh_until: date
    due_on: date
    overdue_on: date


def state(today: date, fresh_until: date, due_on: date, overdue_on: date) -> Freshness:
    """Return the state of an offer on a day."""
    if overdue_on < today:
        return Freshness.OVERDUE
    if due_on < today:
        return Freshness.DUE
    return Freshness.SOON if fresh_until < today else Freshness.FRESH


def said(today: date, due_on: date, overdue_on: date) -> dict[str, Any]:
    """Return what strangers are told: until when the check holds, and whether that was or was long ago."""
    return {
        "due_on": None if due_on == NEVER else due_on,
        "is_due": due_on < today,
        "is_overdue": overdue_on < today,
    }
