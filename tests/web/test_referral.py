"""A list on pages: how it is put together, how it opens, what it says, how it goes."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import clock
from api.offers import service as offers
from api.offers.models import Offer, OfferRedirect, Status
from api.regions.models import Region
from tests.factories import act
from tests.web.referral import HOST, city, fields, made
from web.main import create_app
from web.referrals import opening

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # a Friday
FORMS = ("", ".pdf", ".ics", "/karte", "/loeschen")


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ids(database: Engine) -> dict[str, int]:
    return city(database)


@pytest.fixture
def visitor(database: Engine, ids: dict[str, int]) -> Iterator[TestClient]:
    with TestClient(create_app(database), base_url=HOST) as client:
        yield client


def drafted(page: str) -> list[tuple[str, str]]:
    """The entries of a draft: what is sent again, and the name."""
    return re.findall(r'name="o" value="([\d.]+)">\s*<h2[^>]*>([^<]+)<', page)


def ticked(page: str) -> list[str]:
    return re.findall(r'name="n" value="([^"]+)" checked', page)


def listed(page: str) -> list[str]:
    return re.findall(r'<h2 class="kept-name"><a href="/[^"]*" *[^>]*>([^<]+)<', page)


def change(database: Engine, ids: dict[str, int], name: str, **values: object) -> None:
    with Session(database) as session, session.begin():
        offer = session.get_one(Offer, ids[name])
        offers.change(session, act(session.get_one(Region, offer.region_id)), offer, values)


def test_a_draft_is_put_in_order_without_being_kept(
    visitor: TestClient, ids: dict[str, int], database: Engine
) -> None:
    rat, chor, schutz = ids["Rat"], ids["Chor"], ids["Schutz"]
    said = [("o", rat), ("o", chor), ("o", f"{schutz}"), ("n", "1:ask_cost"), ("n", "1:call_first")]
    page = visitor.post("/liste", **fields(*said)).text
    assert [name for _said, name in drafted(page)] == ["Rat", "Chor", "Schutz"]
    assert ticked(page) == ["1:call_first", "1:ask_cost"]
    moved = visitor.post("/liste", **fields(*said, ("do", "up:1"), ("sprache", "tr"))).text
    assert [name for _said, name in drafted(moved)] == ["Chor", "Rat", "Schutz"]
    assert ticked(moved) == ["0:call_first", "0:ask_cost"]
    assert 'value="tr" checked' in moved
    fewer = visitor.post("/liste", **fields(*said, ("do", "remove:0"), ("do", "down:0"))).text
    assert [name for _said, name in drafted(fewer)] == ["Schutz", "Chor"]
    for nothing in ("up:0", "down:2", "remove:99", "up:x", "\x00"):
        same = visitor.post("/liste", **fields(*said, ("do", nothing))).text
        assert [name for _said, name in drafted(same)] == ["Rat", "Chor", "Schutz"]
    with database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM referral_list")) == 0


def test_one_place_of_an_offer_is_an_entry_of_its_own(visitor: TestClient, ids: dict[str, int]) -> None:
    code = made(visitor, ("o", f"{ids['Rat']}.{ids['Hof']}"), ("o", f"{ids['Rat']}.{ids['Markt']}"))
    assert not re.search(r"[\u0621-\u064a],", visitor.get(f"/ar/liste/{code}").text)  # it has its own comma
    page = visitor.get(f"/liste/{code}").text
    assert page.index("Hofweg 8") < page.index("Marktweg 7")
    assert listed(page) == ["Rat", "Rat"]
    assert page.count("Hofweg 8") == page.count("Marktweg 7") == 1
    calendar: Any = icalendar.Calendar.from_ical(visitor.get(f"/liste/{code}.ics").content)
    assert len(list(calendar.walk("VEVENT"))) == 1


def test_what_is_too_much_wrong_or_from_elsewhere_is_said(visitor: TestClient, ids: dict[str, int]) -> None:
    many = [("o", f"{ids['Chor']}.{number}") for number in range(1, 33)]
    page = visitor.post("/liste", **fields(*many))
    assert "2 Angebote hatten keinen Platz mehr." in page.text
    for path in ("/liste", "/liste/neu"):
        for wrong in ("x", "1;2", "1" * 19, "²", ""):
            assert visitor.post(path, **fields(("o", wrong))).status_code == 422
        assert (
            visitor.post(
                path, **fields(("o", ids["Chor"])), headers={"sec-fetch-site": "cross-site"}
            ).status_code
            == 403
        )
        assert visitor.post(path, **fields(*[("n", "0:x")] * 601)).status_code == 400
        empty = visitor.post(path, **fields(("o", ids["Entwurf"]), ("o", 2**59)))
        assert empty.status_code == 200
        assert "In dieser Liste ist noch nichts." in empty.text
        assert "Entwurf" not in empty.text
        lead = visitor.get(f"/tr{path}", follow_redirects=False)
        assert (lead.status_code, lead.headers["location"]) == (303, "/tr/merkliste")


def test_lists_are_not_made_by_the_hundred(visitor: TestClient, ids: dict[str, int]) -> None:
    answers = [
        visitor.post("/liste/neu", **fields(("o", ids["Chor"])), follow_redirects=False) for _ in range(31)
    ]
    assert [answer.status_code for answer in answers] == [303] * 30 + [429]


def test_a_list_opens_in_every_language_with_its_notes(visitor: TestClient, ids: dict[str, int]) -> None:
    answer = visitor.post(
        "/liste/neu",
        **fields(
            ("o", ids["Rat"]), ("o", ids["Chor"]), ("n", "0:accompanied"), ("n", "0:note"), ("sprache", "tr")
        ),
    )
    said = answer.url
    assert said.query == b"fuer=tr"
    assert "Die Liste ist fertig" in answer.text
    code = said.path.rpartition("/")[2]
    assert f"{HOST}/tr/liste/{code}" in answer.text  # to hand on
    assert f'href="/tr/liste/{code}.pdf"' in answer.text
    page = visitor.get(f"/liste/{code}").text
    assert "Die Liste ist fertig" not in page
    assert listed(page) == ["Rat", "Chor"]
    for words in (
        "Ich komme mit",
        "Dienstag, 24. November",
        "Dienstag, 8. Dezember",
        "Marktweg 7",
        "030 55",
        "Türkisch",
    ):
        assert words in page
    assert "geo:52.5,13.5" in page
    assert "20. Dezember 2026" in page  # its last day
    assert f'href="/tr/liste/{code}"' in page  # the same list in another language
    turkish = visitor.get(f"/tr/liste/{code}").text
    assert "24 Kasım Salı" in turkish
    assert "Ich komme mit" not in turkish


def test_nothing_of_it_is_kept_shown_to_others_or_found(visitor: TestClient, ids: dict[str, int]) -> None:
    code = made(visitor, ("o", ids["Rat"]))
    for path in (
        *(f"/liste/{code}{form}" for form in FORMS),
        "/liste/geloescht",
        f"/ar/liste/{code}",
        "/liste/x",
    ):
        answer = visitor.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not {"etag", "set-cookie", "x-uptake"} & set(answer.headers)
        if "html" in answer.headers["content-type"] and "/karte" not in path and "geloescht" not in path:
            assert '<meta name="referrer" content="no-referrer">' in answer.text


def test_a_code_that_opens_nothing_looks_the_same_whatever_it_was(
    visitor: TestClient, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    over, gone = made(visitor, ("o", ids["Rat"])), made(visitor, ("o", ids["Rat"]))
    assert visitor.post(f"/liste/{gone}/loeschen").url.path == "/liste/geloescht"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=31))
    for form in FORMS:
        said = set()
        for code in (over, gone, "A" * 24, "%00", "%ff", "9" * 500):
            answer = visitor.get(f"/liste/{code}{form}")
            assert answer.status_code == 404
            assert "Diese Liste gibt es nicht oder nicht mehr" in answer.text
            said.add(re.sub(r"/liste/[^\"?#]*", "", answer.text))
        assert len(said) == 1


def test_who_guesses_waits_even_for_a_code_that_is_right(database: Engine, ids: dict[str, int]) -> None:
    app = create_app(database)
    with TestClient(app, base_url=HOST, client=("203.0.113.5", 1)) as guesser:
        code = made(guesser, ("o", ids["Rat"]))
        forms = [f"/liste/{'Z' * 23}{number % 10}{FORMS[number % 4]}" for number in range(opening.AT_ONCE)]
        assert {guesser.get(path).status_code for path in forms} == {404}
        for path in (f"/liste/{code}", f"/liste/{code}.pdf", "/liste/x", f"/tr/liste/{code}/loeschen"):
            answer = guesser.get(path)
            assert answer.status_code == 429
            assert int(answer.headers["retry-after"]) <= opening.SECONDS
        assert guesser.post(f"/liste/{code}/loeschen").status_code == 429
        neighbour = TestClient(app, base_url=HOST, client=("203.0.113.200", 1))
        assert neighbour.get(f"/liste/{code}").status_code == 429  # the same network
        other = TestClient(app, base_url=HOST, client=("198.51.100.7", 1))
        assert other.get(f"/liste/{code}").status_code == 200
        assert other.get("/angebote").status_code == guesser.get("/angebote").status_code == 200


def test_no_page_of_somebody_else_makes_its_readers_wait(visitor: TestClient, ids: dict[str, int]) -> None:
    foreign = {"sec-fetch-site": "cross-site"}
    image = foreign | {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    frame = foreign | {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    for number in range(opening.AT_ONCE):
        assert visitor.get("/liste/falsch", headers=(image, frame)[number % 2]).status_code == 403
        assert visitor.post("/liste/neu", **fields(("o", 1)), headers=foreign).status_code == 403
        assert visitor.post("/liste/falsch/antwort", headers=frame).status_code == 403
    code = made(visitor, ("o", ids["Rat"]))
    for came_as in ("document", "empty"):  # from a mail, and so by way of our service worker
        opened = foreign | {"sec-fetch-mode": "navigate", "sec-fetch-dest": came_as}
        assert visitor.get(f"/liste/{code}", headers=opened).status_code == 200


def test_it_is_deleted_at_once_by_a_form_that_any_browser_can_send(
    visitor: TestClient, ids: dict[str, int], database: Engine
) -> None:
    code = made(visitor, ("o", ids["Rat"]))
    page = visitor.get(f"/tr/liste/{code}").text
    assert f'href="/tr/liste/{code}/loeschen"' in page
    asked = visitor.get(f"/tr/liste/{code}/loeschen")
    assert f'method="post" action="/tr/liste/{code}/loeschen"' in asked.text
    assert visitor.get(f"/liste/{code}").status_code == 200
    # As a browser says it that knows no Sec-Fetch-Site and keeps to no-referrer.
    done = visitor.post(f"/tr/liste/{code}/loeschen", headers={"origin": "null"}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/tr/liste/geloescht")
    assert visitor.get(f"/liste/{code}").status_code == 404
    assert visitor.post(f"/liste/{code}/loeschen").status_code == 404
    with database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM referral_entry")) == 0


def test_an_entry_says_what_has_become_of_its_offer(
    visitor: TestClient, ids: dict[str, int], database: Engine
) -> None:
    names = ("Rat", "Chor", "Schutz")
    code = made(visitor, *(("o", ids[name]) for name in names))
    assert 'class="notice"' not in visitor.get(f"/liste/{code}").text
    change(database, ids, "Rat", cost="paid")
    change(database, ids, "Chor", status=Status.PAUSED, paused_until=date(2026, 12, 1))
    change(database, ids, "Schutz", status=Status.ARCHIVED)
    for form in ("", "/karte"):
        page = visitor.get(f"/liste/{code}{form}").text
        for words in (
            "Seit dem 20. November 2026 hat sich hier etwas geändert.",
            "Ab 1. Dezember 2026 soll es weitergehen.",
            "Dieses Angebot gibt es nicht mehr.",
        ):
            assert words in page
        assert "Schutz" not in page.replace("Datenschutz", "")  # what is not public has no name
        assert "Chor" not in page
    with Session(database) as session, session.begin():
        region_id = session.get_one(Offer, ids["Rat"]).region_id
        session.add(
            OfferRedirect(region_id=region_id, old_id=ids["Schutz"], old_slug="schutz", new_id=ids["Rat"])
        )
    page = visitor.get(f"/liste/{code}").text
    assert "Dieses Angebot gehört jetzt zu einem anderen." in page
    assert listed(page) == ["Rat", "Rat"]


def test_the_files_of_a_list_are_those_of_its_offers(visitor: TestClient, ids: dict[str, int]) -> None:
    code = made(visitor, ("o", ids["Chor"]), ("o", ids["Rat"]), ("n", "1:bring_lease"))
    calendar = visitor.get(f"/liste/{code}.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert 'filename="liste.ics"' in calendar.headers["content-disposition"]
    [event] = icalendar.Calendar.from_ical(calendar.content).walk("VEVENT")
    assert event["SUMMARY"] == "Rat"
    assert code not in calendar.text
    chart = visitor.get(f"/liste/{code}/karte").text
    assert "default-src 'none'" in chart
    assert re.findall(r"<h2 [^>]*>(\w+)", chart)[:2] == ["Chor", "Rat"]
    assert set(re.findall(r'class=\\?"pin\\?" href=\\?"#angebot-(\d+)', chart)) == {"2"}
    assert "Bitte den Mietvertrag mitbringen" in chart
    assert f"{HOST}/liste/{code}" in chart


def test_the_merkliste_leads_to_a_list(visitor: TestClient, ids: dict[str, int]) -> None:
    page = visitor.get(f"/merkliste?o={ids['Chor']},{ids['Rat']}").text
    form = re.search(r'<form [^>]*method="post" action="/liste">(.*?)</form>', page, re.DOTALL)
    assert form
    assert re.findall(r'name="o" value="(\d+)"', form[1]) == [str(ids["Chor"]), str(ids["Rat"])]
