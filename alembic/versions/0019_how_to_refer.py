"""how to refer."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0019_how_to_refer.sql"
WAYS = ("call", "form", "email", "case_conference", "none_needed", "unknown")
CAPACITIES = ("yes", "few", "none", "unknown")
TEXT = sqlmodel.sql.sqltypes.AutoString()
TEXTS = postgresql.ARRAY(sa.Text())


def upgrade() -> None:
    op.create_table(
        "offer_referral",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("way", _choice("way", WAYS), nullable=False),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("waiting_weeks", sa.Integer(), nullable=True),
        sa.Column("capacity", _choice("capacity", CAPACITIES), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("requirements", TEXT, nullable=False),
        sa.Column("papers", TEXTS, server_default="{}", nullable=False),
        sa.Column("papers_note", TEXT, nullable=False),
        sa.Column("laws", TEXTS, server_default="{}", nullable=False),
        sa.Column("laws_note", TEXT, nullable=False),
        sa.CheckConstraint("waiting_weeks BETWEEN 0 AND 520", name=op.f("ck_offer_referral_waiting_weeks")),
        sa.CheckConstraint(
            "said_on IS NOT NULL OR (waiting_weeks IS NULL AND capacity = 'unknown')",
            name=op.f("ck_offer_referral_said_on"),
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_referral_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_referral")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_offer_referral_offer_id")),
    )
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute(
        "UPDATE proposal SET base = (SELECT jsonb_object_agg(key, value) FROM jsonb_each(base)"
        " WHERE key NOT LIKE 'referral.%') WHERE base IS NOT NULL"
    )
    op.drop_table("offer_referral")


def _choice(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
