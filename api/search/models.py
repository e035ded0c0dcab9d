"""What the database notes for the search index; written by triggers alone (alembic/sql)."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel


class OfferChange(SQLModel, table=True):
    """The version of a region that last changed how strangers see an offer; stays when the offer is gone."""

    __tablename__ = "offer_change"
    __table_args__ = (Index("ix_offer_change_version", "region_id", "version"),)

    region_id: int = Field(primary_key=True, foreign_key="region.id", ondelete="CASCADE", sa_type=BigInteger)
    offer_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    version: int = Field(sa_type=BigInteger)


class RegionVersion(SQLModel, table=True):
    """A version that a region's data had, and the transaction that made it."""

    __tablename__ = "region_version"

    region_id: int = Field(primary_key=True, foreign_key="region.id", ondelete="CASCADE", sa_type=BigInteger)
    data_version: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    version_xid: int = Field(sa_type=BigInteger)
