"""Counting on pages: who is counted and who is not, an answer on a list, and no trace of anybody."""

import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.accounts.models import Role
from api.core.settings import settings
from api.curation.models import Decision, Proposal
from api.referrals import service as referrals
from api.referrals.schemas import Wanted
from api.regions.models import Region
from api.uptake import case_types, reading
from api.uptake.counting import Counter, Event
from api.uptake.models import UptakeCount
from tests.accounts.people import Browser, make_member
from tests.factories import make_offer, make_region, make_topic
from tests.markers import watched
from web import uptake
from web.main import create_app

BROWSER = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"
PERSON = {"user-agent": BROWSER}
OPENED = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def ids(database: Engine) -> dict[str, int]:
    with Session(database) as session, session.begin():
        region = make_region(session, slug="stadt", name="Musterstadt", hostnames=["stadt.example"])
        make_topic(session, "geld")
        rat = make_offer(session, region, name="Rat", topics=["geld"], contact={"phone": "030 55"})
        chor = make_offer(session, region, name="Chor")
        return {"Rat": rat.id, "Chor": chor.id}


@pytest.fixture
def client(database: Engine, ids: dict[str, int]) -> Iterator[TestClient]:
    app = create_app(database, settings().model_copy(update={"access_log": True}))
    with TestClient(app, base_url="https://stadt.example", headers=PERSON, follow_redirects=False) as opened:
        yield opened


def counted(client: TestClient) -> dict[tuple[str, int], int]:
    """What was counted since the last time, written and taken away."""
    counter: Counter = client.app.state.uptake  # type: ignore[attr-defined]
    engine: Engine = client.app.state.engine  # type: ignore[attr-defined]
    counter.flush(engine)
    with Session(engine) as session, session.begin():
        rows = session.exec(select(UptakeCount)).all()
        found = {(row.event.value, row.offer_id): row.number for row in rows}
        for row in rows:
            session.delete(row)
    return found


def new_list(client: TestClient, ids: dict[str, int]) -> str:
    with Session(client.app.state.engine) as session, session.begin():  # type: ignore[attr-defined]
        region = session.exec(select(Region)).one()
        return referrals.create(session, region, [Wanted(ids["Rat"]), Wanted(ids["Chor"])])


def test_every_answer_counts_also_the_remembered_and_the_unchanged(
    client: TestClient, ids: dict[str, int]
) -> None:
    for _again in range(2):
        answer = client.get("/angebot/rat", headers=OPENED)
        assert "x-uptake" not in answer.headers
    unchanged = {**OPENED, "If-None-Match": answer.headers["etag"]}
    assert client.get("/angebot/rat", headers=unchanged).status_code == 304
    assert client.get("/tr/angebot/rat", headers=OPENED).status_code == 200
    assert client.get("/angebote").status_code == 200
    assert client.get("/angebote?thema=geld", headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
    assert client.get("/angebot/gibtsnicht", headers=OPENED).status_code == 404
    assert counted(client) == {
        ("opened", ids["Rat"]): 4,
        ("found", ids["Rat"]): 2,
        ("found", ids["Chor"]): 1,
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"user-agent": "python-requests/2.32"},
        {"user-agent": ""},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"Sec-GPC": "1"},
        {"DNT": "1"},
        {"Sec-Fetch-Dest": "empty"},  # a page saved for the way
        {"Sec-Fetch-Dest": "iframe"},
    ],
    ids=str,
)
def test_whoever_is_no_visitor_or_does_not_want_it_is_not_counted(
    client: TestClient, headers: dict[str, str]
) -> None:
    assert client.get("/angebot/rat", headers=headers).status_code == 200
    assert client.head("/angebot/rat", headers=OPENED).status_code == 200
    assert "x-uptake" not in client.head("/angebot/rat").headers
    assert counted(client) == {}


