"""changes for search."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql"
TRIGGERS = {
    "offer": ("insert", "update", "delete"),
    "offer_at_place": ("insert", "update", "delete"),
    "contact": ("insert", "update", "delete"),
    "space": ("insert", "update", "delete"),
    "division": ("delete",),
    "place": ("update",),
    "organization": ("update",),
}


def upgrade() -> None:
    op.create_table(
        "offer_change",
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_offer_change_region_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("region_id", "offer_id", name=op.f("pk_offer_change")),
    )
    op.create_index("ix_offer_change_version", "offer_change", ["region_id", "version"], unique=False)
    op.create_table(
        "region_version",
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("version_xid", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_region_version_region_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("region_id", "data_version", name=op.f("pk_region_version")),
    )
    op.execute((SQL / "0004_changes_for_search.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    for table, moments in TRIGGERS.items():
        for moment in moments:
            op.execute(f"DROP TRIGGER search_{moment} ON {table}")
    op.execute("DROP TRIGGER remember_version ON region")
    op.execute("DROP TRIGGER remember_own_version ON region")
    op.execute(
        "DROP FUNCTION offers_changed, offers_rewritten, rows_with_offer_changed, rows_with_offer_rewritten,"
        " places_rewritten, spaces_noted, divisions_gone, organizations_rewritten, note_all_offers,"
        " note_offers_of, note_offers, remember_version"
    )
    op.drop_table("region_version")
    op.drop_table("offer_change")
