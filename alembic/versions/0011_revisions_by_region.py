"""revisions by region."""

from collections.abc import Sequence

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # The last revisions of a region are read from the end of its part of the index.
    op.create_index("ix_revision_region", "revision", ["region_id", "id"])
    op.drop_index("ix_revision_region_id", "revision")


def downgrade() -> None:
    op.create_index("ix_revision_region_id", "revision", ["region_id"])
    op.drop_index("ix_revision_region", "revision")
