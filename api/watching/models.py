"""What members of staff keep an eye on: their own searches and offers, and how far they have been told."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import tables
from api.offers.freshness import Freshness

LONGEST_NAME = 80
LONGEST_ADDRESS = 1000


class Rhythm(StrEnum):
    """How often somebody wants a mail, if there is something to tell."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"


class Standing(StrEnum):
    """Where an offer is, as one account may know it."""

    PUBLIC = "public"
    PAUSED = "paused"
    ARCHIVED = "archived"
    UNPUBLISHED = "unpublished"  # not public yet
    GONE = "gone"  # it is not there any more, or no business of theirs


def _whose(target: str, *, key: bool = False, index: bool = False) -> Any:  # noqa: ANN401
    """Return a reference that takes the row along when what it points to is deleted."""
    return Field(foreign_key=target, ondelete="CASCADE", sa_type=BigInteger, primary_key=key, index=index)


def _ids(*, optional: bool = False) -> Any:  # noqa: ANN401
    return Field(default=None if optional else ..., sa_type=ARRAY(BigInteger), nullable=optional)


class Watcher(SQLModel, table=True):
    """What one account wants to be told of one region, and when it was told last."""

    account_id: int = _whose("account.id", key=True)
    region_id: int = _whose("region.id", key=True, index=True)
    rhythm: Rhythm = tables.choice(Rhythm, Rhythm.WEEKLY)
    told_on: date  # the day of the last mail; at first the day on which it began
    mails: int = 0  # so far: a mail that goes out twice is one and the same
    quiet_token: str = Field(unique=True)  # stands in every mail; good for ending or resuming them alone


class SavedSearch(SQLModel, table=True):
    """A search of one account, as the address of the list says it."""

    __tablename__ = "saved_search"
    __table_args__ = (
        UniqueConstraint("account_id", "region_id", "address"),
        CheckConstraint(f"char_length(name) BETWEEN 1 AND {LONGEST_NAME}", name="name"),
        CheckConstraint(f"char_length(address) <= {LONGEST_ADDRESS}", name="address"),
    )

    id: int = tables.identity()
    account_id: int = _whose("account.id")
    region_id: int = _whose("region.id", index=True)
    name: str
    address: str  # "?thema=geld&stadtteil=fennpfuhl", or empty for everything
    known: list[int] | None = _ids(optional=True)  # offers seen; none: nobody could count them yet
    told: list[int] = _ids()  # offers told by mail and not seen on the page since
    created_at: datetime = tables.instant()
    seen_at: datetime = tables.instant()
    removed_at: datetime | None = tables.instant(optional=True)  # can be brought back for a while


class WatchedOffer(SQLModel, table=True):
    """An offer on the list of one account: as its page showed it last, and as the last mail told it."""

    __tablename__ = "watched_offer"

    account_id: int = _whose("account.id", key=True)
    # No foreign key: that an offer is gone is something to tell.
    offer_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    region_id: int = _whose("region.id", index=True)
    created_at: datetime = tables.instant()
    seen_at: datetime = tables.instant()
    seen_revision: int = Field(sa_type=BigInteger)  # the region's last one then
    seen_standing: Standing = tables.choice(Standing, name="seen_standing")
    seen_freshness: Freshness | None = tables.choice(Freshness, name="seen_freshness", optional=True)
    told_revision: int = Field(sa_type=BigInteger)
    told_standing: Standing = tables.choice(Standing, name="told_standing")
    told_freshness: Freshness | None = tables.choice(Freshness, name="told_freshness", optional=True)
    removed_at: datetime | None = tables.instant(optional=True)
