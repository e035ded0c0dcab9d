"""What is kept of asking providers and of warnings: links by mail, who wants none, what may go."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from api.core import tables


class Purpose(StrEnum):
    """What a link by mail is good for; for nothing else."""

    CHECK = "check"  # see, correct and confirm the organization's own entries, once
    QUIET = "quiet"  # get no more mail; any number of times


class ProviderLink(SQLModel, table=True):
    """A link that a provider gets by mail; the link itself is known to the mail alone."""

    __tablename__ = "provider_link"
    __table_args__ = (Index("ix_provider_link_organization", "organization_id", "purpose", "created_at"),)

    id: int = tables.identity()
    token_hash: bytes = Field(unique=True, sa_type=LargeBinary)  # SHA-256
    organization_id: int = Field(foreign_key="organization.id", ondelete="CASCADE", sa_type=BigInteger)
    region_id: int = tables.reference("region.id")
    purpose: Purpose = tables.choice(Purpose)
    created_at: datetime = tables.instant()
    expires_at: datetime = tables.instant()
    used_at: datetime | None = tables.instant(optional=True)
    seen_revision: int = Field(sa_type=BigInteger)  # the region's last one when the mail was written


class ProviderMail(SQLModel, table=True):
    """Where an organization wants its mail, if not where its entries say so, or that it wants none."""

    __tablename__ = "provider_mail"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email"),)

    organization_id: int = Field(
        primary_key=True, foreign_key="organization.id", ondelete="CASCADE", sa_type=BigInteger
    )
    region_id: int = tables.reference("region.id")
    email: str | None = None  # in lower case; an office, never a private person
    quiet_since: datetime | None = tables.instant(optional=True)


class ArchiveWarning(SQLModel, table=True):
    """An offer that nobody has looked at for very long, and the first day on which it may be archived."""

    __tablename__ = "archive_warning"
    __table_args__ = (Index("ix_archive_warning_region", "region_id", "archive_on", "offer_id"),)

    offer_id: int = Field(primary_key=True, foreign_key="offer.id", ondelete="CASCADE", sa_type=BigInteger)
    region_id: int = tables.reference("region.id", index=False)
    warned_at: datetime = tables.instant()
    archive_on: date
