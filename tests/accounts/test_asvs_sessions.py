"""OWASP ASVS 5.0, chapters 3 and 7: cookies and sessions; each test names its requirement."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from api.accounts import sessions
from api.accounts.models import Account, StaffSession
from api.core import clock
from tests.accounts.conftest import ADMIN
from tests.accounts.people import PASSWORD, Browser

NEW = "sieben Kamele lesen Zeitung"


def others(engine: Engine, but: str = "") -> list[bytes]:
    """The kept tokens of all sessions but one."""
    with Session(engine) as session:
        return [
            row.token_hash
            for row in session.exec(select(StaffSession))
            if row.token_hash != sessions.digest(but)
        ]


def cookie_of(browser: Browser, name: str = "sitzung") -> str:
    """How the cookie was set when somebody came in."""
    answer = browser.sign_in(ADMIN)
    said = [value for value in answer.headers.get_list("set-cookie") if name in value.partition("=")[0]]
    assert len(said) == 1
    return said[0]


def test_v3_3_1_cookies_are_for_https_and_this_host_alone(city: Engine) -> None:
    """V3.3.1: Secure, and the prefix __Host-."""
    for kind in ("sitzung", "geraet"):
        said = cookie_of(Browser(city), kind)
        assert said.startswith(f"__Host-{kind}=")
        assert "; Secure" in said
        assert "; Path=/" in said
        assert "Domain" not in said


def test_v3_3_2_and_v3_3_4_cookies_are_sent_by_our_own_pages_and_read_by_no_script(city: Engine) -> None:
    """V3.3.2: SameSite; V3.3.4: HttpOnly."""
    assert "; SameSite=lax; Secure" in cookie_of(Browser(city))
    assert "; SameSite=strict; Secure" in cookie_of(Browser(city), "geraet")
    assert all("HttpOnly" in cookie_of(Browser(city), kind) for kind in ("sitzung", "geraet"))


def test_v7_2_2_and_v7_2_3_tokens_are_random_and_long(city: Engine) -> None:
    """V7.2.3: reference tokens of a CSPRNG with at least 128 bits."""
    tokens = {Browser(city).come_in(ADMIN).cookie for _ in range(3)} | {sessions.new_token()}
    assert len(tokens) == 4
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in tokens)


def test_tokens_are_not_kept(admin: Browser, city: Engine) -> None:
    """Who reads the database cannot use what it finds."""
    with city.connect() as connection:
        kept = (
            connection.execute(text("SELECT CAST(staff_session AS text) FROM staff_session")).scalars().all()
        )
    assert kept
    assert not any(admin.cookie in row for row in kept)


def test_v7_2_4_signing_in_makes_a_new_token_and_ends_the_one_before(city: Engine) -> None:
    """V7.2.4: and so nobody can make others use a token that they know (session fixation)."""
    browser = Browser(city)
    browser.get("/pflege/anmelden")
    before = browser.cookie
    first = browser.come_in(ADMIN).cookie
    assert before
    assert first != before
    again = Browser(city)
    again.client.cookies.set("__Host-sitzung", before)
    assert again.get("/pflege").status_code == 303


def test_v7_3_1_a_session_that_is_not_used_ends(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """V7.3.1: inactivity, documented in docs/how-to/konten.md."""
    began = clock.now()
    for minutes, status in ((50, 200), (100, 200), (161, 303)):
        monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=minutes))  # noqa: B023
        assert admin.get("/pflege").status_code == status


def test_v7_3_2_a_session_ends_after_twelve_hours_however_much_it_is_used(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V7.3.2: absolute lifetime."""
    began = clock.now()
    for half_hours in range(1, 24):
        monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=30 * half_hours))  # noqa: B023
        assert admin.get("/pflege").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=12, seconds=1))
    assert admin.get("/pflege").status_code == 303


def test_v7_4_1_signing_out_ends_the_session_for_good(admin: Browser, city: Engine) -> None:
    """V7.4.1; V14.3.1: what the browser has kept is cleared."""
    token = admin.cookie
    answer = admin.post("/pflege/abmelden", page="/pflege")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert 'sitzung=""' in answer.headers["set-cookie"]
    admin.client.cookies.set("__Host-sitzung", token)
    assert admin.get("/pflege").status_code == 303
    assert others(city) == []


def test_v7_4_2_a_blocked_account_is_out_at_once(admin: Browser, city: Engine) -> None:
    """V7.4.2."""
    with Session(city) as session, session.begin():
        session.exec(select(Account)).one().disabled_at = clock.now()
    assert admin.get("/pflege").status_code == 303


