"""Every route of staff × every role: what a route declares decides; new routes are walked by themselves."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.accounts.models import Role
from api.accounts.policy import Action, Granted, Person
from tests.accounts.people import Browser, make_account, make_grant
from tests.emptying import emptied
from tests.factories import box, make_division, make_region, make_space
from web.main import PAGES
from web.pages import importing
from web.staff.gate import PATH, action_of, allowed, check_declared, everybody, way_back

ROUTES = [
    route
    for router in PAGES
    for route in router.routes
    if isinstance(route, APIRoute) and (route.path == PATH or route.path.startswith(f"{PATH}/"))
]
# What somebody who is not signed in may ask for; to be looked at by two people before it grows.
OPEN = {
    ("GET", f"{PATH}/anmelden"),
    ("POST", f"{PATH}/anmelden"),
    ("GET", f"{PATH}/anmelden/code"),
    ("POST", f"{PATH}/anmelden/code"),
    ("POST", f"{PATH}/anmelden/passkey"),
    ("POST", f"{PATH}/anmelden/dienst"),
    ("GET", f"{PATH}/anmelden/dienst/zurueck"),
    ("POST", f"{PATH}/abmelden"),
    ("GET", f"{PATH}/einladung/{{token}}"),
    ("POST", f"{PATH}/einladung/{{token}}"),
}


def asked(route: APIRoute) -> tuple[str, str]:
    """Method and path of a route."""
    return next(iter(route.methods or ())), route.path


def filled(path: str) -> str:
    """A path with a number in the place of every parameter."""
    parts = (part if not part.startswith("{") else "999999" for part in path.split("/"))
    return "/".join(parts)


@pytest.fixture(scope="module")
def grants() -> dict[str, tuple[Granted, ...]]:
    """Every role, those with spaces also bounded to one."""
    found: dict[str, tuple[Granted, ...]] = {
        role.value: (Granted(1, role, 1 if role is Role.PROVIDER else None),) for role in Role
    }
    found["editor of a space"] = (Granted(1, Role.EDITOR, space_ids=frozenset({1}), may_publish=True),)
    found["coordinator of a space"] = (Granted(1, Role.COORDINATOR, space_ids=frozenset({1})),)
    found["nobody"] = ()
    return found


@pytest.fixture(scope="module")
def everyone(
    engine: Engine, grants: dict[str, tuple[Granted, ...]], owner_url: str
) -> Iterator[dict[str, Browser]]:
    """A browser for each of them, signed in, in a region with one organization and one space."""
    emptied(owner_url)
    with Session(engine) as session, session.begin():
        region = make_region(session, slug="stadt")
        division = make_division(session, region)
        make_space(session, division, "1", box(13, 52, 14, 53))
        session.execute(
            text("INSERT INTO organization (region_id, name) VALUES (:region, 'Verein')"),
            {"region": region.id},
        )
        for number, (name, given) in enumerate(grants.items()):
            account = make_account(session, f"p{number}@stadt.example", name=name)
            for grant in given:
                make_grant(
                    session,
                    account,
                    region,
                    grant.role,
                    organization_id=grant.organization_id,
                    space_ids=sorted(grant.space_ids),
                    may_publish=grant.may_publish,
                )
    found = {name: Browser(engine, network=f"10.0.{number}.1") for number, name in enumerate(grants)}
    for number, browser in enumerate(found.values()):
        assert browser.sign_in(f"p{number}@stadt.example").status_code == 303
    yield found
    emptied(owner_url)


def test_there_are_routes_to_walk_and_all_have_one_method() -> None:
    assert len(ROUTES) >= 25
    assert all(len(route.methods or ()) == 1 for route in ROUTES)


def test_only_the_way_in_is_open() -> None:
    assert {asked(route) for route in ROUTES if action_of(route) is None} == OPEN


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(asked(route)))
def test_nobody_comes_in_without_signing_in(
    everyone: dict[str, Browser], engine: Engine, route: APIRoute
) -> None:
    if asked(route) in OPEN:
        return
    method, path = asked(route)
    stranger = Browser(engine, network="10.1.0.1")
    proof = stranger.proof()
    answer = stranger.client.request(
        method, filled(path), data={"formular": proof} if method == "POST" else None
    )
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(f"{PATH}/anmelden")
    assert answer.headers["cache-control"] == "no-store"
    for prefix in ("/en", "/ar"):
        assert stranger.client.request(method, prefix + filled(path)).status_code == 404


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(asked(route)))
def test_a_role_opens_what_its_actions_say_and_nothing_else(
    everyone: dict[str, Browser], grants: dict[str, tuple[Granted, ...]], route: APIRoute
) -> None:
    action = action_of(route)
    if action is None:
        return
    method, path = asked(route)
    for name, browser in everyone.items():
        may = Person(1, name, 1, grants[name]).may(action)
        # Without a proof of the form: who may is stopped there, who may not is not even let so far.
        answer = browser.client.request(method, filled(path))
        refused = answer.status_code == 403 and "Das dürfen Sie hier nicht" in answer.text
        assert refused != may, (name, method, path, answer.status_code)
        if may and method == "POST":
            assert answer.status_code in {403, 415}, (name, path, answer.status_code)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(asked(route)))
def test_no_form_is_taken_without_its_proof(everyone: dict[str, Browser], route: APIRoute) -> None:
    method, path = asked(route)
    if method != "POST":
        return
    for fields in ({}, {"formular": ""}, {"formular": "0" * 64}, {"x": "y"}):
        answer = everyone["admin"].client.post(filled(path), data=fields or {"leer": ""})
        # A file comes as another kind of form, see tests/web/test_importing_gate.py.
        assert answer.status_code == (415 if path == importing.UPLOAD else 403), (path, fields)
    far = {"sec-fetch-site": "cross-site"}
    sent = {"formular": everyone["admin"].proof("/pflege")}
    assert everyone["admin"].client.post(filled(path), data=sent, headers=far).status_code == 403


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(asked(route)))
def test_pages_of_staff_are_kept_by_nobody_and_stand_in_no_frame(
    everyone: dict[str, Browser], route: APIRoute
) -> None:
    method, path = asked(route)
    headers = everyone["admin"].client.request(method, filled(path)).headers
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "etag" not in headers


def app_with(router: APIRouter) -> FastAPI:
    """An app that has checked a router at its start."""
    check_declared([router])
    return FastAPI()


def test_a_route_without_an_action_stops_the_start() -> None:
    router = APIRouter(prefix=PATH)
    router.add_api_route("/vergessen", lambda: "", methods=["GET"])
    with pytest.raises(LookupError, match="must declare one action"):
        app_with(router)


def test_a_route_that_changes_something_and_checks_no_form_stops_the_start() -> None:
    for dependency in (Depends(allowed(Action.DECIDE)), Depends(everybody)):
        router = APIRouter(prefix=PATH, dependencies=[dependency])
        router.add_api_route("/ungeprueft", lambda: "", methods=["POST"])
        with pytest.raises(LookupError, match="must check its form"):
            app_with(router)


@pytest.mark.parametrize(
    "said",
    [
        "https://evil.example/pflege",
        "//evil.example/pflege",
        "/\\evil.example",
        "/pflege\\..\\x",
        "/pflege/../angebote",
        "/pflege//evil.example",
        "/pflegefall",
        "javascript:alert(1)",
        "/angebote",
        "\t/pflege/konto",
        "/pflege/konto\r\nSet-Cookie: x=1",
        "/pflege/" + "x" * 600,
        "/pflege/anmelden",
        "/pflege/abmelden",
        "pflege/konto",
        "",
    ],
)
def test_nobody_is_led_anywhere_else_after_signing_in(said: str) -> None:
    assert way_back(said) == PATH


@pytest.mark.parametrize(
    "said", ["/pflege", "/pflege/konten?seite=2", "/pflege/konten/7", "/pflege?x=https://a.b"]
)
def test_the_way_back_is_kept(said: str) -> None:
    assert way_back(said) == said


def test_the_way_leads_back_to_the_page_that_was_asked_for(
    everyone: dict[str, Browser], engine: Engine
) -> None:
    browser = Browser(engine, network="10.2.0.1")
    answer = browser.get("/pflege/konten?x=1&y=2")
    assert answer.headers["location"] == "/pflege/anmelden?weiter=/pflege/konten%3Fx%3D1%26y%3D2"
    page = browser.get(answer.headers["location"])
    assert 'name="weiter" value="/pflege/konten?x=1&amp;y=2"' in page.text
    evil = browser.get("/pflege/anmelden?weiter=https://evil.example")
    assert "evil.example" not in evil.text


def test_programs_learn_in_json_that_nobody_is_signed_in(
    everyone: dict[str, Browser], engine: Engine
) -> None:
    answer = Browser(engine).get("/pflege/konten", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-allowed")


def test_without_https_there_is_no_way_in_but_on_this_machine(
    everyone: dict[str, Browser], engine: Engine
) -> None:
    far = Browser(engine, base="http://stadt.example")
    for path in ("/pflege", "/pflege/anmelden", "/pflege/konten"):
        answer = far.get(path)
        assert answer.status_code == 403
        assert "https" in answer.text
        assert "set-cookie" not in answer.headers
    assert Browser(engine, base="http://127.0.0.1").get("/pflege/anmelden").status_code == 200


def test_public_pages_do_not_look_at_the_cookie(everyone: dict[str, Browser]) -> None:
    browser = everyone["admin"]
    mine = browser.get("/angebote")
    assert "set-cookie" not in mine.headers
    assert "cookie" not in mine.headers.get("vary", "").lower()
    browser_cookies = dict(browser.client.cookies)
    browser.client.cookies.clear()
    theirs = browser.get("/angebote")
    browser.client.cookies.update(browser_cookies)
    assert mine.text == theirs.text
