"""Signing in at an OpenID provider: who is linked comes in, and nobody else, whatever the answer says."""

import re
import urllib.request
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.accounts import invitations, oidc
from api.accounts.models import Account, AuditEvent, Event, ExternalIdentity, Role, SignInFlow
from api.core import clock
from api.core.settings import Settings
from api.regions.models import Region
from tests.accounts.conftest import ADMIN
from tests.accounts.openid_provider import CLIENT, LABEL, OpenIdProvider, providing, settings_for
from tests.accounts.people import PASSWORD, Browser, chosen, make_member
from tests.accounts.test_sign_in import code, move, with_totp
from web.staff.openid import Provider, UnreachableError

UNKNOWN, UNTRUSTED = "noch mit keinem Konto verbunden", "nicht so, dass wir ihr trauen können"
OLD, DOWN = "schon einmal benutzt", "antwortet gerade nicht"
OWN = "/pflege/konto"


@pytest.fixture(scope="module")
def running() -> Iterator[OpenIdProvider]:
    with providing() as found:
        yield found


@pytest.fixture
def provider(running: OpenIdProvider) -> OpenIdProvider:
    running.forget()
    return running


class Visitor(Browser):
    """A browser that also goes to the provider."""

    def __init__(self, engine: Engine, provider: OpenIdProvider, **changes: Any) -> None:
        network = changes.pop("network", "192.0.2.7")
        super().__init__(engine, network=network, **settings_for(provider, **changes))

    def begin(self, path: str = "/pflege/anmelden/dienst", **fields: str) -> str:
        """Press the button; the address that the page leads to."""
        answer = self.post(path, page=OWN if path.startswith(OWN) else "/pflege/anmelden", **fields)
        assert answer.status_code == 200, answer.text
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
        assert found
        return unescape(found[1])

    def come_back(self, address: str) -> httpx2.Response:
        """Sign in there, where one is signed in already, and come back."""
        return self.get(returned(address))

    def enter_there(self, **fields: str) -> httpx2.Response:
        """The whole way."""
        return self.come_back(self.begin(**fields))

    def link(self) -> httpx2.Response:
        """Link the identity in one's account."""
        return self.come_back(self.begin(f"{OWN}/dienst", jetzt=PASSWORD))


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


def returned(address: str) -> str:
    """Where the provider sends a browser back to."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    except HTTPError as answer:
        with answer:
            found = str(answer.headers["Location"])
            assert found.startswith("https://localhost/pflege/anmelden/dienst/zurueck?")
            return found.removeprefix("https://localhost")
    raise AssertionError("The provider did not send back.")


@pytest.fixture
def linked(city: Engine, provider: OpenIdProvider) -> OpenIdProvider:
    """The provider, with which the admin is linked."""
    with Session(city) as session, session.begin():
        account = session.exec(select(Account)).one()
        identity = oidc.Identity(provider.issuer, "4711", ADMIN, has_many_factors=False)
        oidc.link(session, account, identity)
    return provider


def test_who_is_signed_in_links_with_the_password_and_then_comes_in_without_it(
    city: Engine, provider: OpenIdProvider
) -> None:
    admin, other = Visitor(city, provider), Visitor(city, provider, network="203.0.113.9")
    for one in (admin, other):
        one.come_in(ADMIN)
    wrong = admin.post(f"{OWN}/dienst", page=OWN, jetzt="falsch geraten Nummer 1")
    assert (wrong.status_code, provider.asked) == (422, [])
    before = admin.cookie
    assert admin.link().headers["location"] == f"{OWN}?fertig=verbunden"
    assert admin.cookie != before
    assert "ist verbunden" in admin.get(f"{OWN}?fertig=verbunden").text
    assert other.get("/pflege").status_code == 303  # V7.4.3

    visitor = Visitor(city, provider, network="203.0.113.5")
    way = visitor.begin(weiter="/pflege/konten?seite=2")
    said = dict(parse_qsl(urlsplit(way).query))
    assert {name: said[name] for name in ("client_id", "response_type", "scope", "redirect_uri")} == {
        "client_id": CLIENT,
        "response_type": "code",
        "scope": "openid email",
        "redirect_uri": "https://localhost/pflege/anmelden/dienst/zurueck",
    }
    assert said["code_challenge_method"] == "S256"
    assert all(len(said[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
    answer = visitor.come_back(way)
    assert answer.headers["location"] == "/pflege/konten?seite=2"
    assert visitor.get("/pflege/konten").status_code == 200
    assert provider.wrong == []
    with Session(city) as session:
        assert session.exec(select(SignInFlow)).all() == []
        row = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert row is not None
    assert (row.event, row.details) == (Event.SIGNED_IN, {"second_factor": False, "by": "provider"})
    # Signing out ends our session; the way in says that the other one goes on.
    visitor.post("/pflege/abmelden", page="/pflege")
    assert visitor.get("/pflege").status_code == 303
    assert "bleibt dort angemeldet" in visitor.get("/pflege/anmelden").text


def test_a_mail_address_opens_nothing(city: Engine, linked: OpenIdProvider) -> None:
    """Whoever has somebody's address there, before or after the owner has linked, is a stranger."""
    answers = set()
    for who in (
        {"sub": "4712"},
        {"sub": "4712", "email": "niemand@stadt.example"},
        {"sub": "4711 ", "email_verified": False},
    ):
        linked.who |= who
        visitor = Visitor(city, linked)
        answer = visitor.enter_there()
        assert answer.status_code == 422
        assert UNKNOWN in answer.text
        assert visitor.get("/pflege").status_code == 303
        answers.add(re.sub(r"challenge[^,]*|\w{64}", "…", answer.text))
    assert len(answers) == 1
    with Session(city) as session:
        assert len(session.exec(select(Account)).all()) == 1  # none is ever made here


