"""Who may see the pages of imports: nobody without the token, and no form but our own."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.importers.sample import tables
from tests.web.importing import TOKEN, Coordinator, chosen, jobs
from web.main import create_app


def test_nothing_is_shown_and_nothing_written_without_the_token(engine_here: Engine) -> None:
    owner = Coordinator(engine_here)
    owner.enter()
    path = owner.bring()
    owner.proof()
    stranger = TestClient(
        create_app(engine_here, chosen()), base_url="http://localhost", follow_redirects=False
    )
    before = tables(engine_here), jobs(engine_here), owner.job().stage
    number = path.strip("/")
    routes = _paths(stranger)
    assert len(routes) >= 15
    for method, route in routes:
        address = route.replace(":path", "").replace(":int", "").format(job_id=number, batch_id=1, rest="x")
        answer = stranger.request(method, address, content=urlencode({"formular": "x"}))
        assert answer.status_code == 403, (method, route)
        assert 'name="zugang"' in answer.text
        assert "liste.csv" not in answer.text
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    assert (tables(engine_here), jobs(engine_here), owner.job().stage) == before


def _paths(client: TestClient) -> list[tuple[str, str]]:
    """All methods and paths of imports but the one that takes the token."""
    found = []
    for route in client.app.routes:  # type: ignore[attr-defined]
        for inner in getattr(getattr(route, "original_router", None), "routes", [route]):
            path = getattr(inner, "path", "")
            if path.startswith("/einlesen") and path != "/einlesen/zugang":
                found += [(method, path) for method in inner.methods]
    return found


@pytest.mark.parametrize("said", ["", "falsch", TOKEN[:-1], TOKEN + "x", "ä" * 500, "\x00"])
def test_a_wrong_token_opens_nothing(engine_here: Engine, said: str) -> None:
    stranger = Coordinator(engine_here)
    answer = stranger.enter(said)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert stranger.get("").status_code == 403


def test_who_guesses_has_to_wait_and_who_knows_has_not(engine_here: Engine) -> None:
    stranger = Coordinator(engine_here)
    answers = [stranger.enter("falsch").status_code for _try in range(8)]
    assert answers == [403] * 5 + [429] * 3
    assert stranger.enter().status_code == 303


def test_the_cookie_is_for_these_pages_alone_and_no_script(engine_here: Engine) -> None:
    said = Coordinator(engine_here).enter().headers["set-cookie"].lower()
    for word in ("httponly", "samesite=strict", "path=/einlesen", "max-age=28800"):
        assert word in said
    assert TOKEN not in said
    client = TestClient(
        create_app(engine_here, chosen()), base_url="https://localhost", follow_redirects=False
    )
    safe = client.post("/einlesen/zugang", data={"zugang": TOKEN}).headers["set-cookie"].lower()
    assert safe.startswith("__secure-einlesen=")
    assert "; secure" in safe


@pytest.mark.parametrize("change", ["x", "", "1.x.y", "9999999999.abc.def", "ä"])
def test_a_cookie_of_somebody_else_opens_nothing(engine_here: Engine, change: str) -> None:
    stranger = Coordinator(engine_here)
    headers = {"cookie": f"einlesen={change}".encode()}
    assert stranger.client.get("/einlesen", headers=headers).status_code == 403  # type: ignore[arg-type]


def test_a_cookie_holds_for_some_hours_and_only_with_its_token(
    somebody: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta  # noqa: PLC0415

    from api.core import clock  # noqa: PLC0415

    assert somebody.get("").status_code == 200
    cookie = somebody.client.cookies.get("einlesen")
    other = Coordinator(somebody.engine, import_token="ein-anderer-langer-zugang-fuer-proben")
    other.client.cookies.set("einlesen", str(cookie), path="/einlesen")
    assert other.get("").status_code == 403
    later = clock.now() + timedelta(hours=9)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert somebody.get("").status_code == 403


def test_forms_of_somebody_else_are_not_taken(somebody: Coordinator) -> None:
    path = somebody.bring()
    for fields in ({"x": "y"}, {"formular": "x"}, {"formular": ""}):
        assert somebody.client.post(f"/einlesen{path}/verwerfen", data=fields).status_code == 403
        files = {"datei": ("a.csv", b"a;b")}
        assert somebody.client.post("/einlesen/datei", data=fields, files=files).status_code == 403
    far = {"sec-fetch-site": "cross-site"}
    sent = somebody.client.post(f"/einlesen{path}/verwerfen", data=somebody.proof(), headers=far)
    assert sent.status_code == 403
    assert jobs(somebody.engine) == 1
