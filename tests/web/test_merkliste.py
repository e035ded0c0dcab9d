"""The Merkliste on the server: any list that an address names, and no trace of it afterwards."""

import io
import logging
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import clock
from api.core.settings import settings
from api.offers.models import Status
from api.schedules import service as schedules
from api.schedules.rules import Rule
from api.schedules.schemas import ScheduleIn
from tests.factories import act, make_offer, make_place, make_region
from web.access_log import log
from web.answers import Answers
from web.main import create_app

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # a Friday
TUESDAYS = Rule("FREQ=WEEKLY;BYDAY=TU", date(2026, 1, 6), time(9), time(12))
FILES = ["/merkliste?o={}", "/merkliste?o={}&teil=liste", "/merkliste.ics?o={}", "/merkliste/karte?o={}"]


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ids(database: Engine) -> dict[str, int]:
    """Some offers by their names; one is hidden, one is a draft and one is of another region."""
    with Session(database) as session, session.begin():
        here = make_region(session, name="Hier", hostnames=["hier.example"])
        there = make_region(session, name="Dort", hostnames=["dort.example"], is_default=False)
        place = make_place(session, here, 13.5, 52.5, street="Marktweg 7", town="Hierstadt")
        hidden = make_place(session, here, 13.61357, 52.61357, street="Geheimweg 1", address_hidden=True)
        offers = [
            make_offer(session, here, place, name="Rat", contact={"phone": "030 55"}, access="walk_in"),
            make_offer(session, here, hidden, name="Schutz"),
            make_offer(session, here, name="Chor"),
            make_offer(session, here, name="Entwurf", status=Status.DRAFT),
            make_offer(session, there, name="Fern"),
        ]
        rules = [ScheduleIn.of(TUESDAYS)]
        schedules.write(session, act(here), offers[0].id, None, rules)
        return {offer.name: offer.id for offer in offers}


@pytest.fixture
def visitor(database: Engine, ids: dict[str, int]) -> Iterator[TestClient]:
    chosen = settings().model_copy(update={"access_log": True})
    with TestClient(create_app(database, chosen), base_url="http://hier.example") as client:
        yield client


def named(text: str) -> list[str]:
    """The offers on a page, in their order."""
    return re.findall(r'<a href="/angebot/[^"]*" data-name >([^<]*)<', text)


def address(ids: dict[str, int], *names: str) -> str:
    return ",".join(str(ids[name]) for name in names)


def test_the_list_stands_in_the_order_of_the_address(visitor: TestClient, ids: dict[str, int]) -> None:
    for order in (("Chor", "Rat", "Schutz"), ("Schutz", "Chor", "Rat")):
        page = visitor.get(f"/merkliste?o={address(ids, *order)}").text
        assert named(page) == list(order)
        assert re.findall(r"data-number[^>]*>(\d+)<", page) == ["1", "2", "3"]


def test_an_entry_says_when_where_and_how_to_get_in(visitor: TestClient, ids: dict[str, int]) -> None:
    page = visitor.get(f"/merkliste?o={ids['Rat']}").text
    for words in ("Dienstag, 24. November", "9–12 Uhr", "Marktweg 7", "030 55", "einfach vorbeikommen"):
        assert words in page
    assert page.count('class="qr"') == 2  # the offer's and the list's
    assert f"http://hier.example/merkliste#o={ids['Rat']}" in page


def test_a_hidden_address_stays_hidden(visitor: TestClient, ids: dict[str, int]) -> None:
    for path in FILES:
        text = visitor.get(path.format(ids["Schutz"])).text
        assert "Geheimweg" not in text
        assert "61357" not in text


@pytest.mark.parametrize(
    ("others", "says"),
    [
        (["Entwurf"], "1 Angebot gibt es nicht mehr."),
        (["Entwurf", "Fern"], "2 Angebote gibt es nicht mehr."),
    ],
)
def test_what_is_gone_is_counted_and_never_named(
    visitor: TestClient, ids: dict[str, int], others: list[str], says: str
) -> None:
    page = visitor.get(f"/merkliste?o={address(ids, *others, 'Chor')}").text
    assert says in page
    assert named(page) == ["Chor"]
    assert not set(others) & set(re.findall(r"\w+", page))


def test_doubles_and_blanks_do_no_harm(visitor: TestClient, ids: dict[str, int]) -> None:
    said = f"{ids['Chor']},+{ids['Rat']},,{ids['Chor']}&o={ids['Schutz']}"
    assert named(visitor.get(f"/merkliste?o={said}").text) == ["Chor", "Rat", "Schutz"]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("abc", "nicht vollständig oder hat einen Tippfehler"),
        ("1;2", "nicht vollständig oder hat einen Tippfehler"),
        ("-1", "nicht vollständig oder hat einen Tippfehler"),
        ("9" * 19, "nicht vollständig oder hat einen Tippfehler"),
        ("%00", "nicht vollständig oder hat einen Tippfehler"),
        ("²", "nicht vollständig oder hat einen Tippfehler"),
        (",".join(map(str, range(1, 102))), "höchstens 100 Angebote"),
    ],
)
def test_a_list_that_is_none_is_explained_in_german(visitor: TestClient, said: str, says: str) -> None:
    for path in FILES:
        answer = visitor.get(path.format(said))
        assert answer.status_code == 422
        assert says in answer.text
        assert answer.headers["cache-control"] == "no-store"


