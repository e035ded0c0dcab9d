"""Campaigns: a few weeks in which many entries are looked at, for instance before the summer holidays."""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from api.core import tables


class Campaign(SQLModel, table=True):
    """Which entries are asked about in which days; what came of it stands in their history alone."""

    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="days"),
        Index("ix_campaign_region", "region_id", "until_on", "id"),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    name: str
    # Of any division; none: the whole region. No foreign keys: what is gone must never widen the rest.
    space_ids: list[int] = Field(
        default_factory=list, sa_type=ARRAY(BigInteger), sa_column_kwargs={"server_default": "{}"}
    )
    topics: list[str] = tables.texts()  # slugs, finer ones included; none: all
    from_on: date
    until_on: date  # the last day
    note: str = ""
    actor: str
    created_at: datetime = tables.instant()
    ended_at: datetime | None = tables.instant(optional=True)  # by somebody, before its last day
