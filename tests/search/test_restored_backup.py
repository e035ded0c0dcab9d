"""A restored backup takes the database back in time; no answer comes from what was after it."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.search.changes import FOOTBALL, TODDLERS, offer
from tests.search.town import Process, commit, same

Starts = Callable[[], Process]


class Backup:
    """All tables as they were, to be put back without a trigger noticing: as a restored backup does."""

    def __init__(self, owner_url: str) -> None:
        self.owner = create_engine(owner_url)
        with self.owner.begin() as connection:
            self.tables = list(
                connection.scalars(
                    text(
                        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
                        " AND tablename NOT IN ('alembic_version', 'spatial_ref_sys') ORDER BY 1"
                    )
                )
            )
            connection.execute(text("CREATE SCHEMA backup"))
            for table in self.tables:
                connection.execute(text(f"CREATE TABLE backup.{table} AS TABLE public.{table}"))

    def restore(self) -> None:
        """Put everything back."""
        with self.owner.begin() as connection:
            for table in self.tables:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            connection.execute(text(f"TRUNCATE {', '.join(self.tables)}"))
            for table in ORDER:
                names = connection.scalars(COLUMNS, {"table": table}).all()
                said = ", ".join(names)
                connection.execute(
                    text(
                        f"INSERT INTO {table} ({said}) OVERRIDING SYSTEM VALUE"
                        f" SELECT {said} FROM backup.{table} ORDER BY 1"
                    )
                )
            for table in self.tables:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))

    def close(self) -> None:
        with self.owner.begin() as connection:
            connection.execute(text("DROP SCHEMA IF EXISTS backup CASCADE"))
        self.owner.dispose()


COLUMNS = text(
    "SELECT quote_ident(column_name) FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name = :table AND is_generated = 'NEVER'"
)
ORDER = [
    *("region", "topic", "audience", "organization", "division", "space", "space_overlap", "place"),
    *("place_space", "offer", "offer_freshness", "offer_at_place", "contact", "revision", "offer_change"),
    "region_version",
]


@pytest.fixture
def backup(town: Engine, owner_url: str) -> Iterator[Backup]:
    """What "stadt" is before anybody changes it."""
    made = Backup(owner_url)
    yield made
    made.close()


@pytest.mark.parametrize("later", [0, 1, 3, 4])
@pytest.mark.parametrize("is_running", [True, False])
def test_a_restored_backup_is_found_and_nothing_that_came_after_it(
    town: Engine, start: Starts, oracle: Starts, backup: Backup, later: int, *, is_running: bool
) -> None:
    """The index is of three commits after the backup; then it is restored, and as many others follow."""
    process = start()
    process.finds()
    for number in range(3):
        commit(town, offer(TODDLERS, description=f"Nur Quitten {number}"))
    assert process.finds("quitten") == {TODDLERS}
    backup.restore()
    for number in range(later):
        commit(town, offer(FOOTBALL, summary=f"Jetzt {number}."))
    restored = process if is_running else start()
    assert restored.finds("quitten") == set()
    assert restored.finds("krabbelgruppe") == {TODDLERS}
    same(oracle(), restored, start())
