"""OWASP ASVS 5.0, chapter 3: headers, origins and redirects; each test names its requirement."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.accounts.people import Browser
from tests.accounts.test_asvs_rights import filled, kept, things, town
from tests.web.staff_queue import Town
from tests.web.test_staff_gate import ROUTES, asked
from web.main import PAGES, create_app

__all__ = ["town"]  # a fixture

NGINX = Path(__file__).parents[2] / "ops" / "image" / "nginx.conf"
# One of every kind of answer: pages, files, programs' answers, what is not there, not so, not allowed.
KINDS = [
    ("GET", "/", 200),
    ("GET", "/static/css/site.css", 200),
    ("GET", "/static/nichts.js", 404),
    ("GET", "/api/v1/offers", 200),
    ("GET", "/api/v1/nichts", 404),
    ("GET", "/api/v1/offers?limit=x", 422),
    ("GET", "/ogc/conformance", 200),
    ("GET", "/hsds/", 200),
    ("GET", "/nichts", 404),
    ("DELETE", "/angebote", 405),
    ("GET", "/angebote?" + "x" * 9_000, 414),
    ("POST", "/angebote", 405),
    ("GET", "/healthz", 200),
    ("GET", "/pflege", 303),
    ("GET", "/pflege/anmelden", 200),
    ("POST", "/pflege/anmelden", 403),
]
FOREIGN = [
    "//evil.example/pflege",
    "/\\evil.example",
    "/%2f%2fevil.example/",
    "/en//evil.example",
    "/en/%2fevil.example",
    "/pflege/?weiter=//evil.example",
    "/pflege/anmelden?weiter=https://evil.example",
    "/angebote/?weiter=https://evil.example",
    "/pflege/konten//evil.example",
]


@pytest.fixture
def visitor(town: Town) -> Iterator[TestClient]:
    """Somebody who is not signed in."""
    app = create_app(town.engine)
    with TestClient(app, base_url="https://localhost", follow_redirects=False) as client:
        yield client


def test_v3_4_1_https_is_enforced_for_a_year_and_all_subdomains() -> None:
    """V3.4.1: by our proxy, in every block that sets headers of its own."""
    said = NGINX.read_text()
    secure = said[said.index("listen 8443") :]
    headers = re.findall(r"add_header Strict-Transport-Security (.*?) always;", secure)
    assert set(headers) == {'"max-age=31536000; includeSubDomains"'}
    others = re.findall(r"location[^{]*\{(.*?)\n        \}", secure, re.DOTALL)
    assert all("Strict-Transport-Security" in block for block in others if "add_header" in block)
    assert "return 308 https://$host$request_uri;" in said


def test_v3_4_2_to_v3_4_6_and_v3_2_1_every_kind_of_answer_has_its_headers(visitor: TestClient) -> None:
    """V3.2.1 and V3.4.2 to V3.4.6: CORS, CSP, nosniff, referrer and frames."""
    for method, path, status in KINDS:
        answer = visitor.request(method, path, headers={"origin": "https://evil.example"})
        assert answer.status_code == status, (path, answer.status_code)
        policy = answer.headers["content-security-policy"]
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        # object-src falls back to default-src.
        assert rules.get("object-src", rules["default-src"]) == "'none'", path
        assert (rules["base-uri"], rules["frame-ancestors"]) == ("'none'", "'none'"), path
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}, path
        # Only what is open to everybody may be read by other pages, and never with cookies.
        is_open = answer.headers.get("access-control-allow-origin")
        assert is_open == ("*" if path.startswith(("/api", "/ogc", "/hsds")) else None), path
        assert "access-control-allow-credentials" not in answer.headers


def test_v3_5_1_and_v3_5_2_forms_of_other_sites_are_not_taken(visitor: TestClient) -> None:
    """V3.5.1 and V3.5.2: also those that need no account; those of staff are walked in test_staff_gate.py."""
    routes = [route for router in PAGES for route in router.routes if isinstance(route, APIRoute)]
    found = [route.path for route in routes if "POST" in (route.methods or ())]
    public = [path for path in found if not path.startswith("/pflege")]
    assert len(public) >= 2
    for path in public:
        for said in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"referer": "https://localhost.evil.example/"},
        ):
            answer = visitor.post(filled(path, {}), data={"text": "x"}, headers=said)
            assert answer.status_code in {403, 404}, (path, said, answer.status_code)
        kinds = ("text/plain", "multipart/form-data; boundary=x", "application/json")
        for kind in kinds if path != "/aufgabe" else ():  # hands out a number, and reads nothing
            answer = visitor.post(filled(path, {}), content=b"a=b", headers={"content-type": kind})
            assert answer.status_code in {403, 404, 415}, (path, kind, answer.status_code)
    for origin in ("https://evil.example", "null"):
        said = {"origin": origin, "access-control-request-method": "POST"}
        answer = visitor.options("/pflege/anmelden", headers=said)
        assert "access-control-allow-origin" not in answer.headers


def test_v3_5_3_looking_changes_nothing(town: Town) -> None:
    """V3.5.3: no GET of staff keeps more than that somebody was there."""
    numbers = things(town)
    person = town.person()
    before, seen = kept(town.engine), 0
    for route in ROUTES:
        method, path = asked(route)
        if method == "GET" and path != "/pflege/anmelden/dienst/zurueck":  # is bound to a form: test_oidc.py
            seen += person.get(filled(path, numbers)).status_code == 200
    assert kept(town.engine) == before
    assert seen > 10


def test_v3_7_2_and_v3_5_4_nobody_is_led_to_another_host(visitor: TestClient, database: Engine) -> None:
    """V3.7.2: whatever an address says; the provider of OpenID Connect is the only other one, by a page."""
    staff = Browser(database)
    for path in FOREIGN:
        for client in (visitor, staff.client):
            answer = client.get(path, headers={"x-forwarded-host": "evil.example"})
            location = answer.headers.get("location", "/")
            assert re.match(r"/(?![/\\])", location), (path, location)
            assert 'http-equiv="refresh"' not in answer.text
