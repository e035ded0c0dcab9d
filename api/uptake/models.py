"""How offers are used, as numbers: nowhere stands who it was, and nothing that somebody has typed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import tables

NOWHERE = ""  # instead of the key of a Stadtteil: at several, at none, or hidden
REST = "*"  # instead of it: all Stadtteile of the topic whose own number is not shown, together


class Event(StrEnum):
    """What is counted about an offer; the order is the order of tables."""

    FOUND = "found"  # shown in a list of results
    OPENED = "opened"  # its page
    ROUTED = "routed"  # its telephone number or its way tapped on
    LISTED = "listed"  # put on a referral list
    HANDED_OVER = "handed_over"  # the list was opened by its link or its code
    HELPED = "helped"  # from here on: answers on the list
    FULL = "full"
    NOT_RESPONSIBLE = "not_responsible"
    WRONG_DETAILS = "wrong_details"
    NOT_GONE = "not_gone"


class Part(StrEnum):
    """What a published number is about."""

    CELL = "cell"  # a topic in a Stadtteil
    REST = "rest"  # a topic in all Stadtteile whose own numbers are not shown
    CASE = "case"  # a case type, in the whole region


class UptakeCount(SQLModel, table=True):
    """How often something happened with an offer on a day; deleted when its month is published.

    Topic and Stadtteil are those of the offer.
    """

    __tablename__ = "uptake_count"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    region_id: int = Field(primary_key=True, foreign_key="region.id", sa_type=BigInteger)
    day_on: date = Field(primary_key=True)
    offer_id: int = Field(
        primary_key=True, foreign_key="offer.id", ondelete="CASCADE", sa_type=BigInteger, index=True
    )
    event: Event = Field(primary_key=True, sa_type=tables.choice(Event).sa_type)
    case_type_id: int = Field(default=0, primary_key=True, sa_type=BigInteger)  # 0: none was given
    number: int = Field(sa_type=BigInteger)


class UptakeMonth(SQLModel, table=True):
    """A month that is published: it never changes again."""

    __tablename__ = "uptake_month"

    region_id: int = Field(primary_key=True, foreign_key="region.id", sa_type=BigInteger)
    month_on: date = Field(primary_key=True)  # its first day
    published_at: datetime = tables.instant()


class UptakeCell(SQLModel, table=True):
    """A published number, or that there is one that is not shown."""

    __tablename__ = "uptake_cell"

    region_id: int = Field(primary_key=True, foreign_key="region.id", sa_type=BigInteger)
    month_on: date = Field(primary_key=True)
    part: Part = Field(primary_key=True, sa_type=tables.choice(Part).sa_type)
    event: Event = Field(primary_key=True, sa_type=tables.choice(Event).sa_type)
    topic: str = Field(default="", primary_key=True)
    space_key: str = Field(default=NOWHERE, primary_key=True)
    case_type_id: int = Field(default=0, primary_key=True, sa_type=BigInteger)
    below: int  # what is not shown is smaller than this
    number: int | None = Field(default=None, sa_type=BigInteger)  # none: not shown


class CaseType(SQLModel, table=True):
    """A situation in a few words, of the short list that a network agrees on; never about one family."""

    __tablename__ = "case_type"
    __table_args__ = (
        UniqueConstraint("region_id", "label"),
        CheckConstraint("label <> ''", name="label"),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    label: str
    position: int
    is_retired: bool = False  # kept for the months in which it was chosen


class OfferFigures(SQLModel, table=True):
    """What a provider says about an offer and a month; all of it may be unknown."""

    __tablename__ = "offer_figures"
    __table_args__ = (
        CheckConstraint("places >= 0 AND people >= 0 AND waiting >= 0", name="figures"),
        CheckConstraint("extract(day FROM month_on) = 1", name="month"),
        Index("ix_offer_figures_region", "region_id", "month_on"),
    )

    offer_id: int = Field(primary_key=True, foreign_key="offer.id", ondelete="CASCADE", sa_type=BigInteger)
    month_on: date = Field(primary_key=True)
    region_id: int = tables.reference("region.id", index=False)
    places: int | None = None
    people: int | None = None  # who came
    waiting: int | None = None  # on the list on the last day
    actor: str
    changed_at: datetime = tables.instant()
