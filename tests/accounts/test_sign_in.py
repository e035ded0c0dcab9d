"""The way in: who knows the password comes in, nobody learns who has an account, nobody keeps others out."""

import re
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.accounts import passwords, signing_in
from api.accounts.models import Account, AuditEvent, Role
from api.core import clock
from tests.accounts.conftest import ADMIN
from tests.accounts.people import PASSWORD, SECRET, Browser, make_account

WRONG = "E-Mail-Adresse oder Kennwort stimmen nicht."


def move(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Move the clock on."""
    then: datetime = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: then)


def guess(browser: Browser, email: str = ADMIN, times: int = 5) -> list[int]:
    """Try wrong passwords."""
    return [browser.sign_in(email, f"falsch geraten Nummer {one}").status_code for one in range(times)]


def with_totp(engine: Engine, email: str = ADMIN) -> pyotp.TOTP:
    """Give an account an app, as if it had been set up before."""
    secret = pyotp.random_base32()
    with Session(engine) as session, session.begin():
        session.exec(select(Account).where(Account.email == email)).one().totp_secret = secret
    return pyotp.TOTP(secret)


def code(app: pyotp.TOTP) -> str:
    """What the app shows now."""
    return app.at(int(clock.now().timestamp()))


def test_the_right_password_opens_and_letters_of_the_address_may_be_large(city: Engine) -> None:
    browser = Browser(city)
    answer = browser.sign_in("Admin@Stadt.Example ")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/pflege"
    assert browser.get("/pflege").status_code == 200


@pytest.mark.parametrize("said", ["", PASSWORD[:-1], PASSWORD + "x", PASSWORD.upper(), "\x00", "ä" * 300])
def test_any_other_password_does_not(city: Engine, said: str) -> None:
    browser = Browser(city)
    assert browser.sign_in(ADMIN, said).status_code == 422
    assert browser.get("/pflege").status_code == 303


def test_unknown_disabled_and_invited_accounts_get_the_same_answer_after_the_same_work(
    city: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(city) as session, session.begin():
        make_account(session, "gesperrt@stadt.example", disabled_at=clock.now())
        make_account(session, "eingeladen@stadt.example", password_hash=None)
    hashes = 0
    hasher = passwords._HASHES  # noqa: SLF001 - how often it works is what is asked
    real = hasher.verify

    def counted(password: str | bytes, kept: str | bytes) -> bool:
        nonlocal hashes
        hashes += 1
        return real(password, kept)

    monkeypatch.setattr(hasher, "verify", counted)
    answers = set()
    emails = [ADMIN, "niemand@stadt.example", "gesperrt@stadt.example", "eingeladen@stadt.example"]
    for email in emails:
        browser = Browser(city)
        answer = browser.sign_in(email, "ein falsches Kennwort eben")
        proof = browser.proof()
        said = re.sub(r"challenge[^,]*", "…", answer.text)  # a new task for passkeys on every page
        answers.add((answer.status_code, said.replace(email, "…").replace(proof, "…")))
    assert len(answers) == 1
    assert WRONG in next(iter(answers))[1]
    assert hashes == len(emails)
    with Session(city) as session:  # each is noted, also for nobody
        assert len(session.exec(select(AuditEvent)).all()) == len(emails)
    # The right password of a disabled account says no more than a wrong one.
    assert Browser(city).sign_in("gesperrt@stadt.example").status_code == 422


def test_who_guesses_has_to_wait_whether_the_account_exists_or_not(city: Engine) -> None:
    for email in (ADMIN, "niemand@stadt.example"):
        stranger = Browser(city, network=f"198.51.{len(email)}.1")
        assert guess(stranger, email, 8) == [422] * 5 + [429] * 3
        assert stranger.last is not None
        assert int(stranger.last.headers["retry-after"]) > 0
        # Even the right password is not looked at any more.
        assert stranger.sign_in(email).status_code == 429


def test_waiting_helps(city: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = Browser(city)
    guess(stranger, times=6)
    move(monkeypatch, timedelta(seconds=signing_in.PAIR.seconds + 1))
    assert stranger.sign_in(ADMIN).status_code == 303


def test_another_network_is_not_locked_out(city: Engine) -> None:
    assert guess(Browser(city, network="198.51.100.9"), times=6)[-1] == 429
    assert Browser(city, network="203.0.113.5").sign_in(ADMIN).status_code == 303


def test_neighbours_in_a_network_count_as_one(city: Engine) -> None:
    assert guess(Browser(city, network="198.51.100.9"), times=5) == [422] * 5
    assert guess(Browser(city, network="198.51.100.77"), times=1) == [429]
    assert guess(Browser(city, network="2001:db8:1:2::3"), times=5) == [422] * 5
    assert guess(Browser(city, network="2001:db8:1:ffff::4"), times=1) == [429]


def test_a_known_browser_gets_in_from_the_network_of_the_attacker(city: Engine) -> None:
    owner = Browser(city, network="198.51.100.1").come_in(ADMIN)
    owner.post("/pflege/abmelden", page="/pflege")
    assert guess(Browser(city, network="198.51.100.9"), times=6)[-1] == 429
    assert owner.sign_in(ADMIN).status_code == 303


def test_a_code_of_the_app_gets_its_owner_in_from_the_network_of_the_attacker(city: Engine) -> None:
    app = with_totp(city)
    assert guess(Browser(city, network="198.51.100.9"), times=6)[-1] == 429
    owner = Browser(city, network="198.51.100.1")
    assert owner.sign_in(ADMIN, code="000000").status_code == 429
    assert owner.sign_in(ADMIN, code=code(app)).status_code == 303
    assert owner.get("/pflege").status_code == 200


def test_a_network_cannot_try_one_password_on_everybody(city: Engine) -> None:
    stranger = Browser(city)
    found = [
        stranger.sign_in(f"name{number}@stadt.example", "Sommer in der Stadt 2026").status_code
        for number in range(signing_in.NETWORK.at_once + 2)
    ]
    assert found == [422] * signing_in.NETWORK.at_once + [429] * 2


def test_many_at_once_get_no_more_attempts_than_one_after_another(city: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    def attempt(number: int) -> bool:
        with Session(city) as session:
            client = signing_in.Client("198.51.100.0/24")
            outcome = signing_in.sign_in(session, ADMIN, f"falsch {number}", client, secret=SECRET)
            session.commit()
            return isinstance(outcome, signing_in.Refused) and outcome.wait_seconds == 0

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == signing_in.PAIR.at_once


def test_the_second_factor_is_asked_for_and_half_a_session_opens_nothing(city: Engine) -> None:
    app = with_totp(city)
    browser = Browser(city)
    answer = browser.sign_in(ADMIN, weiter="/pflege/konten")
    assert answer.headers["location"] == "/pflege/anmelden/code?weiter=/pflege/konten"
    assert browser.get("/pflege").headers["location"] == "/pflege/anmelden"
    page = "/pflege/anmelden/code"
    assert browser.post(page, page=page, code="12345").status_code == 422
    answer = browser.post(page, page=page, code=code(app), weiter="/pflege/konten")
    assert answer.headers["location"] == "/pflege/konten"
    assert browser.get("/pflege/konten").status_code == 200


def test_a_code_works_once(city: Engine) -> None:
    app = with_totp(city)
    said = code(app)
    assert Browser(city).sign_in(ADMIN, code=said).headers["location"] == "/pflege"
    again = Browser(city).sign_in(ADMIN, code=said)
    assert again.headers["location"] == "/pflege/anmelden/code"


def test_codes_cannot_be_tried_out(city: Engine) -> None:
    with_totp(city)
    browser = Browser(city)
    browser.sign_in(ADMIN)
    page = "/pflege/anmelden/code"
    tried = [browser.post(page, page=page, code=f"{number:06}").status_code for number in range(7)]
    assert tried == [422] * 5 + [429] * 2


def test_attempts_are_kept_without_addresses(city: Engine) -> None:
    guess(Browser(city, network="198.51.100.9"), times=2)
    with city.connect() as connection:
        kept = connection.execute(text("SELECT key FROM sign_in_attempts")).scalars().all()
    assert len(kept) == 2
    assert all(len(bytes(key)) == 16 for key in kept)


def test_roles_of_other_regions_open_nothing_here(city: Engine) -> None:
    from tests.accounts.people import make_member  # noqa: PLC0415
    from tests.factories import make_region  # noqa: PLC0415

    with Session(city) as session, session.begin():
        other = make_region(session, is_default=False, hostnames=["kreis.example"])
        make_member(session, other, Role.ADMIN, "kreis@kreis.example")
    browser = Browser(city).come_in("kreis@kreis.example")
    assert browser.get("/pflege").status_code == 403
    assert browser.get("/pflege/konten").status_code == 403
