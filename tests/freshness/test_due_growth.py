"""What is due in a space, and how far its campaign is, costs what lies there: rows are counted."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from api.core import clock
from api.core.db import APP_ROLE
from api.curation import campaigns, campaigns_standing, freshness, freshness_sweep
from api.curation.campaigns import CampaignIn
from api.curation.freshness_scope import Reach, Within
from api.offers.freshness import Freshness
from api.regions.models import Region
from tests import plans
from tests.factories import act, box, make_division, make_region, make_space

HERE, MANY, A_PLACE = 100, 10_000, 2  # offers: here, in the larger region, at each place
OLD = 800  # days: twice the usual rhythm, and more
TABLES = ("offer", "offer_freshness", "offer_at_place", "place_space", "revision", "archive_warning")
# The first offers are here, all others in the next space; everything is overdue.
_FILL = """
  INSERT INTO place (region_id, street, lon, lat, address_hidden, wheelchair)
  SELECT :region, n, CASE WHEN n * :each < :here THEN 13.5 ELSE 14.5 END, 52.5, false, 'unknown'
  FROM generate_series(0, :offers / :each - 1) n;
  INSERT INTO offer (region_id, slug, name, summary, description, cost, cost_note, access, access_note,
    resource_level, outreach, hours_text, status, is_example, verified_on, topics)
  SELECT :region, 'o' || n, 'Angebot ' || n, '', '', 'free', '', 'unknown', '', 3, false, '', 'published',
    false, CURRENT_DATE - :old, ARRAY['familie'] FROM generate_series(0, :offers - 1) n;
  INSERT INTO offer_at_place (offer_id, place_id, hours_text, note)
  SELECT id, (SELECT min(id) FROM place WHERE region_id = :region) + substr(slug, 2)::int / :each, '', ''
  FROM offer WHERE region_id = :region;
  INSERT INTO revision (region_id, entity, entity_id, action, origin, actor, changes, at)
  SELECT :region, 'offer', id, 'change', 'form', 'account:1', '{"summary": {"old": "a", "new": "b"}}', now()
  FROM offer, generate_series(1, 5) n WHERE region_id = :region;
  INSERT INTO archive_warning (offer_id, region_id, warned_at, archive_on)
  SELECT id, region_id, now(), CURRENT_DATE + 30 FROM offer WHERE region_id = :region
"""


def filled(session: Session, offers: int) -> tuple[Region, int]:
    """A region with so many offers, all of them overdue, and the space in which a hundred of them are."""
    region = make_region(session, is_default=False)
    division = make_division(session, region)
    here = make_space(session, division, "1", box(13, 52, 14, 53))
    make_space(session, division, "2", box(14, 52, 15, 53))
    said = {"region": region.id, "offers": offers, "here": HERE, "each": A_PLACE, "old": OLD}
    for statement in _FILL.split(";\n"):
        session.execute(text(statement), said)
    session.execute(text("RESET ROLE"))
    session.execute(text("ANALYZE"))
    session.execute(text(f"SET ROLE {APP_ROLE}"))
    return region, here.id


def work(session: Session, region: Region, space_id: int) -> dict[str, dict[str, int]]:
    """How many rows of each table each part of the pages reads, for who looks after the space."""
    today = clock.today(region.timezone)
    planned = CampaignIn("Sommer", today - timedelta(days=1), today, spaces=[space_id])
    campaign = campaigns.start(session, act(region), planned)
    own = Within(reach=Reach(frozenset({space_id})))
    asked = {
        "list": lambda: freshness.by_provider(session, region, own),
        "filter": lambda: freshness.by_provider(session, region, Within(spaces=[space_id])),
        "soon": lambda: freshness.by_provider(session, region, own, Freshness.SOON),
        "counts": lambda: freshness.counts(session, region, own),
        "warnings": lambda: freshness_sweep.warnings_of(session, region, own, most=5),
        "campaign": lambda: campaigns_standing.standing(session, region, campaign),
    }
    assert freshness.counts(session, region, own).overdue == HERE
    assert len(campaigns_standing.standing(session, region, campaign).statuses) == HERE
    return {name: plans.rows_read(session, ask) for name, ask in asked.items()}


def test_a_hundred_times_as_many_entries_elsewhere_cost_no_more(session: Session) -> None:
    before = work(session, *filled(session, HERE))
    large, here = filled(session, MANY)
    after = work(session, large, here)
    for name, read in after.items():
        for table in TABLES:
            most = 1.5 * max(before[name].get(table, 0), HERE)
            assert read.get(table, 0) <= most, (name, table, before, after)
    # Who looks after everything reads as far as it is shown.
    read = plans.rows_read(session, lambda: freshness.by_provider(session, large))
    assert max(read[table] for table in ("offer", "offer_freshness")) <= freshness.MOST_ORDERED, read
