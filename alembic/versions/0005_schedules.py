"""schedules."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0005_schedules.sql"


def upgrade() -> None:
    op.create_table(
        "schedule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_at_place_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("recurrence", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "on_public_holidays",
            sa.Enum(
                "open",
                "closed",
                "only",
                name="on_public_holidays",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "on_school_holidays",
            sa.Enum(
                "open",
                "closed",
                "only",
                name="on_school_holidays",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "entry",
            sa.Enum(
                "walk_in",
                "appointment",
                "unknown",
                name="entry",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("closures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("jsonb_typeof(closures) = 'array'", name=op.f("ck_schedule_closures")),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_schedule_validity")),
        sa.ForeignKeyConstraint(
            ["offer_at_place_id"], ["offer_at_place.id"], name=op.f("fk_schedule_offer_at_place_id")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_schedule_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
    )
    op.create_index(op.f("ix_schedule_offer_at_place_id"), "schedule", ["offer_at_place_id"], unique=False)
    op.create_index(op.f("ix_schedule_offer_id"), "schedule", ["offer_id"], unique=False)
    op.create_table(
        "schedule_deviation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("schedule_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "cancelled",
                "moved",
                "extra",
                name="change",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("day_to", sa.Date(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "change <> 'cancelled' OR (starts IS NULL AND ends IS NULL AND place_id IS NULL)",
            name=op.f("ck_schedule_deviation_cancelled"),
        ),
        sa.CheckConstraint("change = 'moved' OR day_to IS NULL", name=op.f("ck_schedule_deviation_moved_to")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_schedule_deviation_offer_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_schedule_deviation_place_id")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedule.id"], name=op.f("fk_schedule_deviation_schedule_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_deviation")),
    )
    op.create_index(op.f("ix_schedule_deviation_offer_id"), "schedule_deviation", ["offer_id"], unique=False)
    op.create_index(op.f("ix_schedule_deviation_place_id"), "schedule_deviation", ["place_id"], unique=False)
    op.create_index(
        op.f("ix_schedule_deviation_schedule_id"), "schedule_deviation", ["schedule_id"], unique=False
    )
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.drop_table("schedule_deviation")
    op.drop_table("schedule")
