"""OWASP ASVS 5.0, 6.2 and 6.5: passwords, codes and links; each test names its requirement."""

import re

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.accounts import factors, passwords
from api.accounts.models import Account, RecoveryCode
from api.accounts.passwords import LEAST, MOST, Weakness, weakness
from tests.accounts.conftest import ADMIN
from tests.accounts.people import PASSWORD, SECRET, Browser, make_account, make_link

AROUND = ["Rosa Beispielfrau", "rosa.beispielfrau@musterstadt.example", "Musterstadt", "Landkarte"]


def test_v6_2_1_fifteen_letters_are_the_least() -> None:
    """V6.2.1: at least 8, strongly recommended 15."""
    assert LEAST == 15
    assert weakness("xkqzvbwjhfdpmt") is Weakness.TOO_SHORT
    assert weakness("xkqzvbwjhfdpmty") is None


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=64, max_size=MOST))
def test_v6_2_9_long_passwords_of_any_signs_are_not_too_long(said: str) -> None:
    """V6.2.9: at least 64 letters are permitted."""
    assert weakness(said) in {None, Weakness.GUESSABLE}


@pytest.mark.parametrize(
    "said",
    [
        "nurkleinebuchstabenohnealles",
        "ÄÖÜß ÄÖÜß mit Umlauten hier",
        "  Leerzeichen vorn und hinten  ",
        "кириллица тоже работает",
        "😀 drei Gesichter 😀 und ein Baum",
        "4718 2093 5561 8047 33",
    ],
)
def test_v6_2_5_no_kind_of_sign_is_demanded_or_refused_and_none_is_changed(said: str) -> None:
    """V6.2.5: no composition rules; V6.2.8: verified exactly as it was said."""
    assert weakness(said) is None
    kept = passwords.hashed(said)
    assert passwords.verify(said, kept)
    assert not passwords.verify(said.strip() + "x", kept)
    assert not passwords.verify(said.swapcase(), kept) or said.swapcase() == said


def test_v6_2_4_what_many_choose_is_refused_also_when_it_is_made_longer() -> None:
    """V6.2.4: the 3000 most frequent passwords; here 30 000, also doubled or with digits behind."""
    frequent = [word for word in passwords._common() if len(word) >= 5][:3000]  # noqa: SLF001
    assert len(frequent) == 3000
    for word in frequent:
        longer = word
        while len(longer) < LEAST:
            longer += word
        assert weakness(longer) is Weakness.GUESSABLE, longer
    for said in (
        "passwort12345678",
        "hallohallohallo1",
        "Sommer2026!!!!!!",
        "qwertzuiopasdfgh",
        "a" * 20,
        "123456789012345678",
    ):
        assert weakness(said) is Weakness.GUESSABLE, said


def test_v6_2_11_names_from_around_are_refused() -> None:
    """V6.2.11: words of the context."""
    for said in (
        "RosaBeispielfrau1",
        "musterstadt-landkarte",
        "beispielfrau@musterstadt",
        "rosa.beispielfrau",
    ):
        assert weakness(said, AROUND) is Weakness.GUESSABLE, said
    assert weakness("Rosa sieht vier grüne Schiffe", AROUND) is None


def test_people_can_find_good_ones() -> None:
    for said in (
        PASSWORD,
        "sieben Kamele lesen Zeitung",
        "correct horse battery staple",
        "Kreide-Mond-Ofen-Wolke",
    ):
        assert weakness(said, AROUND) is None, said


def test_v6_2_6_and_v6_2_7_fields_hide_what_is_typed_and_let_programs_fill_them(
    city: Engine, admin: Browser
) -> None:
    """V6.2.6: type=password; V6.2.7: pasting and password managers."""
    pages = [Browser(city).get("/pflege/anmelden").text, admin.get("/pflege/konto").text]
    for page in pages:
        for field in re.findall(r'<input[^>]*name="(?:kennwort|jetzt|noch_einmal)"[^>]*>', page):
            assert 'type="password"' in field
            assert re.search(r'autocomplete="(current|new)-password"', field)


def test_v11_4_2_passwords_are_kept_by_argon2id(city: Engine) -> None:
    """V11.4.2: an approved function with parameters of today (OWASP Password Storage Cheat Sheet)."""
    with city.connect() as connection:
        kept = connection.scalar(text("SELECT password_hash FROM account"))
    assert str(kept).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in str(kept)


