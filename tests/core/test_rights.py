"""What the app's role may do in the database, and what only the owner may."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session

from api.regions.models import Region
from tests.factories import box, make_division, make_offer, make_place, make_space

FORBIDDEN = [
    "UPDATE revision SET actor = 'somebody else'",
    "DELETE FROM revision",
    "TRUNCATE revision",
    "INSERT INTO place_space (place_id, division_id, level, space_id) SELECT 1, 1, 1, 1",
    "UPDATE place_space SET level = 1",
    "DELETE FROM place_space",
    "INSERT INTO space_overlap (space_id, other_id, share) SELECT 1, 1, 1",
    "UPDATE space_overlap SET share = 1",
    "DELETE FROM space_overlap",
    "UPDATE region SET data_version = 1",
    "UPDATE region SET version_xid = 0",
    "DELETE FROM region",
    "DELETE FROM import_batch",
    "UPDATE import_batch SET actor = 'somebody else'",
    "UPDATE alembic_version SET version_num = 'x'",
    "TRUNCATE offer CASCADE",
    "CREATE TABLE mine (id int)",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "DROP TABLE offer",
    "ALTER TABLE offer DISABLE TRIGGER ALL",
    "ALTER TABLE revision ADD COLUMN note text",
    "DROP VIEW public_point",
    "CREATE OR REPLACE VIEW public_point AS SELECT id FROM place",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_app_may_not(session: Session, region: Region, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), session.begin_nested():
        session.execute(text(statement))


def test_the_app_is_not_the_owner(session: Session) -> None:
    assert session.scalar(text("SELECT current_user")) == "landkarte_app"
    owners = session.scalars(text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
    assert "landkarte_app" not in set(owners)


def test_the_database_writes_memberships_and_versions_for_the_app(session: Session, region: Region) -> None:
    before = region.data_version
    make_space(session, make_division(session, region), "1", box(13, 52, 14, 53))
    make_offer(session, region, make_place(session, region, 13.5, 52.5))
    session.refresh(region)
    assert session.scalar(text("SELECT count(*) FROM place_space")) == 1
    assert region.data_version == before + 1


def test_every_table_can_be_read_by_the_app(session: Session) -> None:
    unreadable = session.scalars(
        text(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'postgres'"
            " AND NOT has_table_privilege('landkarte_app', quote_ident(tablename), 'SELECT')"
        )
    ).all()
    assert unreadable == []
