"""places at once."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.execute((SQL / "0010_places_at_once.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP TRIGGER membership_insert ON place")
    op.execute(
        "CREATE TRIGGER membership_insert AFTER INSERT ON place FOR EACH ROW EXECUTE FUNCTION place_moved()"
    )
    op.execute("DROP FUNCTION places_added()")
