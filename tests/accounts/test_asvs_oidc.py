"""OWASP ASVS 5.0, 6.8, 9 and 10: ID tokens and OpenID Connect; each test names its requirement."""

import base64
import hmac
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.accounts import oidc
from tests.accounts.conftest import ADMIN
from tests.accounts.openid_provider import CLIENT, KEY, SECRET, OpenIdProvider, signed
from tests.accounts.test_oidc import UNKNOWN, UNTRUSTED, Visitor, linked, provider, returned, running

__all__ = ["linked", "provider", "running"]  # fixtures

ISSUER, NONCE = "https://id.stadt.example", "n" * 43
EXPECTED = oidc.Expected(ISSUER, CLIENT, NONCE)
KEYS = oidc.keys_of({"keys": [KEY.as_dict(private=False)]})
OTHER = RSAKey.generate_key(2048, {"kid": "eins"})
CURVE = ECKey.generate_key("P-256", {"kid": "zwei", "use": "sig"})


def claims(**changes: Any) -> dict[str, Any]:
    """What the provider says of somebody; None leaves a claim out."""
    now = int(time.time())
    said = {"iss": ISSUER, "sub": "4711", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": NONCE}
    said |= {"email": "Admin@stadt.example", "email_verified": True} | changes
    return {name: value for name, value in said.items() if value is not None}


def part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def unsigned(said: dict[str, Any], alg: str = "none") -> str:
    return f"{part({'alg': alg, 'kid': 'eins'})}.{part(said)}."


def with_public_key_as_secret(said: dict[str, Any]) -> str:
    """HS256, with the public key of the provider for a secret: everybody knows that."""
    begin = f"{part({'alg': 'HS256', 'kid': 'eins'})}.{part(said)}"
    mark = hmac.digest(KEY.as_pem(private=False), begin.encode(), "sha256")  # no library would do it
    return f"{begin}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def changed(said: dict[str, Any]) -> str:
    head, _body, signature = signed(said).split(".")
    return f"{head}.{part(said | {'sub': '1'})}.{signature}"


def brings_its_key(said: dict[str, Any]) -> str:
    registry = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    header = {"alg": "RS256", "kid": "eins", "jwk": OTHER.as_dict(private=False)}
    header |= {"jku": "https://evil.example/keys", "x5u": "https://evil.example/cert"}
    return jws.serialize_compact(header, json.dumps(said), OTHER, registry=registry)


def read(token: object, access_token: object = "zugang") -> oidc.Identity:
    return oidc.read(token, KEYS, EXPECTED, access_token)


def test_a_good_token_is_read() -> None:
    assert read(signed(claims())) == oidc.Identity(ISSUER, "4711", ADMIN, has_many_factors=False)
    assert read(signed(claims(aud=[CLIENT], azp=CLIENT))).subject == "4711"
    keys = oidc.keys_of({"keys": [KEY.as_dict(private=False), CURVE.as_dict(private=False)]})
    token = jwt.encode({"alg": "ES256", "kid": "zwei"}, claims(), CURVE, algorithms=["ES256"])
    assert oidc.read(token, keys, EXPECTED, None).subject == "4711"


FORGED: dict[str, Callable[[dict[str, Any]], object]] = {
    "6.8.2 not signed": unsigned,
    "6.8.2 not signed, otherwise written": lambda said: unsigned(said, "nOnE"),
    "6.8.2 no token": lambda _said: None,
    "6.8.2 garbage": lambda _said: "a.b.c",
    "6.8.2 endless": lambda said: signed(said) + "A" * 20_000,
    "9.1.1 changed": changed,
    "9.1.1 signed by somebody else": lambda said: signed(said, key=OTHER),
    "9.1.2 HMAC with the public key": with_public_key_as_secret,
    "9.1.3 unknown key": lambda said: signed(said, {"kid": "drei"}),
    "9.1.3 brings its own key": brings_its_key,
    "9.2.2 an access token": lambda said: signed(said, {"typ": "at+jwt"}),
    "9.2.2 a logout token": lambda said: signed(said, {"typ": "logout+jwt"}),
}
FALSE: dict[str, dict[str, Any]] = {
    "9.2.1 expired": {"exp": int(time.time()) - 120},
    "9.2.1 without end": {"exp": None},
    "9.2.1 not yet": {"nbf": int(time.time()) + 600},
    "9.2.1 made long ago": {"iat": int(time.time()) - 3_600},
    "9.2.1 made when": {"iat": "gestern"},
    "9.2.3 of another issuer": {"iss": "https://andere.example"},
    "9.2.3 of the same with a slash": {"iss": f"{ISSUER}/"},
    "10.5.1 another nonce": {"nonce": "m" * 43},
    "10.5.1 no nonce": {"nonce": None},
    "10.5.2 no subject": {"sub": None},
    "10.5.2 empty subject": {"sub": ""},
    "10.5.2 subject with a zero": {"sub": "4711\x00"},
    "10.5.2 subject as number": {"sub": 4711},
    "10.5.4 for another client": {"aud": "andere"},
    "10.5.4 for nobody": {"aud": []},
    "10.5.4 also for others": {"aud": [CLIENT, "andere"], "azp": CLIENT},
    "10.5.4 given to another": {"azp": "andere"},
    "10.5.4 another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("name", FORGED)
def test_v6_8_2_v9_1_and_v9_2_2_forged_tokens(name: str) -> None:
    """V6.8.2, V9.1.1 to V9.1.3 and V9.2.2: signature, algorithms, keys and kinds of tokens."""
    with pytest.raises(oidc.UntrustedError):
        read(FORGED[name](claims()))


@pytest.mark.parametrize("name", FALSE)
def test_v9_2_and_v10_5_signed_tokens_that_are_not_for_us_or_now(name: str) -> None:
    """V9.2.1, V9.2.3, V10.5.1, V10.5.2 and V10.5.4: time, issuer, nonce, subject and audience."""
    with pytest.raises(oidc.UntrustedError):
        read(signed(claims(**FALSE[name])))


def test_v9_1_2_only_asymmetric_algorithms_are_on_the_list() -> None:
    """V9.1.2: and a symmetric key in the provider's set is no key."""
    assert {name[:2] for name in oidc.ALGORITHMS} == {"RS", "PS", "ES"}
    secret = {"kty": "oct", "kid": "eins", "k": "Z2VoZWlt"}
    assert [key.kid for key in oidc.keys_of({"keys": [secret, KEY.as_dict(private=False)]})] == ["eins"]


def test_v6_8_1_identities_of_two_issuers_are_two(city: Engine, linked: OpenIdProvider) -> None:
    """V6.8.1 and V10.5.2: an identity is its issuer and its subject, never one of them or an address."""
    with Session(city) as session:
        for issuer, subject, is_ours in (
            (linked.issuer, "4711", True),
            ("https://andere.example", "4711", False),
            (linked.issuer, "4712", False),
        ):
            found = oidc.owner(session, oidc.Identity(issuer, subject, ADMIN, has_many_factors=True))
            assert (found is not None) is is_ours


def test_v10_1_1_tokens_stay_with_the_server_and_are_not_kept(city: Engine, linked: OpenIdProvider) -> None:
    """V10.1.1: the browser never sees a token, the database neither."""
    tokens = ["zugang"]

    def noted(said: dict[str, Any]) -> str:
        tokens.append(signed(said))
        return tokens[-1]

    linked.sign = noted
    visitor = Visitor(city, linked)
    answer = visitor.enter_there()
    seen = str(answer.headers) + answer.text + visitor.get("/pflege/konto").text
    with city.connect() as connection:
        for table in ("staff_session", "external_identity", "sign_in_flow", "audit_event"):
            seen += str(connection.execute(text(f"SELECT CAST(t AS text) FROM {table} t")).scalars().all())
    assert len(tokens) == 2
    assert not any(token in seen for token in (*tokens, SECRET, tokens[1].split(".")[2]))


def test_v10_1_2_and_v10_2_1_secrets_of_a_flow_are_new_random_and_of_one_browser(
    city: Engine, linked: OpenIdProvider
) -> None:
    """V10.1.2 and V10.2.1: state, nonce and verifier; the rest stands in test_oidc.py."""
    visitor = Visitor(city, linked)
    ways = [visitor.begin() for _ in range(2)]
    with city.connect() as connection:
        rows = connection.execute(text("SELECT nonce, verifier, state_hash FROM sign_in_flow")).all()
    assert len({value for row in rows for value in row}) == 6
    assert all(len(row.verifier) >= 43 and row.verifier not in "".join(ways) for row in rows)
    # A verifier of another flow does not go with a code.
    with city.begin() as connection:
        connection.execute(text("UPDATE sign_in_flow SET verifier = repeat('x', 64)"))
    assert UNTRUSTED in visitor.come_back(ways[0]).text
    assert linked.wrong == ["verifier"]


def test_v7_6_2_nobody_is_signed_in_without_pressing_a_button(city: Engine, linked: OpenIdProvider) -> None:
    """V7.6.2 and V3.5.1: a page of somebody else can send no browser to the provider."""
    visitor = Visitor(city, linked)
    path = "/pflege/anmelden/dienst"
    assert visitor.get(path).status_code == 405
    assert visitor.client.post(path, data={"weiter": ""}).status_code == 403
    said = {"formular": visitor.proof()}
    assert visitor.client.post(path, data=said, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert linked.asked == []


def test_v16_2_5_and_v16_3_3_what_is_refused_is_logged_without_what_was_said(
    city: Engine, linked: OpenIdProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """V16.2.5, V16.3.3 and V16.3.4: why, but no token, code, address or secret."""
    visitor = Visitor(city, linked)
    linked.claims = {"nonce": "m" * 43}
    with caplog.at_level(logging.INFO):
        back = returned(visitor.begin())
        assert UNTRUSTED in visitor.get(back).text
        linked.claims = {"sub": "9"}
        assert UNKNOWN in visitor.enter_there().text
        linked.whole = {"/token": (500, b"geheim")}
        visitor.enter_there()
    # The browser of this test writes a log, too.
    assert [record.getMessage() for record in caplog.records if record.name != "httpx2"] == [
        "An answer of the OpenID provider is not trusted: claims: InvalidClaimError",
        "The OpenID provider answers with 500 where JSON is expected",
    ]


def test_v10_2_3_only_what_is_needed_is_asked_for(city: Engine, linked: OpenIdProvider) -> None:
    """V10.2.3 (level 3): two scopes."""
    assert "scope=openid+email&" in Visitor(city, linked).begin() + "&"


def test_v2_4_1_the_way_to_the_provider_is_limited(city: Engine, linked: OpenIdProvider) -> None:
    """V2.4.1: thirty at once from one network, there and back together."""
    visitor = Visitor(city, linked)
    said = {"formular": visitor.proof()}
    statuses = [visitor.client.post("/pflege/anmelden/dienst", data=said).status_code for _ in range(31)]
    assert statuses[:30] == [200] * 30
    assert statuses[30] == 429
    assert Visitor(city, linked, network="203.0.113.9").enter_there().status_code == 303