def test_linking_needs_the_address_of_the_account_verified_there(
    city: Engine, provider: OpenIdProvider
) -> None:
    admin = Visitor(city, provider)
    admin.come_in(ADMIN)
    for who in (
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "andere@stadt.example"},
        {"email": None},
    ):
        provider.claims = who
        answer = admin.link()
        assert (answer.status_code, "bestätigt für Sie nicht die Mailadresse" in answer.text) == (422, True)
    with Session(city) as session:
        assert session.exec(select(ExternalIdentity)).all() == []
    provider.claims = {"email": "Admin@Stadt.example"}
    assert admin.link().status_code == 303
    # One identity for one account, and one account for one identity.
    for who in ({}, {"sub": "4712"}):
        provider.claims = who
        assert "gehört hier schon zu einem Konto" in admin.link().text


def test_a_link_is_finished_by_who_has_begun_it(city: Engine, provider: OpenIdProvider) -> None:
    with Session(city) as session, session.begin():
        make_member(session, session.exec(select(Region)).one(), Role.COACH)
    admin, coach = Visitor(city, provider), Visitor(city, provider, network="203.0.113.9")
    admin.come_in(ADMIN)
    coach.come_in("coach@stadt.example")
    # The address that comes back is given to somebody else; and then its owner has signed out.
    back = returned(admin.begin(f"{OWN}/dienst", jetzt=PASSWORD))
    assert OLD in coach.get(back).text
    assert OLD in admin.get(back).text  # used up
    back = returned(admin.begin(f"{OWN}/dienst", jetzt=PASSWORD))
    with Session(city) as session, session.begin():
        for row in session.exec(select(Account)):
            row.disabled_at = clock.now()
    assert OLD in admin.get(back).text
    with Session(city) as session:
        assert session.exec(select(ExternalIdentity)).all() == []
    assert "/token" not in provider.asked


