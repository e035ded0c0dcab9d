"""OWASP ASVS 5.0, chapters 2, 6, 8 and 16: rights, limits and logs; each test names its requirement."""

import logging
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, col, select

from api.accounts import audit
from api.accounts.models import Account, AuditEvent, Event, Grant, Role, StaffSession
from api.core import clock
from api.history.models import Revision
from api.offers.models import OfferAtPlace
from tests.accounts.conftest import ADMIN
from tests.accounts.people import HASHED, PASSWORD, Browser, make_member
from tests.accounts.test_sign_in import code, with_totp
from tests.curation.sheets import entry
from tests.factories import make_region
from tests.web.staff_queue import WEST, Town, make_town
from tests.web.test_staff_gate import ROUTES, asked
from web.staff.gate import action_of

NOBODYS = "987654"
# What coming in, staying in and guessing passwords may write.
OWN_TABLES = {"staff_session", "sign_in_attempts", "audit_event", "known_device"}


def kept(engine: Engine) -> dict[str, str]:
    """Fingerprints of all that the tables hold, but for what coming in and staying in writes."""
    names = set(SQLModel.metadata.tables) - OWN_TABLES
    with engine.connect() as connection:
        return {
            name: connection.scalar(text(f'SELECT md5(string_agg(CAST(t AS text), chr(10))) FROM "{name}" t'))
            or ""
            for name in sorted(names)
        }


def filled(path: str, numbers: dict[str, int | str]) -> str:
    """The path of a route with numbers of rows that there are."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: str(numbers.get(part[1], NOBODYS)), path)


def inner() -> Iterator[tuple[str, str]]:
    """The routes of staff that are about one thing which is somebody's."""
    for route in ROUTES:
        method, path = asked(route)
        if action_of(route) is not None and "{" in path and not path.startswith("/pflege/konto/"):
            yield method, path


@pytest.fixture
def town(database: Engine) -> Town:
    return make_town(database)


def things(town: Town) -> dict[str, int | str]:
    """Numbers of what lies in the west: an offer with its past, a proposal, a draft, an account."""
    coordinator = town.person()
    proposal = town.suggest(town.west, summary="neu")
    page = f"/pflege/angebot/{town.west}"
    answer = coordinator.post(f"{page}/bearbeiten", page)
    draft = re.search(r"/entwurf/(\d+)/", answer.headers["location"])
    assert draft
    with town.open() as (session, _region):
        account = session.exec(select(Account)).one()
        grant = session.exec(select(Grant)).one()
        about = (col(Revision.entity) == "offer", col(Revision.entity_id) == town.west)
        step = session.exec(select(Revision.id).where(*about)).first()
        at = session.exec(select(OfferAtPlace).where(OfferAtPlace.offer_id == town.west)).one()
        found: dict[str, int | str] = {"offer_id": town.west, "proposal_id": proposal, "key": "was"}
        found |= {"draft_id": int(draft[1]), "account_id": account.id, "grant_id": grant.id}
        return found | {"place_id": at.place_id, "step_id": step or 0}


def test_v8_2_2_and_v8_4_1_nobody_reaches_what_lies_elsewhere_by_its_number(town: Town) -> None:
    """V8.2.2 and V8.4.1: another district's, another organization's and another region's staff."""
    numbers = things(town)
    owner = town.person()
    strangers = {
        "editor of the east": town.person(Role.EDITOR, "Viertel 2", may_publish=True),
        "coordinator of the east": town.person(Role.COORDINATOR, "Viertel 2"),
    }
    with town.open() as (session, region):
        other = entry(session, region, name="Fremd", organization="Fremde e. V.").organization_id
    strangers["other provider"] = town.person(Role.PROVIDER, organization_id=other)
    with Session(town.engine) as session, session.begin():
        county = make_region(session, slug="kreis", is_default=False, hostnames=["kreis.example"])
        make_member(session, county, Role.ADMIN, "kreis@kreis.example")
        make_member(session, county, Role.COORDINATOR, "zweite@kreis.example")
    for email in ("kreis@kreis.example", "zweite@kreis.example"):
        strangers[email] = Browser(town.engine, base="https://kreis.example", network="10.9.9.1")
        strangers[email].come_in(email)
    answers: dict[int, int] = {}
    before = kept(town.engine)
    for name, stranger in strangers.items():
        sent = {"formular": stranger.proof("/pflege")}
        for method, path in inner():
            address = filled(path, numbers)
            answer = stranger.client.request(method, address, data=sent if method == "POST" else None)
            assert answer.status_code in {403, 404, 415}, (name, method, address, answer.status_code)
            assert WEST not in answer.text, (name, method, address)
            answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
    assert kept(town.engine) == before
    assert answers[403] + answers[404] > 200, answers
    # Who may reaches the very same addresses, or all of this would show nothing.
    for path in ("/pflege/angebot/{offer_id}", "/pflege/vorschlag/{proposal_id}"):
        assert WEST in owner.get(filled(path, numbers)).text


