"""Passkeys, attacked with a key written for the test: what is old, foreign or unverified opens nothing."""

import hashlib
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Engine
from sqlmodel import Session, select
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

from api.accounts.models import Account
from api.core import clock
from tests.accounts.conftest import ADMIN
from tests.accounts.people import PASSWORD, Browser

PRESENT, VERIFIED, ATTESTED = 1, 4, 64
PAGE = "/pflege/konto/passkey"


class Key:
    """A security key with one key pair (WebAuthn level 3, 6.1 and 6.5)."""

    def __init__(self, origin: str = "https://localhost", flags: int = PRESENT | VERIFIED) -> None:
        self.origin, self.flags = origin, flags
        self.number = b"key-" + hashlib.sha256(repr(id(self)).encode()).digest()[:16]
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.counter = 0

    def make(self, options: dict[str, Any]) -> str:
        """What navigator.credentials.create gives."""
        public = self.private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        held = bytes(16) + len(self.number).to_bytes(2, "big") + self.number + cbor2.dumps(cose)
        data = self._data(options["rp"]["id"], self.flags | ATTESTED) + held
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._said({"attestationObject": attested}, self._client("create", options))

    def get(self, options: dict[str, Any]) -> str:
        """What navigator.credentials.get gives."""
        self.counter += 1
        data, client = self._data(options["rpId"], self.flags), self._client("get", options)
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said({"authenticatorData": data, "signature": signed}, client)

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, what: str, options: dict[str, Any]) -> bytes:
        said = {"type": f"webauthn.{what}", "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _said(self, parts: dict[str, bytes], client: bytes) -> str:
        response = {name: bytes_to_base64url(part) for name, part in parts.items()}
        number = bytes_to_base64url(self.number)
        said = {"id": number, "rawId": number, "type": "public-key", "clientExtensionResults": {}}
        return json.dumps(said | {"response": response | {"clientDataJSON": bytes_to_base64url(client)}})


def options(browser: Browser, page: str) -> dict[str, Any]:
    """What a page gives to the browser's device."""
    found = re.search(r'data-options="([^"]+)"', browser.get(page).text)
    assert found
    said: dict[str, Any] = json.loads(unescape(found[1]))
    assert len(base64url_to_bytes(said["challenge"])) >= 32
    return said


def add(browser: Browser, key: Key) -> int:
    """Add a key to the account; the status of the answer."""
    answer = key.make(options(browser, PAGE))
    return browser.post(PAGE, page=PAGE, antwort=answer, name="Probe", jetzt=PASSWORD).status_code


def enter(browser: Browser, answer: str) -> int:
    """Send what a key has signed; 303 is in."""
    return browser.post("/pflege/anmelden/passkey", antwort=answer).status_code


@pytest.fixture
def key(admin: Browser) -> Key:
    """A key that belongs to the admin."""
    found = Key()
    assert add(admin, found) == 200
    return found


def test_a_key_opens_the_account_it_belongs_to(key: Key, city: Engine) -> None:
    browser = Browser(city)
    before = options(browser, "/pflege/anmelden")
    cookie = browser.cookie
    assert enter(browser, key.get(before)) == 303
    assert browser.cookie != cookie
    assert "Person admin" in browser.get("/pflege").text


def test_what_was_signed_once_opens_nothing_again(key: Key, city: Engine) -> None:
    browser = Browser(city)
    answer, cookie = key.get(options(browser, "/pflege/anmelden")), browser.cookie
    assert enter(browser, answer) == 303
    again = Browser(city)
    again.client.cookies.set("__Host-sitzung", cookie)
    assert enter(again, answer) == 422


def test_what_was_signed_for_another_browser_opens_nothing(key: Key, city: Engine) -> None:
    one, other = Browser(city), Browser(city)
    answer = key.get(options(one, "/pflege/anmelden"))
    other.get("/pflege/anmelden")
    assert enter(other, answer) == 422


def test_a_task_holds_ten_minutes(key: Key, city: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(city)
    answer = key.get(options(browser, "/pflege/anmelden"))
    then = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: then)
    assert enter(browser, answer) == 422


def test_another_page_or_a_device_that_asked_nobody_opens_nothing(key: Key, city: Engine) -> None:
    for origin, flags in (("https://localhost.evil.example", key.flags), (key.origin, PRESENT)):
        browser = Browser(city)
        key.origin, usual, key.flags = origin, (key.origin, key.flags), flags
        assert enter(browser, key.get(options(browser, "/pflege/anmelden"))) == 422
        key.origin, key.flags = usual


def test_a_copied_key_is_noticed_by_its_counter(key: Key, city: Engine) -> None:
    for counter, status in ((5, 303), (3, 422)):
        browser = Browser(city)
        key.counter = counter
        assert enter(browser, key.get(options(browser, "/pflege/anmelden"))) == status


@pytest.mark.parametrize(
    "said", ["", "{}", "[]", "null", '{"id": "x"}', '{"response": {"clientDataJSON": "e30"}}', "ä"]
)
def test_anything_else_is_refused_and_breaks_nothing(key: Key, city: Engine, said: str) -> None:
    assert enter(Browser(city), said) == 422


def test_a_blocked_account_stays_closed_and_a_removed_key_is_worth_nothing(
    key: Key, admin: Browser, city: Engine
) -> None:
    with Session(city) as session, session.begin():
        session.exec(select(Account)).one().disabled_at = clock.now()
    browser = Browser(city)
    assert enter(browser, key.get(options(browser, "/pflege/anmelden"))) == 422
    with Session(city) as session, session.begin():
        session.exec(select(Account)).one().disabled_at = None
    path = re.search(r'action="(/pflege/konto/passkey/\d+/entfernen)"', admin.get("/pflege/konto").text)
    assert path
    assert admin.post(path[1], page="/pflege/konto", jetzt="falsch").status_code == 422
    assert admin.post(path[1], page="/pflege/konto", jetzt=PASSWORD).status_code == 303
    assert enter(browser, key.get(options(browser, "/pflege/anmelden"))) == 422
    assert Browser(city).sign_in(ADMIN).headers["location"] == "/pflege"


def test_adding_a_key_needs_the_password_and_a_device_that_asks_its_owner(
    admin: Browser, city: Engine
) -> None:
    answer = Key().make(options(admin, PAGE))
    assert admin.post(PAGE, page=PAGE, antwort=answer, name="Probe", jetzt="falsch").status_code == 422
    assert add(admin, Key(flags=PRESENT)) == 422
    assert add(admin, Key(origin="https://evil.example")) == 422
    key = Key()
    assert add(admin, key) == 200
    assert add(admin, key) == 422  # the same one again
    # From now on the password alone is not enough.
    assert Browser(city).sign_in(ADMIN).headers["location"] == "/pflege/anmelden/code"