def test_v6_5_1_a_recovery_code_works_once(session: Session) -> None:
    """V6.5.1: and so do codes of the app (tests/accounts/test_sign_in.py)."""
    account = make_account(session)
    codes = factors.make_codes(session, account.id)
    assert len(set(codes)) == factors.CODES
    said = codes[3].lower().replace("-", " ")
    assert factors.use_code(session, account.id, said)
    assert not factors.use_code(session, account.id, said)
    assert factors.codes_left(session, account.id) == factors.CODES - 1
    for wrong in ("", "3", "0-AAAAA-AAAAA", codes[4][:-1], "ü" * 11, "9" * 500):
        assert not factors.use_code(session, account.id, wrong)


def test_v6_5_2_recovery_codes_are_kept_as_slow_salted_hashes(session: Session) -> None:
    """V6.5.2: they have less than 112 bits."""
    account = make_account(session)
    factors.make_codes(session, account.id)
    kept = session.exec(select(RecoveryCode.code_hash)).all()
    assert len(set(kept)) == factors.CODES
    assert all(one.startswith("$argon2id$") for one in kept)


def test_secrets_of_apps_are_sealed_for_their_account_alone() -> None:
    secret = factors.new_secret()
    sealed = factors.seal(secret, SECRET, 7)
    assert secret not in sealed
    assert factors.seal(secret, SECRET, 7) != sealed
    assert factors._unseal(sealed, SECRET, 7) == secret  # noqa: SLF001
    for key, account_id in ((SECRET, 8), (SECRET + "x", 7)):
        assert factors._unseal(sealed, key, account_id) is None  # noqa: SLF001


def test_an_app_is_set_up_only_with_a_code_and_a_secret_of_ours(admin: Browser, city: Engine) -> None:
    page = "/pflege/konto/einmalcode"
    text_of = admin.get(page).text
    secret, seal = (re.search(rf'name="{name}" value="(\w+)"', text_of) for name in ("geheimnis", "siegel"))
    assert secret
    assert seal
    app = pyotp.TOTP(secret[1])
    fields = {"geheimnis": secret[1], "siegel": seal[1], "code": app.now(), "jetzt": PASSWORD}
    assert admin.post(page, page=page, **(fields | {"geheimnis": "A" * 32})).status_code == 303
    assert admin.post(page, page=page, **(fields | {"code": "000000"})).status_code == 422
    assert admin.post(page, page=page, **(fields | {"jetzt": "x"})).status_code == 422
    with Session(city) as session:
        assert session.exec(select(Account.totp_secret)).one() is None
    before = admin.cookie
    answer = admin.post(page, page=page, **fields)
    codes = re.findall(r"<code[^>]*>(\d-\w{5}-\w{5})</code>", answer.text)
    assert len(codes) == factors.CODES
    assert admin.cookie != before
    with Session(city) as session:
        kept = session.exec(select(Account.totp_secret)).one()
    assert kept is not None
    assert secret[1] not in kept
    stranger = Browser(city, network="203.0.113.1")
    assert stranger.sign_in(ADMIN, code=codes[0]).headers["location"] == "/pflege"


def test_v6_4_1_a_link_is_random_works_once_and_for_seven_days(
    city: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V6.4.1: initial passwords are none; the link is 256 bits and ends."""
    from datetime import timedelta  # noqa: PLC0415

    from api.core import clock  # noqa: PLC0415

    with Session(city) as session, session.begin():
        account = session.exec(select(Account)).one()
        old, link = make_link(session, account), make_link(session, account)
    said = {
        "name": "Neu",
        "kennwort": "sieben Kamele lesen Zeitung",
        "noch_einmal": "sieben Kamele lesen Zeitung",
    }
    assert len(link.rpartition("/")[2]) == 43
    assert Browser(city).get(old).status_code == 410
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(days=7, seconds=1))
    assert Browser(city).get(link).status_code == 410
    monkeypatch.setattr(clock, "now", now)
    browser = Browser(city)
    assert browser.get(link).headers["referrer-policy"] == "no-referrer"
    assert browser.post(link, **said).status_code == 303
    assert browser.get("/pflege").status_code == 200
    assert Browser(city).post(link, **said).status_code == 410


def test_v6_4_3_a_link_does_not_go_around_the_second_factor(city: Engine) -> None:
    """V6.4.3: unless an admin has said that it is lost."""
    said = {
        "name": "Neu",
        "kennwort": "sieben Kamele lesen Zeitung",
        "noch_einmal": "sieben Kamele lesen Zeitung",
    }
    for resets, way in ((False, "/pflege/anmelden/code"), (True, "/pflege")):
        with Session(city) as session, session.begin():
            account = session.exec(select(Account)).one()
            account.totp_secret = pyotp.random_base32()
            link = make_link(session, account, resets_factors=resets)
        assert Browser(city).post(link, **said).headers["location"] == way
