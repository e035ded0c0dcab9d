"""regions named elsewhere."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.execute((SQL / "0003_regions_named_elsewhere.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    # The two functions may stay as they are: they do what they did, and more.
    op.execute("DROP TRIGGER raise_all_versions ON region")