def test_only_the_browser_that_went_comes_back_and_only_once(
    city: Engine, linked: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, stranger = Visitor(city, linked), Visitor(city, linked, network="203.0.113.9")
    stranger.get("/pflege/anmelden")
    path = "/pflege/anmelden/dienst/zurueck"
    for query in ("", "?code=x", "?code=x&state=erfunden", "?code=x&state=%00", "?code=x&state=a&state=b"):
        answer = visitor.get(path + query)
        assert (answer.status_code, OLD in answer.text) == (422, True)
    # Somebody else's answer (login CSRF), which is used up by trying.
    back = returned(visitor.begin())
    assert OLD in stranger.get(back).text
    assert OLD in visitor.get(back).text
    # The same answer twice.
    back = returned(visitor.begin())
    assert visitor.get(back).status_code == 303
    stranger.client.cookies.update(dict(visitor.client.cookies))
    assert OLD in stranger.get(back).text
    # A code that was used already, in a flow of its own.
    used = dict(parse_qsl(urlsplit(back).query))["code"]
    linked.answer = {"code": used}
    other = Visitor(city, linked, network="203.0.113.77")
    assert UNTRUSTED in other.enter_there().text
    assert linked.wrong == ["code"]
    # Too late.
    linked.forget()
    back = returned(other.begin())
    move(monkeypatch, oidc.LASTS)
    assert OLD in other.get(back).text
    assert other.get("/pflege").status_code == 303


def test_answers_of_others_are_not_taken(city: Engine, linked: OpenIdProvider) -> None:
    visitor = Visitor(city, linked)
    for answer, said in (
        ({"iss": "https://andere.example"}, UNTRUSTED),
        ({"iss": ""}, UNTRUSTED),  # it promises to name itself (RFC 9207)
        ({"code": ""}, UNTRUSTED),
        ({"code": "", "error": "access_denied", "error_description": "<b>Ihr Konto"}, "abgebrochen"),
    ):
        linked.answer = answer
        found = visitor.enter_there()
        assert (found.status_code, said in found.text) == (422, True), answer
        assert "<b>Ihr Konto" not in found.text
    assert "/token" not in linked.asked
    # Somebody who names other hosts gets no address of ours registered there: it is part of what is compared.
    linked.answer = {}
    back = returned(visitor.begin())
    assert UNTRUSTED in visitor.get(back, headers={"host": "localhost:8443"}).text
    for evil in ("https://evil.example/pflege", "//evil.example", "/\\evil.example", "/pflege//evil.example"):
        visitor = Visitor(city, linked, network="203.0.113.4")
        assert visitor.enter_there(weiter=evil).headers["location"] == "/pflege"


def test_a_second_factor_of_ours_is_owed_unless_there_were_two_there(
    city: Engine, linked: OpenIdProvider
) -> None:
    app = with_totp(city)
    second = "/pflege/anmelden/code"
    for said, strong in (
        ({}, False),
        ({"amr": ["pwd"], "acr": "1"}, False),
        ({"amr": "mfa"}, None),  # no list: not well-formed
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "https://stadt.example/zwei"}, True),
    ):
        linked.claims = said
        visitor = Visitor(city, linked, oidc_acr="2 https://stadt.example/zwei")
        answer = visitor.enter_there()
        if strong is None:
            assert UNTRUSTED in answer.text
            continue
        assert answer.headers["location"] == ("/pflege" if strong else second)
        assert visitor.get("/pflege").status_code == (200 if strong else 303)
    linked.claims = {}
    visitor = Visitor(city, linked, network="203.0.113.4")
    assert (
        visitor.enter_there(weiter="/pflege/konten").headers["location"] == f"{second}?weiter=/pflege/konten"
    )
    answer = visitor.post(second, page=second, code=code(app), weiter="/pflege/konten")
    assert answer.headers["location"] == "/pflege/konten"
    assert visitor.get("/pflege/konten").status_code == 200


def test_blocked_unlinked_and_reset_accounts_are_not_opened(city: Engine, linked: OpenIdProvider) -> None:
    with Session(city) as session, session.begin():
        session.exec(select(Account)).one().disabled_at = clock.now()
    assert UNKNOWN in Visitor(city, linked).enter_there().text
    with Session(city) as session, session.begin():
        session.exec(select(Account)).one().disabled_at = None
    admin = Visitor(city, linked)
    admin.enter_there()
    path = re.search(rf'action="({OWN}/dienst/\d+/entfernen)"', admin.get(OWN).text)
    assert path
    assert admin.post(path[1], page=OWN, jetzt="falsch").status_code == 422
    assert admin.post(f"{OWN}/dienst/999/entfernen", page=OWN, jetzt=PASSWORD).status_code == 404
    assert admin.post(path[1], page=OWN, jetzt=PASSWORD).headers["location"] == f"{OWN}?fertig=getrennt"
    assert UNKNOWN in Visitor(city, linked).enter_there().text
    assert admin.link().status_code == 303
    with Session(city) as session, session.begin():
        account = session.exec(select(Account)).one()
        token = invitations.make(session, account, resets_factors=True)
        invitations.accept(session, token, "Name", "sieben Kamele lesen Zeitung")
    assert UNKNOWN in Visitor(city, linked).enter_there().text


