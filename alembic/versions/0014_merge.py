"""merge."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0014_merge.sql"
TEXT = sqlmodel.sql.sqltypes.AutoString()
DOCUMENT = postgresql.JSONB(astext_type=sa.Text())
INSTANT = sa.DateTime(timezone=True)
LIKENESS = ("certain", "doubtful", "named")
DECISIONS = ("open", "merged", "different", "closed")


def upgrade() -> None:
    # A merge is a batch of revisions like an import, of no list.
    op.alter_column("import_batch", "source_id", nullable=True)
    op.create_table(
        "offer_redirect",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("old_id", sa.BigInteger(), nullable=False),
        sa.Column("old_slug", TEXT, nullable=False),
        sa.Column("new_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("old_id <> new_id", name=op.f("ck_offer_redirect_elsewhere")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_offer_redirect_region_id")),
        sa.ForeignKeyConstraint(["old_id"], ["offer.id"], name=op.f("fk_offer_redirect_old_id")),
        sa.ForeignKeyConstraint(["new_id"], ["offer.id"], name=op.f("fk_offer_redirect_new_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_redirect")),
        sa.UniqueConstraint("old_id", name=op.f("uq_offer_redirect_old_id")),
        sa.UniqueConstraint("region_id", "old_slug", name=op.f("uq_offer_redirect_region_id_old_slug")),
    )
    op.create_index(op.f("ix_offer_redirect_new_id"), "offer_redirect", ["new_id"], unique=False)
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_a", sa.BigInteger(), nullable=False),
        sa.Column("offer_b", sa.BigInteger(), nullable=False),
        sa.Column("verdict", _choice("verdict", LIKENESS), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("decision", _choice("decision", DECISIONS), nullable=False),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("plan", DOCUMENT, nullable=True),
        sa.Column("kept_id", sa.BigInteger(), nullable=True),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("moved", DOCUMENT, server_default="{}", nullable=False),
        sa.CheckConstraint("offer_a < offer_b", name=op.f("ck_duplicate_pair_order")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_duplicate_pair_region_id")),
        sa.ForeignKeyConstraint(["offer_a"], ["offer.id"], name=op.f("fk_duplicate_pair_offer_a")),
        sa.ForeignKeyConstraint(["offer_b"], ["offer.id"], name=op.f("fk_duplicate_pair_offer_b")),
        sa.ForeignKeyConstraint(["kept_id"], ["offer.id"], name=op.f("fk_duplicate_pair_kept_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_duplicate_pair_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint("offer_a", "offer_b", name=op.f("uq_duplicate_pair_offer_a_offer_b")),
    )
    op.create_index(op.f("ix_duplicate_pair_offer_b"), "duplicate_pair", ["offer_b"], unique=False)
    op.create_index(op.f("ix_duplicate_pair_batch_id"), "duplicate_pair", ["batch_id"], unique=False)
    op.create_index(
        "ix_duplicate_pair_queue",
        "duplicate_pair",
        ["region_id", "decision", "found_at", "id"],
        unique=False,
    )
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    for table in ("duplicate_pair", "offer_redirect"):
        op.drop_table(table)
    op.execute("DROP FUNCTION redirect_leads_on()")
    # Merges stay done; that they were one batch is forgotten.
    op.execute(
        "UPDATE revision SET batch_id = NULL FROM import_batch b"
        " WHERE b.id = batch_id AND b.source_id IS NULL"
    )
    op.execute("DELETE FROM import_batch WHERE source_id IS NULL")
    op.alter_column("import_batch", "source_id", nullable=False)


def _choice(name: str, choices: Sequence[str]) -> sa.Enum:
    return sa.Enum(*choices, name=name, native_enum=False, create_constraint=True, length=20)