def test_a_tap_is_counted_and_says_nothing_but_the_offer(client: TestClient, ids: dict[str, int]) -> None:
    page = client.get("/angebot/rat", headers={"DNT": "1"}).text
    assert f'data-uptake="{ids["Rat"]}"' in page
    assert "js/uptake.js" in page
    own = {"Sec-Fetch-Site": "same-origin"}
    for headers, said in (
        (own, str(ids["Rat"])),
        (own, "x" * 40),
        (own, "9" * 19),
        (own, ""),
        (own | {"Sec-GPC": "1"}, str(ids["Rat"])),
    ):
        answer = client.post("/zaehlen", data={"angebot": said}, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "set-cookie" not in answer.headers
    foreign = client.post(
        "/zaehlen", data={"angebot": str(ids["Rat"])}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403
    assert counted(client) == {("routed", ids["Rat"]): 1}
    # Not by the hundred.
    answers = [client.post("/zaehlen", data={"angebot": "1"}, headers=own).status_code for _ in range(70)]
    assert 429 in answers


def test_a_list_is_handed_over_when_it_is_opened_from_elsewhere(
    client: TestClient, ids: dict[str, int]
) -> None:
    code = new_list(client, ids)
    outside = OPENED | {"Sec-Fetch-Site": "none"}
    for path, headers in (
        (f"/liste/{code}?fuer=tr", outside),  # whoever has just made it
        (f"/liste/{code}", OPENED | {"Sec-Fetch-Site": "same-origin"}),
        (f"/liste/{code}", outside),
    ):
        assert client.get(path, headers=headers).status_code == 200
    assert counted(client) == {("handed_over", one): 1 for one in ids.values()}


def test_one_tap_answers_without_a_script_and_asks_the_coordination_once(
    client: TestClient, ids: dict[str, int]
) -> None:
    code = new_list(client, ids)
    page = client.get(f"/uk/liste/{code}", headers=OPENED | {"DNT": "1"}).text
    assert f'action="/uk/liste/{code}/antwort"' in page
    assert re.findall(r'name="antwort" value="(\w+)"', page)[:5] == [one.value for one in list(Event)[5:]]
    answers = ("helped", "full", "full", "not_responsible", "wrong_details", "wrong_details", "not_gone")
    for said in answers:
        answer = client.post(f"/uk/liste/{code}/antwort", data={"position": "1", "antwort": said})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/uk/liste/{code}/danke")
        assert answer.headers["referrer-policy"] == "no-referrer"
    thanks = client.get(f"/uk/liste/{code}/danke")
    lost = client.get(f"/uk/liste/{code}/gibtsnicht")
    assert (thanks.status_code, lost.status_code) == (200, 404)
    for page in (thanks.text, lost.text):  # whose address holds the code
        assert '<meta name="referrer" content="no-referrer">' in page
    assert f'href="/uk/liste/{code}"' in thanks.text
    found = counted(client)
    assert found == {
        ("helped", ids["Rat"]): 1,
        ("full", ids["Rat"]): 2,
        ("not_responsible", ids["Rat"]): 1,
        ("wrong_details", ids["Rat"]): 2,
        ("not_gone", ids["Rat"]): 1,
    }
    with Session(client.app.state.engine) as session:  # type: ignore[attr-defined]
        asked = session.exec(select(Proposal).where(Proposal.decision == Decision.OPEN)).all()
        assert sorted((one.reason, one.offer_id) for one in asked) == [
            ("report: details", ids["Rat"]),
            ("report: full", ids["Rat"]),
        ]
    wrong: list[tuple[str, dict[str, str], int]] = [
        (code, {"position": "1", "antwort": "toll"}, 422),
        (code, {"position": "1"}, 422),
        (code, {"position": "3", "antwort": "helped"}, 404),
        (code, {"position": "9" * 30, "antwort": "helped"}, 404),
        (code, {"antwort": "helped"}, 404),
        ("x" * 24, {"position": "1", "antwort": "helped"}, 404),
    ]
    for said, fields, status in wrong:
        assert client.post(f"/liste/{said}/antwort", data=fields).status_code == status, fields
    assert client.get("/liste/gibtsnicht/danke").status_code == 404
    assert counted(client) == {}
    sent = {"position": "1", "antwort": "helped"}
    statuses = {client.post(f"/liste/{code}/antwort", data=sent).status_code for _ in range(40)}
    assert statuses == {303, 429}


@pytest.mark.parametrize("headers", [{"Sec-GPC": "1"}, {"DNT": "1"}])
def test_who_does_not_want_it_is_not_counted_on_lists_either(
    client: TestClient, ids: dict[str, int], headers: dict[str, str]
) -> None:
    made = client.post("/liste/neu", data={"o": str(ids["Rat"])}, headers=headers)
    code = made.headers["location"].partition("?")[0]
    sent = {"position": "1", "antwort": "full"}
    assert client.post(f"{code}/antwort", data=sent, headers=headers).status_code == 303
    assert counted(client) == {}
    with Session(client.app.state.engine) as session:  # type: ignore[attr-defined]
        assert session.exec(select(Proposal.reason)).all() == ["report: full"]


def test_coordination_reads_what_was_answered_and_settles_it(
    client: TestClient, ids: dict[str, int], database: Engine
) -> None:
    code = new_list(client, ids)
    client.post(f"/liste/{code}/antwort", data={"position": "2", "antwort": "full"})
    with Session(database) as session, session.begin():
        make_member(session, session.exec(select(Region)).one(), Role.COORDINATOR)
        number = session.exec(select(Proposal.id)).one()
    browser = Browser(database, base="https://stadt.example").come_in("coordinator@stadt.example")
    assert "Chor" in browser.get("/pflege/aufgaben?art=hinweise").text
    assert "Auf einer Liste kam die Antwort: Es war voll" in browser.get(f"/pflege/vorschlag/{number}").text


def test_staff_may_say_for_what_case_type_a_list_is_and_nobody_else(
    client: TestClient, ids: dict[str, int], database: Engine
) -> None:
    with Session(database) as session, session.begin():
        region = session.exec(select(Region)).one()
        make_member(session, region, Role.COACH)
        make_member(session, region, Role.PROVIDER, organization_id=_organization(session, region))
        case_types.save(session, region.id, [case_types.Wanted(0, "Geburt bis Kita")])
        case = case_types.every(session, region.id)[0].id
    fields: dict[str, Any] = {"o": str(ids["Rat"]), "sprache": "de", "falltyp": str(case)}
    for who, is_offered in (("coach", True), ("provider", False), ("", False)):
        browser = Browser(database, base="https://stadt.example")
        if who:
            browser.come_in(f"{who}@stadt.example")
        browser.client.headers.update(PERSON)
        draft = browser.client.post("/liste", data=fields)
        assert ("Geburt bis Kita" in draft.text) == is_offered
        assert browser.client.post("/liste/neu", data=fields).status_code == 303
        counter: Counter = browser.client.app.state.uptake  # type: ignore[attr-defined]
        counter.flush(database)
    with Session(database) as session:
        rows = session.exec(select(UptakeCount)).all()
        assert {(row.event.value, row.case_type_id): row.number for row in rows} == {
            ("listed", case): 1,
            ("listed", 0): 2,
        }


def _organization(session: Session, region: Region) -> int:
    number = make_offer(session, region, organization="Träger").organization_id
    assert number is not None
    return number


def test_nothing_is_counted_where_it_is_switched_off(database: Engine, ids: dict[str, int]) -> None:
    app = create_app(database, settings().model_copy(update={"uptake": False}))
    with TestClient(app, base_url="https://stadt.example", headers=PERSON) as client:
        assert client.get("/angebot/rat", headers=OPENED).status_code == 200
        assert len(client.app.state.uptake) == 0  # type: ignore[attr-defined]


def test_a_running_process_writes_and_publishes_by_itself(
    database: Engine, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(database, expire_on_commit=False) as session, session.begin():
        region = session.exec(select(Region)).one()
        session.add(
            UptakeCount(
                region_id=region.id,
                day_on=date(2026, 8, 1),
                offer_id=ids["Rat"],
                event=Event.OPENED,
                number=40,
            )
        )
    monkeypatch.setattr(uptake, "SECONDS", 0.05)
    with TestClient(create_app(database), base_url="https://stadt.example", headers=PERSON) as client:
        client.get("/angebot/rat", headers=OPENED)
        counter: Counter = client.app.state.uptake  # type: ignore[attr-defined]
        with Session(database) as session:
            while len(counter) or not reading.months(session, region):
                session.rollback()
                time.sleep(0.01)
        shown = client.get("/api/v1/uptake?month=2026-08").json()
    assert [one["number"] for one in shown["numbers"] if one["number"]] == [40]


def test_the_last_minute_is_written_when_the_process_ends(database: Engine, ids: dict[str, int]) -> None:
    with TestClient(create_app(database), base_url="https://stadt.example", headers=PERSON) as client:
        client.get("/angebot/rat", headers=OPENED)
    with Session(database) as session:
        assert [row.number for row in session.exec(select(UptakeCount))] == [1]


def test_no_word_of_anybody_is_left_anywhere(
    client: TestClient, ids: dict[str, int], database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"wort{number}marke" for number in range(8)]
    code = new_list(client, ids)
    said = {
        **PERSON,
        "user-agent": f"{BROWSER} {words[0]}",
        "Cookie": f"sitzung={words[1]}",
        "Referer": f"https://stadt.example/{words[2]}",
        "Accept-Language": words[3],
        "X-Forwarded-For": words[4],
    }
    with watched(database, tmp_path, monkeypatch) as traces:
        client.get(f"/angebot/rat?{words[5]}=1", headers=said | OPENED)
        client.get(f"/angebote?q={words[5]}", headers=said)
        client.get(f"/liste/{code}?fuer={words[6]}", headers=said | OPENED)
        fields = {"angebot": str(ids["Rat"]), "wer": words[6]}
        client.post(f"/zaehlen?{words[5]}", data=fields, headers=said)
        for answer in ("full", "wrong_details", words[7]):
            fields = {"position": "1", "antwort": answer, "text": words[6], words[7]: "x"}
            client.post(f"/liste/{code}/antwort?{words[5]}", data=fields, headers=said)
        client.get(f"/liste/{code}/danke?{words[5]}", headers=said)
        counter: Counter = client.app.state.uptake  # type: ignore[attr-defined]
        counter.flush(database)
        assert traces.of([*words, code]) == []
    with Session(database) as session:  # and it was counted
        assert {row.event for row in session.exec(select(UptakeCount))} >= {Event.OPENED, Event.FULL}