def test_a_provider_that_is_down_is_said_so_and_not_asked_again_at_once(
    city: Engine, provider: OpenIdProvider
) -> None:
    visitor = Visitor(city, provider)
    visitor.come_in(ADMIN)
    back = returned(visitor.begin(f"{OWN}/dienst", jetzt=PASSWORD))
    provider.whole = {"/token": (200, b"x" * 300_000)}
    answer = visitor.get(back)
    assert (answer.status_code, f"„{LABEL}“ {DOWN}" in answer.text, "Mein Konto" in answer.text) == (
        503,
        True,
        True,
    )
    asked = len(provider.asked)
    fresh = Visitor(city, provider, network="203.0.113.4", oidc_issuer="http://127.0.0.1:9")
    for _try in range(2):
        answer = fresh.post("/pflege/anmelden/dienst")
        assert (answer.status_code, f"„{LABEL}“ {DOWN}" in answer.text) == (503, True)
        assert 'name="kennwort"' in answer.text  # the other ways are there
    assert len(provider.asked) == asked
    assert visitor.get("/pflege").status_code == 200


def test_only_the_provider_itself_is_asked(provider: OpenIdProvider) -> None:
    """What it describes must be its own, well-formed, and not lead into the own network (SSRF)."""
    port = provider.server_address[1]
    addresses = {"innen.example": ["10.0.0.8"], "127.0.0.1": ["127.0.0.1"]}
    described: list[dict[str, Any]] = [
        {"issuer": f"{provider.issuer}/"},
        {"issuer": "https://andere.example"},
        {"token_endpoint": None},
        {"jwks_uri": 7},
        {"jwks_uri": f"http://localhost:{port}/keys"},
        {"jwks_uri": "https://169.254.169.254/keys"},
        {"jwks_uri": "https://innen.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": f"{provider.issuer}/fort"},
        {"jwks_uri": f"{provider.issuer}/nichts"},
    ]
    provider.whole = {"/fort": (302, b""), "/nichts": (200, b"[]")}
    for changes in described:
        provider.described = changes
        ours = Provider(chosen(**settings_for(provider)), lambda host, _port: addresses[host])
        with pytest.raises(UnreachableError):
            ours.signing_keys()
    provider.described = {}
    ours = Provider(chosen(**settings_for(provider)))
    assert [key.kid for key in ours.signing_keys()] == ["eins"]
    # Keys that seem to be new are asked for, but not for every forged token.
    for _try in range(3):
        ours.signing_keys(are_old=True)
    assert provider.asked.count("/keys") == 1


def test_without_settings_there_is_nothing_to_see(city: Engine, admin: Browser) -> None:
    assert "Konto der Stadt" not in admin.get(OWN).text + Browser(city).get("/pflege/anmelden").text
    assert admin.get("/pflege/anmelden/dienst/zurueck?code=x&state=y").status_code == 404
    for path in ("/pflege/anmelden/dienst", f"{OWN}/dienst"):
        assert admin.post(path, page=OWN, jetzt=PASSWORD).status_code == 404


@pytest.mark.parametrize(
    "issuer",
    [
        "http://id.stadt.example",
        "http://127.0.0.1:8080",
        "https://",
        "https://id.stadt.example?x=1",
        "https://wer@id.stadt.example",
        "ftp://id.stadt.example",
    ],
)
def test_the_issuer_must_be_encrypted(issuer: str) -> None:
    said = {"oidc_client_id": CLIENT, "oidc_client_secret": "geheim", "oidc_label": LABEL}
    with pytest.raises(ValidationError, match="LANDKARTE_OIDC_ISSUER"):
        Settings(_env_file=None, database_url="x", oidc_issuer=issuer, **said)  # type: ignore[arg-type]
    good = "https://id.stadt.example/realms/stadt"
    assert Settings(_env_file=None, database_url="x", oidc_issuer=good, **said)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="also needs"):
        Settings(_env_file=None, database_url="x", oidc_issuer=good)
