"""referral lists."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0018_referral_lists.sql"
TEXT = sqlmodel.sql.sqltypes.AutoString()
NOTES = (
    "call_first", "expected", "accompanied", "bring_letter", "bring_id", "bring_lease", "bring_income",
    "bring_child", "come_early", "ask_interpreter", "ask_cost", "free_with_but", "help_with_forms",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "referral_list",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", TEXT, nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_referral_list_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_list")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_referral_list_code_hash")),
    )
    op.create_index(op.f("ix_referral_list_region_id"), "referral_list", ["region_id"], unique=False)
    op.create_index("ix_referral_list_expires", "referral_list", ["expires_on"], unique=False)
    allowed = ", ".join(f"'{note}'" for note in NOTES)
    op.create_table(
        "referral_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("notes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("facts", TEXT, nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 30", name=op.f("ck_referral_entry_position")),
        sa.CheckConstraint(f"notes <@ ARRAY[{allowed}]::text[]", name=op.f("ck_referral_entry_notes")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["referral_list.id"], name=op.f("fk_referral_entry_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_entry")),
        sa.UniqueConstraint("list_id", "position", name=op.f("uq_referral_entry_list_id_position")),
    )
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.drop_table("referral_entry")
    op.drop_table("referral_list")
