"""curation."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0013_curation.sql"
DOCUMENT = postgresql.JSONB(astext_type=sa.Text())
CHOICES = {
    "kind": ("create", "change", "withdraw", "pause"),
    "decision": ("draft", "open", "accepted", "declined", "obsolete"),
}
ABOUT = ("proposal", "doubt", "place", "pair", "offer")
TRANSLATION = (
    "locale",
    "name",
    "summary",
    "description",
    "hours_text",
    "cost_note",
    "access_note",
)
NEW: dict[str, tuple[sa.types.TypeEngine[object], str | None]] = {
    "about_id": (sa.BigInteger(), None),
    "base": (DOCUMENT, None),
    "version": (sa.Integer(), "1"),
    "topics": (postgresql.ARRAY(sa.Text()), "{}"),
    "lon": (sa.Float(), None),
    "lat": (sa.Float(), None),
    "decisions": (DOCUMENT, "{}"),
}


def upgrade() -> None:
    for name, choices in CHOICES.items():
        _allow(name, choices)
    for name, (kind, usual) in NEW.items():
        column = sa.Column(name, kind, server_default=usual, nullable=usual is None)
        op.add_column("proposal", column)
    op.create_foreign_key("fk_proposal_about_id", "proposal", "proposal", ["about_id"], ["id"])
    op.create_index("ix_proposal_about_id", "proposal", ["about_id"])
    op.create_index("ix_proposal_queue", "proposal", ["region_id", "decision", "proposed_at", "id"])
    op.create_index("ix_proposal_row", "proposal", ["source_id", "source_key"])
    op.create_index("ix_proposal_author", "proposal", ["region_id", "actor", "decision", "id"])
    op.create_index(
        "uq_proposal_draft",
        "proposal",
        ["offer_id", "actor"],
        unique=True,
        postgresql_where=sa.text("decision = 'draft'"),
    )
    op.drop_index("ix_proposal_region_decision", "proposal")
    op.drop_index("ix_proposal_source_id", "proposal")
    # New offers of before, found by topic and space as those of now.
    op.execute(
        "UPDATE proposal SET topics = ARRAY(SELECT jsonb_array_elements_text(changes->'topics'->'new'))"
        " WHERE kind = 'create' AND jsonb_typeof(changes->'topics'->'new') = 'array'"
    )
    op.execute(
        "UPDATE proposal SET lon = (changes->'lon'->>'new')::float, lat = (changes->'lat'->>'new')::float"
        " WHERE kind = 'create' AND jsonb_typeof(changes->'lon'->'new') = 'number'"
        " AND jsonb_typeof(changes->'lat'->'new') = 'number'"
    )
    op.add_column("offer", sa.Column("paused_until", sa.Date(), nullable=True))
    op.create_index(
        "ix_offer_paused", "offer", ["paused_until"], postgresql_where=sa.text("status = 'paused'")
    )
    op.create_table(
        "offer_translation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in TRANSLATION),
        sa.Column("made_from", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_translation_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_translation")),
        sa.UniqueConstraint("offer_id", "locale", name=op.f("uq_offer_translation_offer_id_locale")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "about",
            sa.Enum(*ABOUT, name="about", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_claim_region_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_claim_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("region_id", "about", "number", name=op.f("uq_claim_region_id_about_number")),
    )
    op.create_index(op.f("ix_claim_account_id"), "claim", ["account_id"])
    op.create_index(
        "ix_place_unplaced", "place", ["region_id", "id"], postgresql_where=sa.text("lon IS NULL")
    )
    op.add_column("region", sa.Column("four_eyes", sa.Boolean(), server_default="false", nullable=False))
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.drop_index("ix_revision_parts_gone", "revision")
    op.drop_column("region", "four_eyes")
    op.drop_index("ix_place_unplaced", "place")
    op.drop_table("claim")
    op.drop_table("offer_translation")
    op.drop_index("ix_offer_paused", "offer")
    op.drop_column("offer", "paused_until")
    op.execute("DELETE FROM proposal WHERE decision = 'draft' OR kind = 'pause'")
    op.create_index("ix_proposal_source_id", "proposal", ["source_id"])
    op.create_index("ix_proposal_region_decision", "proposal", ["region_id", "decision"])
    for name in ("ix_proposal_author", "ix_proposal_row", "ix_proposal_queue", "uq_proposal_draft"):
        op.drop_index(name, "proposal")
    for name in reversed(NEW):
        op.drop_column("proposal", name)
    for name, (first, *others) in CHOICES.items():
        _allow(name, others if name == "decision" else (first, *others[:-1]))


def _allow(name: str, choices: Sequence[str]) -> None:
    op.drop_constraint(op.f(f"ck_proposal_{name}"), "proposal", type_="check")
    said = ", ".join(f"'{choice}'" for choice in choices)
    op.create_check_constraint(op.f(f"ck_proposal_{name}"), "proposal", f"{name} IN ({said})")
