"""Notes and suggestions without an account: kept as proposals, from our own pages, never by the thousand."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.core import clock
from api.curation import public
from api.curation.models import Proposal
from tests.factories import make_offer, make_region, make_topic
from tests.web.test_sending import solved
from web.main import create_app

NOTE = "/angebot/treff/hinweis"
SAID = {"was": "hours", "text": "Montag ist zu."}
SUGGESTED = {"name": "Kiezladen", "was": "Treffpunkt für alle", "thema": "familie", "wo": "Hof 3"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def anybody(database: Engine) -> Iterator[TestClient]:
    """Somebody without an account, before a region with one offer and one topic."""
    with Session(database) as session:
        region = make_region(session, name="Dort")
        make_topic(session, "familie")
        make_offer(session, region, name="Treff")
        session.commit()
    with TestClient(create_app(database), base_url="http://localhost") as client:
        yield client


def kept(engine: Engine) -> list[Proposal]:
    with Session(engine) as session:
        return list(session.exec(select(Proposal).order_by(col(Proposal.id))))


def worked(client: TestClient, fields: dict[str, str]) -> dict[str, str]:
    """Fields with a task solved as js/proof.js does."""
    given = client.post("/aufgabe").json()
    return {**fields, "aufgabe": given["task"], "loesung": solved(given["task"], given["bits"])}


def send(client: TestClient, path: str, fields: Any, **headers: str) -> httpx2.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, data=fields, headers=names, follow_redirects=False)


def number(page: str) -> dict[str, str]:
    """What somebody without scripts copies from the page."""
    task = re.search(r'name="aufgabe" value="([^"]+)"', page)
    shown = re.search(r"in das Feld: (\d+)", page)
    assert task
    assert shown
    return {"aufgabe": task[1], "loesung": shown[1]}


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now: Callable[[], datetime] = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(seconds=seconds))


def test_a_note_with_its_work_done_is_kept_and_thanked_for(anybody: TestClient, database: Engine) -> None:
    answer = send(anybody, NOTE, worked(anybody, SAID), origin="http://localhost")
    assert (answer.status_code, answer.headers["location"]) == (303, "/danke")
    assert answer.headers["cache-control"] == "no-store"
    (note,) = kept(database)
    assert note.changes["report"]["new"] == {"about": "hours", "text": "Montag ist zu."}
    assert note.raw is None
    thanks = anybody.get("/danke").text
    assert "Jemand von der Landkarte Dort sieht sich das an" in thanks
    assert "Montag" not in anybody.get("/angebot/treff").text


def test_a_suggestion_is_kept_with_all_that_was_said(anybody: TestClient, database: Engine) -> None:
    assert send(anybody, "/vorschlag", worked(anybody, SUGGESTED)).status_code == 303
    (said,) = kept(database)
    assert {field: change["new"] for field, change in said.changes.items()} == {
        "name": "Kiezladen",
        "summary": "Treffpunkt für alle",
        "address": "Hof 3",
        "topics": ["familie"],
    }
    assert anybody.get("/api/v1/offers").json()["total"] == 1


def test_without_scripts_a_number_is_copied(
    anybody: TestClient, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = send(anybody, NOTE, SAID)
    assert page.status_code == 200
    assert "Montag ist zu." in page.text
    assert kept(database) == []
    again = {**SAID, **number(page.text)}
    early = send(anybody, NOTE, again)
    assert (early.status_code, "Das ging sehr schnell" in early.text) == (422, True)
    later(monkeypatch, 5)
    assert "Das ist eine andere Zahl" in send(anybody, NOTE, {**again, "loesung": "1"}).text
    assert "Bitte füllen Sie dieses Feld aus" in send(anybody, NOTE, {**again, "loesung": ""}).text
    assert send(anybody, NOTE, again).status_code == 303
    assert len(kept(database)) == 1


def test_the_language_stays(anybody: TestClient) -> None:
    assert send(anybody, f"/en{NOTE}", worked(anybody, SAID)).headers["location"] == "/en/danke"


def test_a_task_that_was_used_is_asked_for_again(anybody: TestClient, database: Engine) -> None:
    fields = worked(anybody, SAID)
    assert send(anybody, NOTE, fields).status_code == 303
    replayed = send(anybody, NOTE, {**fields, "text": "noch eins"})
    assert replayed.status_code == 200
    assert number(replayed.text)
    assert len(kept(database)) == 1


@pytest.mark.parametrize(
    ("fields", "field", "text"),
    [
        ({}, "was", "Bitte wählen Sie etwas aus."),
        ({"was": "erfunden"}, "was", "Bitte wählen Sie etwas aus."),
        ({"was": "other"}, "text", "Bitte füllen Sie dieses Feld aus."),
        ({"was": "hours", "text": "x" * 10_000}, "text", "Hier passen höchstens 1000 Zeichen hinein."),
        ({"was": "hours", "text": "a\x00b"}, "text", "Zeichen, die wir nicht speichern können"),
        ({"was": "hours", "website": "http://spam"}, "", "„Bitte leer lassen“"),
    ],
)
def test_a_mistake_is_named_at_its_field(
    anybody: TestClient, database: Engine, fields: dict[str, str], field: str, text: str
) -> None:
    page = send(anybody, NOTE, worked(anybody, fields))
    assert page.status_code == 422
    assert text in page.text
    if field:
        assert f'<p class="hours-fault" id="{field}-fehler">' in page.text
        assert f'href="#{field}"' in page.text
    assert kept(database) == []


def test_what_was_typed_survives_a_mistake_and_stays_text(anybody: TestClient) -> None:
    typed = {"was": "", "name": "<script>alert(1)</script>", "wo": 'Haus "A"', "thema": "familie"}
    page = send(anybody, "/vorschlag", typed).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "Haus &#34;A&#34;" in page
    assert re.search(r'<option value="familie"\s+selected', page)


def test_a_script_is_kept_as_the_text_it_is(anybody: TestClient, database: Engine) -> None:
    send(anybody, NOTE, worked(anybody, {"was": "other", "text": "<script>alert(1)</script>"}))
    assert kept(database)[0].changes["report"]["new"]["text"] == "<script>alert(1)</script>"


def test_a_phone_number_in_the_text_is_asked_about_once(anybody: TestClient, database: Engine) -> None:
    said = {"was": "contact", "text": "Neu: 030 1234567"}
    page = send(anybody, NOTE, worked(anybody, said))
    assert "Ist es Ihre eigene?" in page.text
    assert kept(database) == []
    assert send(anybody, NOTE, worked(anybody, {**said, "gesehen": "1"})).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 303),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "same-origin", "origin": "http://localhost"}, 303),
        ({"origin": "http://localhost"}, 303),
        ({"origin": "https://localhost"}, 303),
        ({"origin": "http://localhost:81"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"referer": "http://localhost/angebot/treff/hinweis"}, 303),
        ({"referer": "https://evil.example/"}, 403),
    ],
)
def test_only_our_own_pages_send(
    anybody: TestClient, database: Engine, headers: dict[str, str], status: int
) -> None:
    answer = send(anybody, NOTE, worked(anybody, SAID), **headers)
    assert answer.status_code == status
    assert len(kept(database)) == (status == 303)
    if status == 403:
        assert "Das kam nicht von unserer Seite" in answer.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"was=hours&text=" + b"x" * 20_000, FORM["content-type"], 413),
        (b"x" * 300_000, FORM["content-type"], 413),
        (b'{"was": "hours"}', "application/json", 415),
        (b"was=hours", "multipart/form-data; boundary=x", 415),
        (b"was=hours", "text/plain", 415),
        (b"was=hours", FORM["content-type"] + "; charset=utf-16", 415),
        (b"was=hours&text=%ff%fe", FORM["content-type"], 400),
        (b"was=hours&text=%ED%A0%80", FORM["content-type"], 400),
        ("was=hours&text=ä".encode(), FORM["content-type"], 400),
        (b"was=hours&was=other", FORM["content-type"], 400),
        (b"&".join(b"f%d=1" % n for n in range(100)), FORM["content-type"], 400),
        (b"", FORM["content-type"], 422),
        (b"&&&===", FORM["content-type"], 422),
    ],
)
def test_what_no_form_sends_is_refused(
    anybody: TestClient, database: Engine, body: bytes, kind: str, status: int
) -> None:
    answer = anybody.post(NOTE, content=body, headers={"content-type": kind}, follow_redirects=False)
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    assert kept(database) == []


def test_a_flood_is_told_to_come_later(anybody: TestClient, database: Engine) -> None:
    answers = [send(anybody, NOTE, SAID) for _ in range(200)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 150
    assert 0 < int(refused[0].headers["retry-after"]) <= 10
    assert "Gerade kommt sehr viel auf einmal an" in refused[0].text
    assert kept(database) == []


def test_a_full_region_says_so_and_keeps_nothing_more(
    anybody: TestClient, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST_IN_AN_HOUR", 1)
    assert send(anybody, NOTE, worked(anybody, SAID)).status_code == 303
    refused = send(anybody, NOTE, worked(anybody, {**SAID, "text": "anders"}))
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "600")
    assert len(kept(database)) == 1


def test_nothing_that_is_sent_stands_in_a_log(anybody: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    send(anybody, NOTE, worked(anybody, {"was": "other", "text": "Geheimwort"}))
    send(anybody, NOTE, {"was": "erfunden", "text": "Geheimwort"})
    anybody.post(NOTE, content=urlencode({"text": "Geheimwort"}) + "&text=%ff", headers=FORM)
    assert "Geheimwort" not in caplog.text


@pytest.mark.parametrize("path", [NOTE, "/vorschlag", "/danke"])
def test_forms_are_kept_by_nobody_and_set_no_cookie(anybody: TestClient, path: str) -> None:
    answer = anybody.get(path)
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert "etag" not in answer.headers


@pytest.mark.parametrize("path", [NOTE, "/vorschlag"])
def test_no_field_asks_who_somebody_is(anybody: TestClient, path: str) -> None:
    page = anybody.get(path).text
    assert not re.search(r'type="(?:email|tel)"|autocomplete="(?!off)', page)


def test_there_is_no_note_on_an_offer_that_is_not_there(anybody: TestClient) -> None:
    assert anybody.get("/angebot/nichts/hinweis").status_code == 404
    assert send(anybody, "/angebot/nichts/hinweis", worked(anybody, SAID)).status_code == 404


def test_an_offer_leads_to_its_form(anybody: TestClient) -> None:
    assert f'href="{NOTE}"' in anybody.get("/angebot/treff").text
