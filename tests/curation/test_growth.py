"""Queue and history read no more of a hundred times as many entries: rows are counted, not seconds."""

from sqlalchemy import text
from sqlmodel import Session

from api.accounts import scope
from api.accounts.models import Role
from api.accounts.policy import Action, Granted, Person
from api.core.db import APP_ROLE
from api.curation import listing, past, unplaced
from api.curation.claims import About, unclaimed
from api.curation.listing import Wanted
from api.curation.sight import EVERYTHING
from api.doubts import listing as doubts
from api.doubts.models import Kind
from api.regions.models import Region
from tests import plans
from tests.factories import make_region, make_topic

FEW, MANY, REVISIONS = 100, 10_000, 5
# Each offer was made, then changed; a hundred proposals wait, whatever the size of the region.
_FILL = """
  INSERT INTO offer (region_id, slug, name, summary, description, cost, cost_note, access, access_note,
    resource_level, outreach, hours_text, status, is_example, verify_within_days, topics)
  SELECT :region, 'o' || n, 'Angebot ' || n, '', '', 'free', '', 'unknown', '', 3, false, '', 'published',
    false, 365, ARRAY['familie'] FROM generate_series(1, :offers) n;
  INSERT INTO contact (offer_id, label, phone, is_public) SELECT id, 'Büro', '030', true FROM offer
  WHERE region_id = :region;
  INSERT INTO revision (region_id, entity, entity_id, action, origin, actor, changes, at)
  SELECT :region, 'offer', id, CASE n WHEN 1 THEN 'create' ELSE 'change' END, 'form', 'account:1',
    jsonb_build_object('summary', jsonb_build_object('old', n - 1, 'new', n)), now() + n * interval '1 hour'
  FROM offer, generate_series(1, :revisions) n WHERE region_id = :region;
  INSERT INTO revision (region_id, entity, entity_id, action, origin, actor, changes, at)
  SELECT :region, 'contact', 1000000 + id, 'delete', 'form', 'account:1',
    jsonb_build_object('offer_id', jsonb_build_object('old', id)), now() FROM offer WHERE region_id = :region;
  INSERT INTO proposal (region_id, offer_id, kind, origin, actor, reason, changes, decision,
    decision_note, proposed_at)
  SELECT :region, id, 'change', 'form', 'account:2', '', '{"name": {"old": "a", "new": "b"}}',
    CASE WHEN id % (:offers / 100) = 0 THEN 'open' ELSE 'accepted' END, '', now()
  FROM offer WHERE region_id = :region;
  INSERT INTO doubt (region_id, offer_id, kind, path, seen, details, proposed, state, found_at, note)
  SELECT :region, id, 'summary_missing', 'summary', 'x', '{}', '{}',
    CASE WHEN id % (:offers / 100) = 0 THEN 'open' ELSE 'settled' END, now(), ''
  FROM offer WHERE region_id = :region;
  INSERT INTO place (region_id, street, lon, lat, address_hidden, wheelchair)
  SELECT :region, n, CASE WHEN n % (:offers / 100) = 0 THEN NULL ELSE 13 END,
    CASE WHEN n % (:offers / 100) = 0 THEN NULL ELSE 52 END, false, 'unknown'
  FROM generate_series(1, :offers) n;
  INSERT INTO offer_at_place (offer_id, place_id, hours_text, note)
  SELECT id, (SELECT min(id) FROM place WHERE region_id = :region) + substr(slug, 2)::int - 1, '', ''
  FROM offer WHERE region_id = :region
"""


def filled(session: Session, offers: int) -> Region:
    """A region with so many offers, each with its revisions, and what has been proposed about them."""
    region = make_region(session, is_default=False)
    said = {"region": region.id, "offers": offers, "revisions": REVISIONS}
    for statement in _FILL.split(";\n"):
        session.execute(text(statement), said)
    session.execute(text("RESET ROLE"))
    session.execute(text("ANALYZE offer, contact, revision, proposal, doubt, place, offer_at_place"))
    session.execute(text(f"SET ROLE {APP_ROLE}"))
    return region


def work(session: Session, region: Region, offer_id: int) -> dict[str, int]:
    """How many rows the pages of queue and history read of each table."""
    person = Person(1, "P", region.id, (Granted(region.id, Role.COORDINATOR),))
    only = scope.offers_for(person, Action.SEE_QUEUE)
    doubtful = doubts.Wanted(
        kinds=(Kind.SUMMARY_MISSING,), only=only, free=unclaimed(person, About.DOUBT), topics=("familie",)
    )
    nowhere = unplaced.Wanted(only=only, free=unclaimed(person, About.PLACE))

    def look() -> None:
        assert doubts.doubts(session, region, doubtful).total >= FEW
        assert unplaced.places(session, region.id, nowhere).total >= FEW
        listing.proposals(session, region, Wanted())
        listing.proposals(session, region, Wanted(topics=("familie",)))
        listing.counts(session, region, Wanted())
        assert past.history(session, region, offer_id, EVERYTHING).total >= REVISIONS

    return plans.rows_read(session, look)


def test_a_hundred_times_as_many_entries_cost_no_more(session: Session) -> None:
    make_topic(session, "familie")
    few = filled(session, FEW)
    (offer_id,) = session.execute(text("SELECT max(id) FROM offer")).one()
    before = work(session, few, offer_id)
    # Some indexes hold what waits in all regions: counted is the larger one alone.
    session.execute(text("UPDATE doubt SET state = 'settled'"))
    many = filled(session, MANY)
    (offer_id,) = session.execute(text("SELECT max(id) FROM offer")).one()
    after = work(session, many, offer_id)
    for table in ("proposal", "offer", "revision", "contact", "doubt", "place", "offer_at_place"):
        assert after[table] <= 1.5 * before[table], (table, before, after)


def test_nothing_is_read_as_a_whole(session: Session) -> None:
    make_topic(session, "familie")
    region = filled(session, MANY)
    (offer_id,) = session.execute(text("SELECT max(id) FROM offer")).one()
    history = plans.plans(session, lambda: past.history(session, region, offer_id, EVERYTHING))
    assert "ix_revision_parts_gone" in history
    assert "Seq Scan on revision" not in history
    queue = plans.plans(session, lambda: listing.proposals(session, region, Wanted()))
    assert "ix_proposal_queue" in queue
    assert "Seq Scan on proposal" not in queue
    assert "Seq Scan on offer" not in queue
