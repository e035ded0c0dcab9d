"""watch lists and saved searches."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0021_watch_lists.sql"
INSTANT = sa.DateTime(timezone=True)
TEXT = sa.String()
IDS = postgresql.ARRAY(sa.BigInteger())
STANDINGS = ("public", "paused", "archived", "unpublished", "gone")
FRESHNESS = ("fresh", "soon", "due", "overdue")
TABLES = ("watcher", "saved_search", "watched_offer")


def upgrade() -> None:
    op.create_table(
        "watcher",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("rhythm", _choice("rhythm", "none", "daily", "weekly"), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("quiet_token", TEXT, nullable=False),
        *_whose("watcher"),
        sa.PrimaryKeyConstraint("account_id", "region_id", name=op.f("pk_watcher")),
        sa.UniqueConstraint("quiet_token", name=op.f("uq_watcher_quiet_token")),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("known", IDS, nullable=True),
        sa.Column("told", IDS, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 80", name=op.f("ck_saved_search_name")),
        sa.CheckConstraint("char_length(address) <= 1000", name=op.f("ck_saved_search_address")),
        *_whose("saved_search"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint(
            "account_id", "region_id", "address", name=op.f("uq_saved_search_account_id_region_id_address")
        ),
    )
    op.create_table(
        "watched_offer",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("seen_revision", sa.BigInteger(), nullable=False),
        sa.Column("seen_standing", _choice("seen_standing", *STANDINGS), nullable=False),
        sa.Column("seen_freshness", _choice("seen_freshness", *FRESHNESS), nullable=True),
        sa.Column("told_revision", sa.BigInteger(), nullable=False),
        sa.Column("told_standing", _choice("told_standing", *STANDINGS), nullable=False),
        sa.Column("told_freshness", _choice("told_freshness", *FRESHNESS), nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        *_whose("watched_offer"),
        sa.PrimaryKeyConstraint("account_id", "offer_id", name=op.f("pk_watched_offer")),
    )
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_region_id"), table, ["region_id"])
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def _whose(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint(
            [f"{other}_id"], [f"{other}.id"], name=op.f(f"fk_{table}_{other}_id"), ondelete="CASCADE"
        )
        for other in ("account", "region")
    )
