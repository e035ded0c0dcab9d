"""lists from an index."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


BY_NAME = "lower(regexp_replace(name::text, '^[^[:alnum:]]+'::text, ''::text)) COLLATE \"de-x-icu\""


def upgrade() -> None:
    op.create_index(
        "ix_offer_by_name",
        "offer",
        ["region_id", sa.text(BY_NAME), "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "ix_offer_by_check",
        "offer",
        ["region_id", sa.text("verified_on DESC NULLS LAST"), sa.text(BY_NAME), "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "ix_offer_coming",
        "offer",
        ["region_id"],
        unique=False,
        postgresql_where=sa.text("status = 'published' AND (outreach OR cardinality(serves) > 0)"),
    )
    op.create_index(
        "ix_place_hidden",
        "place",
        ["region_id", "id"],
        unique=False,
        postgresql_where=sa.text("address_hidden"),
    )
    # It led through the offers of all regions: slower than a look at all offers of one.
    op.drop_index("ix_offer_topics", table_name="offer")


def downgrade() -> None:
    op.create_index("ix_offer_topics", "offer", ["topics"], unique=False, postgresql_using="gin")
    op.drop_index("ix_place_hidden", table_name="place")
    op.drop_index("ix_offer_coming", table_name="offer")
    op.drop_index("ix_offer_by_check", table_name="offer")
    op.drop_index("ix_offer_by_name", table_name="offer")
