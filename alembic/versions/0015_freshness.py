"""freshness."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0015_freshness.sql"
INSTANT = sa.DateTime(timezone=True)
TEXT = sa.String()
RULES = ("set", "ends", "urgent", "neighbours", "words", "courses", "office", "usual")
TABLES = ("offer_freshness", "archive_warning", "campaign", "provider_link", "provider_mail")


def upgrade() -> None:
    op.alter_column("offer", "verify_within_days", existing_type=sa.Integer(), nullable=True)
    # What somebody has done to a region's entries since a day.
    op.create_index("ix_revision_since", "revision", ["region_id", "at"])
    op.create_table(
        "offer_freshness",
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", _choice("rule", *RULES), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("fresh_until", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("overdue_on", sa.Date(), nullable=False),
        _to("offer_freshness", "offer", ondelete="CASCADE"),
        _to("offer_freshness", "region", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_offer_freshness")),
    )
    for name, column in (("soon", "fresh_until"), ("due", "due_on"), ("overdue", "overdue_on")):
        op.create_index(f"ix_offer_freshness_{name}", "offer_freshness", ["region_id", column, "offer_id"])
    op.create_table(
        "archive_warning",
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("warned_at", INSTANT, nullable=False),
        sa.Column("archive_on", sa.Date(), nullable=False),
        _to("archive_warning", "offer", ondelete="CASCADE"),
        _to("archive_warning", "region"),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_archive_warning")),
    )
    op.create_index("ix_archive_warning_region", "archive_warning", ["region_id", "archive_on", "offer_id"])
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("space_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_campaign_days")),
        _to("campaign", "region"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index("ix_campaign_region", "campaign", ["region_id", "until_on", "id"])
    op.create_table(
        "provider_link",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", _choice("purpose", "check", "quiet"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("seen_revision", sa.BigInteger(), nullable=False),
        _to("provider_link", "organization", ondelete="CASCADE"),
        _to("provider_link", "region"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_provider_link_token_hash")),
    )
    op.create_index(
        "ix_provider_link_organization", "provider_link", ["organization_id", "purpose", "created_at"]
    )
    op.create_index(op.f("ix_provider_link_region_id"), "provider_link", ["region_id"])
    op.create_table(
        "provider_mail",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("email", TEXT, nullable=True),
        sa.Column("quiet_since", INSTANT, nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_provider_mail_email")),
        _to("provider_mail", "organization", ondelete="CASCADE"),
        _to("provider_mail", "region"),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_provider_mail")),
    )
    op.create_index(op.f("ix_provider_mail_region_id"), "provider_mail", ["region_id"])
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    for table in ("offer", "offer_at_place", "schedule"):
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS freshness_{event} ON {table}")
    for function in ("freshness_of_offers", "freshness_of_parts", "refresh_freshness", "offer_rhythm"):
        op.execute(f"DROP FUNCTION {function}")
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_revision_since", "revision")
    op.execute("UPDATE offer SET verify_within_days = 365 WHERE verify_within_days IS NULL")
    op.alter_column("offer", "verify_within_days", existing_type=sa.Integer(), nullable=False)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def _to(table: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    column = f"{other}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )
