"""help and texts."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql" / "0006_help_and_texts.sql"


def upgrade() -> None:
    for name, empty in (("helplines", "[]"), ("texts", "{}")):
        op.add_column(
            "region",
            sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), server_default=empty, nullable=False),
        )
    op.add_column(
        "region",
        sa.Column("exit_url", sqlmodel.sql.sqltypes.AutoString(), server_default="", nullable=False),
    )
    op.add_column(
        "topic", sa.Column("helplines", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.drop_column("topic", "helplines")
    for name in ("exit_url", "texts", "helplines"):
        op.drop_column("region", name)
