"""help chains."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0022_help_chains.sql"
DOCUMENT = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "help_chain",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("names", DOCUMENT, nullable=False),
        sa.Column("summaries", DOCUMENT, nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_help_chain_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_chain")),
        sa.UniqueConstraint("region_id", "slug", name=op.f("uq_help_chain_region_id_slug")),
    )
    op.create_table(
        "help_chain_link",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("names", DOCUMENT, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("offer_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.CheckConstraint("min_age <= max_age", name=op.f("ck_help_chain_link_ages")),
        sa.ForeignKeyConstraint(["chain_id"], ["help_chain.id"], name=op.f("fk_help_chain_link_chain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_chain_link")),
    )
    op.create_index("ix_help_chain_link_chain", "help_chain_link", ["chain_id", "position"])
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.drop_table("help_chain_link")
    op.drop_table("help_chain")
    op.execute("DROP FUNCTION help_chain_links_changed()")
