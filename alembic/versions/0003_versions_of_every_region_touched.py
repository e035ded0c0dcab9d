"""versions of every region touched."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.execute((SQL / "0003_versions_of_every_region_touched.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    # The functions of the first migration may stay as they are: they do what they did, and more.
    op.execute("DROP TRIGGER raise_all_versions ON region")
    tables = {
        "rows_of_region": ("offer", "place", "organization", "source", "division"),
        "rows_of_offer": ("contact", "offer_at_place", "source_record"),
    }
    for function, names in tables.items():
        for name in names:
            op.execute(f"DROP TRIGGER raise_version_update ON {name}")
            op.execute(
                f"CREATE TRIGGER raise_version_update AFTER UPDATE ON {name} REFERENCING NEW TABLE AS changed"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {function}_changed()"
            )
    op.execute("DROP FUNCTION rows_of_region_rewritten, rows_of_offer_rewritten")