def test_without_a_list_the_page_explains_itself(visitor: TestClient) -> None:
    for path in ("/merkliste", "/merkliste?o="):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert "Ihre Merkliste ist noch leer." in answer.text
        assert "braucht Ihr Browser JavaScript" in answer.text


def test_the_part_is_the_list_alone(visitor: TestClient, ids: dict[str, int]) -> None:
    part = visitor.get(f"/merkliste?o={ids['Chor']}&teil=liste").text
    assert named(part) == ["Chor"]
    assert "<html" not in part


def test_every_answer_is_for_this_one_visitor(visitor: TestClient, ids: dict[str, int]) -> None:
    for path in [*FILES, "/en/merkliste?o={}"]:
        answer = visitor.get(path.format(ids["Rat"]))
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "etag" not in answer.headers
        assert "set-cookie" not in answer.headers


def test_a_list_leaves_no_trace_in_logs_or_memory(
    visitor: TestClient, ids: dict[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    marker = "987654321987"
    written = io.StringIO()
    watching = logging.StreamHandler(written)
    log.addHandler(watching)
    caplog.set_level(logging.DEBUG)
    for path in FILES:
        assert visitor.get(path.format(f"{ids['Rat']},{marker}")).status_code == 200
        assert visitor.get(path.format(f"x{marker}")).status_code == 422
    log.removeHandler(watching)
    lines = written.getvalue().splitlines()
    kinds = ["/merkliste", "/merkliste", "/merkliste.ics", "/merkliste/karte"]
    assert [line.split(" ")[1] for line in lines] == [kind for kind in kinds for _ in (200, 422)]
    ours = [record.getMessage() for record in caplog.records if record.name != "httpx2"]  # the visitor's own
    assert marker not in "".join([*lines, *ours])
    assert memory_of(visitor) == 0
    visitor.get("/quellen")
    assert memory_of(visitor) == 1


def memory_of(visitor: TestClient) -> int:
    """How many answers the service keeps."""
    layer: Any = visitor.app.middleware_stack  # type: ignore[attr-defined]
    while not isinstance(layer, Answers):
        layer = layer.app
    return len(layer.memory)


def test_the_calendar_has_the_dates_of_the_next_weeks_and_then_ends(
    visitor: TestClient, ids: dict[str, int]
) -> None:
    answer = visitor.get(f"/merkliste.ics?o={address(ids, 'Rat', 'Chor', 'Entwurf')}")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert 'filename="merkliste.ics"' in answer.headers["content-disposition"]
    found: list[Any] = list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))
    [event] = found
    assert event["SUMMARY"] == "Rat"
    assert event.decoded("DTSTART").date() == date(2026, 11, 24)
    [until] = event["RRULE"]["UNTIL"]
    assert until.date() <= NOW.date() + timedelta(days=90)
    assert "Jeden Dienstag, 9–12 Uhr" in event["DESCRIPTION"]
    assert "bis" not in event["DESCRIPTION"]  # the file ends, the offer does not


def test_the_file_to_take_along_has_the_numbers_of_the_list(visitor: TestClient, ids: dict[str, int]) -> None:
    answer = visitor.get(f"/merkliste/karte?o={address(ids, 'Chor', 'Rat')}")
    assert 'filename="merkliste.html"' in answer.headers["content-disposition"]
    assert "default-src 'none'" in answer.text
    assert re.findall(r"<h2 [^>]*>(\w+)", answer.text)[:2] == ["Chor", "Rat"]
    assert re.findall(r'class=\\?"pin\\?" href=\\?"#angebot-(\d+)', answer.text) == ["2"]
    assert f"http://hier.example/merkliste#o={address(ids, 'Chor', 'Rat')}" in answer.text


def test_a_list_of_nothing_that_is_still_there_is_a_page_all_the_same(
    visitor: TestClient, ids: dict[str, int]
) -> None:
    for path in FILES:
        assert visitor.get(path.format(ids["Fern"])).status_code == 200


def test_a_forged_host_gets_into_no_link(visitor: TestClient, ids: dict[str, int]) -> None:
    page = visitor.get(f"/merkliste?o={ids['Chor']}", headers={"host": "evil.example"}).text
    assert "evil.example" not in page
    assert f"http://hier.example/merkliste#o={ids['Chor']}" in page


def test_every_offer_can_be_kept_by_its_number(visitor: TestClient, ids: dict[str, int]) -> None:
    for path in ("/angebote", "/angebot/chor"):
        button = re.search(rf'<button [^>]*data-keep="{ids["Chor"]}"[^>]*>', visitor.get(path).text)
        assert button
        assert " hidden " in button[0]
        assert 'aria-pressed="false"' in button[0]
