"""identity."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "region",
        sa.Column("identity", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    # A setting like the region's name: importers write it as the app.
    op.execute("GRANT UPDATE (identity) ON region TO landkarte_app")


def downgrade() -> None:
    op.drop_column("region", "identity")
