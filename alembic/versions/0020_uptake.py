"""uptake."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0020_uptake.sql"
EVENTS = (
    "found", "opened", "routed", "listed", "handed_over", "helped", "full", "not_responsible",
    "wrong_details", "not_gone",
)  # fmt: skip
TEXT = sqlmodel.sql.sqltypes.AutoString()
INSTANT = sa.DateTime(timezone=True)
TABLES = ("offer_figures", "case_type", "uptake_cell", "uptake_month", "uptake_count")


def upgrade() -> None:
    op.create_table(
        "uptake_count",
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("event", _choice("event", *EVENTS), nullable=False),
        sa.Column("case_type_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_uptake_count_number")),
        _to("uptake_count", "region"),
        _to("uptake_count", "offer", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(
            "region_id", "day_on", "offer_id", "event", "case_type_id", name=op.f("pk_uptake_count")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_uptake_count_offer_id"), "uptake_count", ["offer_id"])
    op.create_table(
        "uptake_month",
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        _to("uptake_month", "region"),
        sa.PrimaryKeyConstraint("region_id", "month_on", name=op.f("pk_uptake_month")),
    )
    op.create_table(
        "uptake_cell",
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("part", _choice("part", "cell", "rest", "case"), nullable=False),
        sa.Column("event", _choice("event", *EVENTS), nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("space_key", TEXT, nullable=False),
        sa.Column("case_type_id", sa.BigInteger(), nullable=False),
        sa.Column("below", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        _to("uptake_cell", "region"),
        sa.PrimaryKeyConstraint(
            "region_id", "month_on", "part", "event", "topic", "space_key", "case_type_id",
            name=op.f("pk_uptake_cell"),
        ),
    )  # fmt: skip
    op.create_table(
        "case_type",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint("label <> ''", name=op.f("ck_case_type_label")),
        _to("case_type", "region"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_type")),
        sa.UniqueConstraint("region_id", "label", name=op.f("uq_case_type_region_id_label")),
    )
    op.create_table(
        "offer_figures",
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "places >= 0 AND people >= 0 AND waiting >= 0", name=op.f("ck_offer_figures_figures")
        ),
        sa.CheckConstraint("extract(day FROM month_on) = 1", name=op.f("ck_offer_figures_month")),
        _to("offer_figures", "offer", ondelete="CASCADE"),
        _to("offer_figures", "region"),
        sa.PrimaryKeyConstraint("offer_id", "month_on", name=op.f("pk_offer_figures")),
    )
    op.create_index("ix_offer_figures_region", "offer_figures", ["region_id", "month_on"])
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def _to(table: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    column = f"{other}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )
