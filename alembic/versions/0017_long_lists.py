"""long lists."""

import re
from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql"
PLACES_IN_SPACES = re.compile(r"FUNCTION place_places_in_spaces\(.*?\n\$\$;", re.DOTALL)
SEQUENCES = re.compile(r"\w+_id_seq")


def upgrade() -> None:
    op.execute(_said("0017_long_lists.sql"))


def downgrade() -> None:
    before = PLACES_IN_SPACES.search(_said("0001_versions_and_membership.sql"))
    assert before is not None
    op.execute(f"CREATE OR REPLACE {before[0]}")
    sequences = ", ".join(sorted(set(SEQUENCES.findall(_said("0017_long_lists.sql")))))
    op.execute(f"REVOKE USAGE ON SEQUENCE {sequences} FROM landkarte_app")


def _said(file: str) -> str:
    return (SQL / file).read_text(encoding="utf-8")