def test_v2_2_1_and_v16_5_3_numbers_that_no_row_can_have_are_not_there(city: Engine, admin: Browser) -> None:
    """V2.2.1 and V16.5.3: for who may do everything, so that each route gets as far as its rows."""
    sent = {"formular": admin.proof("/pflege"), "jetzt": PASSWORD}
    for route in ROUTES:
        method, path = asked(route)
        if "{" not in path:
            continue
        for number in (2**63, 10**40):
            address = re.sub(r"\{\w+:int\}", str(number), path)
            answer = admin.client.request(
                method, filled(address, {}), data=sent if method == "POST" else None
            )
            assert answer.status_code in {404, 410, 415, 422}, (method, address, answer.status_code)


def test_v8_3_1_hidden_buttons_are_no_rights(town: Town) -> None:
    """V8.3.1 and V2.2.2: what a page does not offer is refused when it is sent all the same."""
    editor = town.person(Role.EDITOR, "Viertel 1")
    page = f"/pflege/angebot/{town.west}"
    shown = editor.get(page).text
    for how in ("archivieren", "pausieren"):
        assert f"{page}/{how}" not in shown
        assert editor.post(f"{page}/{how}", page="/pflege").status_code == 403
    assert town.offer(town.west).status == "published"


def test_v7_4_5_admins_end_the_sessions_of_somebody(city: Engine, admin: Browser) -> None:
    """V7.4.5 and V8.3.2: at once, by blocking."""
    with Session(city) as session, session.begin():
        region_id = session.exec(select(Grant.region_id)).one()
        account = Account(name="Wer", email="wer@stadt.example", password_hash=HASHED, created_at=clock.now())
        session.add(account)
        session.flush()
        session.add(
            Grant(account_id=account.id, region_id=region_id, role=Role.COACH, created_at=clock.now())
        )
        number = account.id
    coach = Browser(city, network="203.0.113.1").come_in("wer@stadt.example")
    page = f"/pflege/konten/{number}"
    assert admin.post(f"{page}/sperren", page=page).status_code == 303
    assert coach.get("/pflege").status_code == 303
    with Session(city) as session:
        assert session.exec(select(StaffSession).where(StaffSession.account_id == number)).all() == []


def test_v16_2_1_v16_2_2_and_v16_3_1_every_way_in_is_noted(city: Engine) -> None:
    """V16.2.1, V16.2.2 and V16.3.1: who, when with time zone, what and by which factor; also what failed."""
    app = with_totp(city)
    browser = Browser(city)
    browser.sign_in(ADMIN, "falsch geraten Nummer 1")
    browser.sign_in("niemand@stadt.example")
    browser.sign_in(ADMIN)
    page = "/pflege/anmelden/code"
    browser.post(page, page=page, code="000000")
    browser.post(page, page=page, code=code(app))
    browser.post("/pflege/abmelden", page="/pflege")
    with Session(city) as session:
        rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
        number = session.exec(select(Account.id)).one()
    assert [(row.event, row.account_id, row.actor) for row in rows] == [
        (Event.SIGN_IN_FAILED, number, "public"),
        (Event.SIGN_IN_FAILED, audit.NOBODY, "public"),
        (Event.SIGN_IN_FAILED, number, "public"),
        (Event.SIGNED_IN, number, f"account:{number}"),
        (Event.SIGNED_OUT, number, f"account:{number}"),
    ]
    assert rows[2].details == {"second_factor": True}
    assert rows[3].details == {"second_factor": True, "by": "password"}
    assert all(row.at.tzinfo is not None for row in rows)


def test_v16_3_2_v16_3_3_and_v16_4_1_refusals_are_logged_without_what_was_sent(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """V16.2.5, V16.3.2, V16.3.3 and V16.4.1: who and which kind of page; nothing that a visitor writes."""
    coach = town.person(Role.COACH)
    with caplog.at_level(logging.INFO):
        coach.get("/pflege/konten/7?geheim=%0aWARNING%20erfunden")
        coach.client.post("/pflege/konto/kennwort", data={"formular": "falsch", "jetzt": PASSWORD})
        Browser(town.engine).client.post("/pflege/anmelden", data={"email": "x\n\u2028y", "formular": ""})
    # The browser of this test writes a log, too.
    said = [record.getMessage() for record in caplog.records if record.name != "httpx2"]
    with town.open() as (session, _region):
        number = session.exec(select(Account.id)).one()
    assert said == [
        f"Not allowed: GET /pflege/konten/{{account_id:int}}, account:{number}",
        f"Not a form of ours: POST /pflege/konto/kennwort, account:{number}",
        "Not a form of ours: POST /pflege/anmelden, nobody",
    ]
