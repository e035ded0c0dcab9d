"""What pages say of hours: now, next, as a rule and as a week; with a clock that stands still."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from api.core import clock

BERLIN = ZoneInfo("Europe/Berlin")
JOBCENTER = "/angebot/jobcenter-vor-ort-sprechstunde-zum-buergergeld"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Stop the clock: at("2026-11-24 10:15") in Berlin."""

    def stop(said: str) -> None:
        moment = datetime.fromisoformat(said).replace(tzinfo=BERLIN).astimezone(UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return stop


def text_of(page: str) -> str:
    """Return what stands on a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_an_offer_shows_its_rule_its_next_dates_and_what_is_different(
    visitor: TestClient, at: Callable[[str], None]
) -> None:
    at("2026-12-07 08:00")
    page = text_of(visitor.get(JOBCENTER).text)
    assert (
        "Jeden 1. und 3. Dienstag im Monat, 9–12 Uhr, nicht an Feiertagen, nicht in den Schulferien" in page
    )
    assert "Montag, 7. Dezember, 9–12 Uhr · Beispiel-Stadtteilzentrum Weidenkätzchen" in page
    moved = page.index("Dienstag, 8. Dezember, 9–12 Uhr · Beispiel-Familienzentrum Rotkehlchen")
    assert "15. Dezember" in page[moved : moved + 200]
    assert "Wegen der Feiertage eine Woche früher." in page[moved:]


def test_what_is_open_is_said_until_when(visitor: TestClient, at: Callable[[str], None]) -> None:
    at("2026-11-23 10:15")
    assert "heute bis 12 Uhr offen" in text_of(visitor.get("/angebote?q=jobcenter vor ort").text)
    at("2026-11-23 12:15")
    assert "heute bis 12 Uhr offen" not in text_of(visitor.get("/angebote?q=jobcenter vor ort").text)


def test_a_list_of_what_is_open_now_changes_with_the_minute(
    visitor: TestClient, at: Callable[[str], None]
) -> None:
    at("2026-11-23 11:59")
    first = visitor.get("/angebote?wann=jetzt&q=jobcenter")
    at("2026-11-23 12:00")
    second = visitor.get("/angebote?wann=jetzt&q=jobcenter", headers={"If-None-Match": first.headers["etag"]})
    assert "Jobcenter vor Ort" in text_of(first.text)
    assert second.status_code == 200
    assert "offer-name" not in second.text


def test_an_offer_is_not_said_to_open_where_its_date_was_moved_away(
    visitor: TestClient, at: Callable[[str], None]
) -> None:
    at("2026-12-13 12:00")
    page = text_of(visitor.get(JOBCENTER).text)
    chestnut = page[page.index("Beispiel-Nachbarschaftshaus Kastanie") :]
    assert "öffnet am 8. Februar" in chestnut[:120]
    robin = page[page.index("Beispiel-Familienzentrum Rotkehlchen") :]
    assert "öffnet morgen um 10 Uhr" in robin[:120]


def test_closed_on_all_saints_in_the_west_and_open_in_berlin(
    visitor: TestClient, at: Callable[[str], None]
) -> None:
    """1 November 2027 is a Monday."""
    at("2027-10-31 12:00")
    berlin = visitor.get("/woche?tag=2027-11-01&q=jobcenter").text
    assert "Montag, 1. November" in text_of(berlin)
    unna = visitor.get("/woche?tag=2027-11-01", headers={"Host": "unna.localhost"})
    assert "Montag, 1. November" not in text_of(unna.text)


@pytest.mark.parametrize("said", ["wann=gestern", "am=2026-02-30", "am=1999", "wann=now%00"])
def test_a_time_that_is_none_gets_a_kind_page(visitor: TestClient, said: str) -> None:
    answer = visitor.get(f"/angebote?{said}")
    assert answer.status_code == 422
    assert "Diesen Tag oder diese Zeit kennen wir nicht" in answer.text


def test_a_week_shows_each_day_in_order_and_leads_on(visitor: TestClient, at: Callable[[str], None]) -> None:
    at("2026-11-22 12:00")
    page = visitor.get("/woche?stadtteil=fennpfuhl&tag=2026-12-02")
    days = re.findall(r'id="tag-(\d{4}-\d{2}-\d{2})"', page.text)
    assert days == sorted(days)
    assert all("2026-11-30" <= day <= "2026-12-06" for day in days)
    assert "tag=2026-12-07" in page.text
    assert "tag=2026-11-23" in page.text


@pytest.mark.parametrize("said", ["tag=morgen", "tag=2026-13-01", "tag=1999-01-01", "tag=9999-12-31"])
def test_a_week_that_is_none_is_refused(visitor: TestClient, said: str) -> None:
    assert visitor.get(f"/woche?{said}").status_code == 422


def test_a_week_of_one_provider_has_only_its_dates(visitor: TestClient, at: Callable[[str], None]) -> None:
    at("2026-11-22 12:00")
    link = re.search(r'href="(/woche\?anbieter=\d+)"', visitor.get(JOBCENTER).text)
    assert link
    page = visitor.get(f"{link[1]}&tag=2026-11-25")
    assert set(re.findall(r'href="(/angebot/[^"]+)"', page.text)) == {JOBCENTER}


def test_nobody_can_write_into_the_week(visitor: TestClient) -> None:
    page = visitor.get("/woche?anbieter=%3Cscript%3E&q=%3Cscript%3Ealert(1)%3C/script%3E&tag=")
    assert "<script>alert" not in page.text
