"""The check of the fault tests finds what it is for: each breach is planted once by hand."""

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session, select

from api.offers import service as offers
from api.offers.models import Offer
from api.regions.models import Region
from tests.factories import act, make_offer, make_place
from tests.faults import wholeness
from tests.faults.wholeness import breaches, look
from tests.importers.sample import bring_in, make_lichtenberg, row

OTHER_PAST = """
  UPDATE revision SET changes = '{"summary": {"old": "Nie", "new": "Anders."}}'
  WHERE entity = 'offer' AND action = 'change'
"""
OTHER_REGION = """
  WITH other AS (
    INSERT INTO region
    SELECT (jsonb_populate_record(r, '{"id": 999999, "slug": "b", "is_default": false}')).* FROM region r
    RETURNING id
  )
  UPDATE import_batch SET region_id = other.id FROM other
"""


@pytest.fixture
def whole(session: Session) -> Region:
    """A region with an offer by hand that was changed, and an import that changed and proposed something."""
    region = make_lichtenberg(session)
    offer = make_offer(
        session, region, make_place(session, region, 13.5, 52.5), contact={"phone": "030 1"}, name="Von Hand"
    )
    offers.change(session, act(region), offer, {"summary": "Anders."})
    bring_in(session, region, [row("1", lon="13.5", lat="52.5", phone="030 2"), row("2")])
    bring_in(session, region, [row("1", lon="13.51", lat="52.5", phone="030 3")])
    return region


def found(session: Session) -> str:
    session.flush()
    session.expire_all()
    return "\n".join(breaches(session))


def as_owner(session: Session, statement: str) -> int:
    """Break something that the app's own role may not touch."""
    session.flush()
    connection: Connection = session.connection()
    connection.execute(text("RESET ROLE"))
    done = connection.execute(text(statement))
    connection.execute(text("SET ROLE landkarte_app"))
    return done.rowcount


def test_finds_nothing_where_nothing_is_wrong(session: Session, whole: Region) -> None:
    assert found(session) == ""
    assert session.scalars(select(Offer)).all() != []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE offer SET summary = 'heimlich' WHERE name = 'Von Hand'", "its history tells"),
        ("UPDATE contact SET phone = '0'", "contact"),
        ("DELETE FROM contact WHERE phone = '030 1'", "but there is None"),
        (
            "INSERT INTO organization (region_id, name) SELECT id, 'Ohne Geschichte' FROM region",
            "its history tells None",
        ),
        ("DELETE FROM revision WHERE entity = 'offer' AND action = 'create'", "does not follow"),
        ("DELETE FROM revision WHERE entity = 'offer' AND action = 'change'", "its history tells"),
        (
            OTHER_PAST,
            "between two revisions summary changed without one",
        ),
        ("DELETE FROM place_space", "in other spaces than its point"),
        (
            "INSERT INTO place_space SELECT p.id, s.division_id, 1, s.id FROM place p, space s LIMIT 1",
            "in other spaces than its point",
        ),
        ("DELETE FROM source_record", "no row of a source leads to it"),
        ("UPDATE import_batch SET counts = '{}'", "was begun and not ended"),
        ("UPDATE import_batch SET counts = counts || '{\"new\": 7}'", "counts other rows"),
        ("UPDATE proposal SET decided_at = now()", "is half decided"),
        ("UPDATE proposal SET decision = 'declined'", "is half decided"),
        (
            OTHER_REGION,
            "belongs to an import of another region",
        ),
    ],
)
def test_finds_what_is_half_there(session: Session, whole: Region, statement: str, sentence: str) -> None:
    assert as_owner(session, statement), "nothing was broken"
    assert sentence in found(session)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE region SET data_version = 1", "the data version went back"),
        ("DELETE FROM revision", "revisions that were there are gone"),
        ("SELECT 1", "the data version is still"),  # a transaction raises it once
    ],
)
def test_finds_what_goes_backwards(session: Session, whole: Region, statement: str, sentence: str) -> None:
    before = look(session)
    make_offer(session, whole)
    as_owner(session, statement)
    assert sentence in "\n".join(wholeness.backwards(before, look(session)))


def test_finds_no_step_back_where_something_was_written(session: Session, whole: Region) -> None:
    before = look(session)
    make_offer(session, whole)
    session.flush()
    # In one transaction the version rises once, so a second one is played here.
    as_owner(session, "UPDATE region SET data_version = data_version + 1")
    assert list(wholeness.backwards(before, look(session))) == []
