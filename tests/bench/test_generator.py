"""Made-up regions are whole, the same every time, and exactly what the triggers would have made of them."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from api.core.db import make_engine
from api.main import create_api
from bench.cells import Grid
from bench.entries import OFFER, Maker
from bench.filling import ShortcutError, check
from bench.filters import stadtteile, wishes
from bench.installation import Installation, many_regions
from bench.region import Plan
from bench.vocabulary import Vocabulary
from tests.bench.conftest import OFFERS

REGIONS = 2
Connection = psycopg.Connection[Any]


def count(connection: Connection, question: str) -> int:
    row = connection.execute(question.encode()).fetchone()
    return int(row[0]) if row else -1


@pytest.fixture
def made_client(installation: Installation) -> Iterator[TestClient]:
    engine = make_engine(installation.url)
    with TestClient(create_api(engine), base_url="http://localhost") as opened:
        yield opened
    engine.dispose()


def test_every_region_has_all_that_was_planned(filled: Connection) -> None:
    assert count(filled, "SELECT count(*) FROM region") == REGIONS
    assert count(filled, "SELECT count(*) FROM offer WHERE status = 'published'") == REGIONS * OFFERS
    per_region = filled.execute(
        "SELECT count(DISTINCT d.id), count(*) FILTER (WHERE s.level = d.resident_level), count(*)"
        " FROM division d JOIN space s ON s.division_id = d.id GROUP BY d.region_id"
    ).fetchall()
    assert per_region == [(2, len(stadtteile()), 296)] * REGIONS
    assert count(filled, "SELECT count(*) FROM region WHERE is_default") == 1
    assert count(filled, "SELECT min(data_version) FROM region") > 1


def test_there_is_some_of_everything(filled: Connection) -> None:
    for question in (
        "SELECT count(*) FROM place WHERE address_hidden",
        "SELECT count(*) FROM place WHERE lon IS NULL",
        "SELECT count(*) FROM offer WHERE outreach AND serves <> '{}'",
        "SELECT count(*) FROM offer o WHERE NOT EXISTS (SELECT FROM offer_at_place WHERE offer_id = o.id)",
        "SELECT count(*) FROM contact WHERE NOT is_public",
    ):
        assert count(filled, question) > 0, question


def test_outlines_are_valid_and_leave_no_gaps(filled: Connection) -> None:
    assert count(filled, "SELECT count(*) FROM space WHERE NOT ST_IsValid(geom)") == 0
    assert count(filled, "SELECT min(ST_NPoints(geom)) FROM space") > 90
    lost = (
        "SELECT count(*) FROM place p WHERE geom IS NOT NULL AND NOT address_hidden"
        " AND (SELECT count(*) FROM place_space WHERE place_id = p.id) <> 4"
    )
    assert count(filled, lost) == 0


def test_memberships_and_overlaps_are_those_of_the_triggers(filled: Connection) -> None:
    check(filled)


def test_a_wrong_membership_would_be_noticed(filled: Connection) -> None:
    filled.execute("DELETE FROM place_space WHERE place_id = (SELECT max(place_id) FROM place_space)")
    with pytest.raises(ShortcutError):
        check(filled)


def test_triggers_work_as_before_once_all_is_filled(filled: Connection) -> None:
    asleep = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
    assert count(filled, asleep) == 0
    before = count(filled, "SELECT data_version FROM region WHERE slug = 'kreis-2'")
    filled.execute(
        "INSERT INTO place (region_id, lon, lat, address_hidden, wheelchair)"
        " SELECT region_id, lon, lat, false, 'unknown' FROM place"
        " WHERE region_id = 2 AND lon IS NOT NULL LIMIT 1"
    )
    assert count(filled, "SELECT data_version FROM region WHERE slug = 'kreis-2'") == before + 1
    assert count(filled, "SELECT count(*) FROM place_space WHERE place_id = (SELECT max(id) FROM place)") == 4


def test_copies_name_their_own_spaces(filled: Connection) -> None:
    foreign = (
        "SELECT count(*) FROM offer o CROSS JOIN unnest(o.serves) key WHERE NOT EXISTS ("
        " SELECT FROM space s JOIN division d ON d.id = s.division_id"
        " WHERE s.key = key AND d.region_id = o.region_id)"
    )
    assert count(filled, "SELECT count(*) FROM offer WHERE region_id = 2 AND serves <> '{}'") > 0
    assert count(filled, foreign) == 0


@pytest.mark.parametrize("region", ["kreis-1", "kreis-2"])
def test_every_offer_is_reachable_through_the_api(made_client: TestClient, region: str) -> None:
    found = made_client.get("/offers", params={"region": region, "per_page": 200}).json()
    assert found["total"] == len(found["results"]) == OFFERS
    for offer in found["results"][::3]:
        said = made_client.get(f"/offers/{offer['id']}", params={"region": region})
        assert said.json()["name"] == offer["name"]


def test_every_wish_is_a_question_that_the_api_answers(made_client: TestClient) -> None:
    totals = [
        made_client.get(f"/offers?region=kreis-1&{wish}").raise_for_status().json()["total"]
        for wish in wishes(Plan(1, OFFERS), 40)
    ]
    assert any(totals)


def test_entries_are_the_same_every_time() -> None:
    def made() -> list[Any]:
        grid = Grid(6, 47.5, 0.3, 0.2, 1, 1, "x")
        maker = Maker("seed", grid, Vocabulary.read(), ["a:1"], "Stadt")
        return [*maker.organizations(3), *maker.places(5), *maker.offers(5, [1, 2])]

    assert made() == made()
    assert len(made()[-1]) == len(OFFER)


def test_a_filled_database_is_used_again(installation: Installation) -> None:
    said: list[str] = []
    installation.ensure(said.append)
    assert said == []


def test_many_regions_are_few_written_ones_and_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDKARTE_OWNER_DATABASE_URL", "postgresql+psycopg://owner@/any")
    made = many_regions("many", 400, 2500)
    assert (len(made.written), made.rounds) == (20, 19)
    assert len({Plan(n, 1).grid().west for n in range(1, 21)}) == 20
