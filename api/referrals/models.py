"""Lists that somebody hands to a family: numbers of offers and fixed notes, behind a code."""

from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import tables

MOST_ENTRIES: Final = 30


class Note(StrEnum):
    """What can be said about an entry; the order is the order of forms. There is no other text in a list."""

    CALL_FIRST = "call_first"
    EXPECTED = "expected"  # somebody there knows that they come
    ACCOMPANIED = "accompanied"  # whoever made the list comes along
    BRING_LETTER = "bring_letter"
    BRING_ID = "bring_id"
    BRING_LEASE = "bring_lease"
    BRING_INCOME = "bring_income"  # papers that say what comes in
    BRING_CHILD = "bring_child"
    COME_EARLY = "come_early"
    ASK_INTERPRETER = "ask_interpreter"
    ASK_COST = "ask_cost"
    FREE_WITH_BUT = "free_with_but"  # Bildung und Teilhabe pays
    HELP_WITH_FORMS = "help_with_forms"


_ALLOWED: Final = ", ".join(f"'{note.value}'" for note in Note)


class ReferralList(SQLModel, table=True):
    """A list and how long it can be opened. The code itself is in its link alone."""

    __tablename__ = "referral_list"
    __table_args__ = (Index("ix_referral_list_expires", "expires_on"),)

    id: int = tables.identity()
    region_id: int = tables.reference("region.id")
    code_hash: str = Field(unique=True)  # SHA-256 of the code, hexadecimal
    # Days of the region: when exactly somebody sat together is nobody's business.
    created_on: date
    expires_on: date  # the last day on which it opens


class ReferralEntry(SQLModel, table=True):
    """One offer of a list; no foreign key to it, because a list has to say that something is gone."""

    __tablename__ = "referral_entry"
    __table_args__ = (
        UniqueConstraint("list_id", "position"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_ENTRIES}", name="position"),
        CheckConstraint(f"notes <@ ARRAY[{_ALLOWED}]::text[]", name="notes"),
    )

    id: int = tables.identity()
    list_id: int = Field(foreign_key="referral_list.id", ondelete="CASCADE", sa_type=BigInteger)
    position: int
    offer_id: int = Field(sa_type=BigInteger)
    place_id: int | None = Field(default=None, sa_type=BigInteger)  # of a Place; none: all
    notes: list[str] = tables.texts()  # values of Note
    facts: str  # a fingerprint of what the list said about the offer on the day it was made
