"""Claims: who looks after something of the queue just now."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import tables


class About(StrEnum):
    """What somebody looks after; its number is that of the row."""

    PROPOSAL = "proposal"
    DOUBT = "doubt"
    PLACE = "place"
    PAIR = "pair"  # of offers that may be one
    OFFER = "offer"


class Claim(SQLModel, table=True):
    """Somebody looks after something; a note for the others, no history and no lock."""

    __table_args__ = (UniqueConstraint("region_id", "about", "number"),)

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    about: About = tables.choice(About)
    number: int = Field(sa_type=BigInteger)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", sa_type=BigInteger, index=True)
    since: datetime = tables.instant()