def test_v7_4_3_a_new_password_ends_all_other_sessions(admin: Browser, city: Engine) -> None:
    """V7.4.3: and the one in which it was changed has a new token."""
    other, before = Browser(city, network="203.0.113.1").come_in(ADMIN), admin.cookie
    fields = {"jetzt": PASSWORD, "kennwort": NEW, "noch_einmal": NEW}
    answer = admin.post("/pflege/konto/kennwort", page="/pflege/konto", **fields)
    assert answer.headers["location"] == "/pflege/konto?fertig=kennwort"
    assert admin.get("/pflege").status_code == 200
    assert admin.cookie != before
    assert other.get("/pflege").status_code == 303
    assert Browser(city).sign_in(ADMIN).status_code == 422
    assert Browser(city).sign_in(ADMIN, NEW).status_code == 303


def test_v7_4_4_every_page_has_a_way_out(admin: Browser) -> None:
    """V7.4.4."""
    for path in (
        "/pflege",
        "/pflege/konto",
        "/pflege/konten",
        "/pflege/konten/neu",
        "/pflege/konten/protokoll",
    ):
        assert 'action="/pflege/abmelden"' in admin.get(path).text


def test_v7_5_1_what_decides_who_gets_in_needs_the_password_once_more(admin: Browser, city: Engine) -> None:
    """V7.5.1: also with limits, so that an open browser is no place to guess."""
    with Session(city) as session, session.begin():
        session.exec(select(Account)).one().totp_secret = "A" * 32
    paths = ["kennwort", "ersatzcodes", "einmalcode/entfernen"]
    for path in paths:
        answer = admin.post(f"/pflege/konto/{path}", page="/pflege/konto", kennwort=NEW, noch_einmal=NEW)
        assert answer.status_code == 422
        assert "Das ist nicht Ihr jetziges Kennwort." in answer.text
    tried = [
        admin.post("/pflege/konto/kennwort", page="/pflege/konto", jetzt="falsch").text for _ in range(3)
    ]
    assert "zu viele falsche Kennwörter" in tried[-1]


def test_v7_5_2_people_see_their_sessions_and_end_them(admin: Browser, city: Engine) -> None:
    """V7.5.2: one, and all others."""
    agents = [
        "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (iPhone) Safari/604.1",
    ]
    two = []
    for number, agent in enumerate(agents):
        browser = Browser(city, network=f"203.0.113.{number}")
        browser.client.headers["user-agent"] = agent
        two.append(browser.come_in(ADMIN))
    page = admin.get("/pflege/konto").text
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    paths = re.findall(r'action="(/pflege/konto/anmeldungen/\d+/beenden)"', page)
    assert len(paths) == 2
    admin.post(paths[0], page="/pflege/konto")
    assert sorted(browser.get("/pflege").status_code for browser in two) == [200, 303]
    admin.post("/pflege/konto/anmeldungen/beenden", page="/pflege/konto")
    assert [browser.get("/pflege").status_code for browser in two] == [303, 303]
    assert admin.get("/pflege").status_code == 200


def test_nobody_ends_the_sessions_of_others(admin: Browser, city: Engine) -> None:
    from api.accounts.models import Role  # noqa: PLC0415
    from api.regions.models import Region  # noqa: PLC0415
    from tests.accounts.people import make_member  # noqa: PLC0415

    with Session(city) as session, session.begin():
        make_member(session, session.exec(select(Region)).one(), Role.COACH)
    coach = Browser(city, network="203.0.113.1").come_in("coach@stadt.example")
    with Session(city) as session:
        number = session.exec(select(StaffSession.id).order_by(col(StaffSession.id))).first()
    assert coach.post(f"/pflege/konto/anmeldungen/{number}/beenden", page="/pflege/konto").status_code == 404
    assert admin.get("/pflege").status_code == 200


def test_v7_1_2_an_eleventh_browser_takes_the_place_of_the_one_not_used_for_longest(city: Engine) -> None:
    """V7.1.2: ten sessions of one account at once."""
    with Session(city) as session, session.begin():
        account = session.exec(select(Account)).one()
        tokens = [
            sessions.begin(session, account.id, "Probe", is_whole=True) for _ in range(sessions.MOST + 1)
        ]
    with Session(city) as session:
        alive = [sessions.of_token(session, token) is not None for token in tokens]
    assert alive == [False] + [True] * sessions.MOST
