"""doubts."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0016_doubts.sql"
KINDS = (
    "link_gone", "link_silent", "link_unsafe", "link_moved", "link_wrong", "link_is_mail", "phone_short",
    "phone_long", "phone_no_code", "phone_extra_zero", "phone_placeholder", "phone_unreadable",
    "phone_missing", "point_missing", "point_outside", "point_address", "point_postcode", "dates_over",
    "hours_over", "line_over", "only_singles", "ages_text", "ages_audience", "languages_text",
    "topic_missing", "summary_missing",
)  # fmt: skip
STATES = ("open", "dismissed", "settled")
ANSWERS = ("fine", "gone", "silent", "unsafe", "unjudged")
TEXT = sqlmodel.sql.sqltypes.AutoString()
DOCUMENT = postgresql.JSONB(astext_type=sa.Text())
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "doubt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _choice("kind", KINDS), nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("seen", TEXT, nullable=False),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.Column("proposed", DOCUMENT, nullable=False),
        sa.Column("state", _choice("state", STATES), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by", TEXT, nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_doubt_region_id")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_doubt_offer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
    )
    op.create_index(op.f("ix_doubt_offer_id"), "doubt", ["offer_id"], unique=False)
    op.create_index("ix_doubt_queue", "doubt", ["region_id", "state", "found_at", "id"], unique=False)
    op.create_index("ix_doubt_kind", "doubt", ["region_id", "state", "kind", "found_at", "id"], unique=False)
    op.create_index(
        "uq_doubt_about",
        "doubt",
        ["offer_id", "kind", "path"],
        unique=True,
        postgresql_where=sa.text("state <> 'settled'"),
    )
    op.create_table(
        "web_link",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("answer", _choice("answer", ANSWERS), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("moved_to", TEXT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_link")),
        sa.UniqueConstraint("address", name=op.f("uq_web_link_address")),
    )
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP TRIGGER place_hidden_doubts ON place")
    op.execute("DROP FUNCTION place_hidden_doubts()")
    op.drop_table("web_link")
    op.drop_table("doubt")


def _choice(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
