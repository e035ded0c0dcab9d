"""The list and the map in a frame of somebody else's page: who may, what it shows, and the code for it."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.core.languages import LANGUAGES
from api.core.settings import Settings
from ops.pages import PAGES
from tests.web.test_languages import tags
from tests.web.test_pages import offers_on
from web.files import STATIC, modules
from web.language import localized
from web.main import create_app

HOST = "https://www.stadt.example"
FILTERS = ["", "?stadtteil=fennpfuhl", "?thema=geld&kostenlos=1", "?q=beratung&seite=2", "?raum=plz:10369"]
CODE = re.compile(r"<textarea[^>]*>(.*?)</textarea>", re.DOTALL)


def framers(answer: object) -> str:
    """Whose pages may show an answer in a frame."""
    policy = answer.headers["content-security-policy"]  # type: ignore[attr-defined]
    found = re.search(r"frame-ancestors ([^;]+)", policy)
    assert found
    return found[1]


def settings(hosts: str) -> Settings:
    return Settings(database_url="unused", embed_hosts=hosts)


@pytest.fixture(scope="module")
def host_allowed(demo: Engine) -> Iterator[TestClient]:
    """Somebody who reads a map that one other page may show."""
    with TestClient(create_app(demo, settings(HOST)), base_url="http://localhost") as client:
        yield client


def code_of(client: TestClient, address: str) -> dict[str, str]:
    """The attributes of the frame that a page offers to copy."""
    found = CODE.search(client.get(address).text)
    assert found
    ((tag, attributes),) = tags(unescape(found[1]))
    assert tag == "iframe"
    return attributes


def test_by_default_nobody_may_show_it(visitor: TestClient) -> None:
    assert framers(visitor.get("/embed")) == "'none'"


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_allowed_host_may_show_this_page_in_every_language(host_allowed: TestClient, code: str) -> None:
    for address in ("/embed", "/embed/", "/embed?alter=abc"):
        assert framers(host_allowed.get(localized(address, code))) == HOST


def test_no_other_page_may_stand_in_a_frame(host_allowed: TestClient) -> None:
    others = [address for name, address in PAGES.items() if name != "rahmen"]
    lookalikes = ["/embed/x", "/x/embed", "/angebot/embed", "/fr/embed", "//embed", "/en/en/embed", "/Embed"]
    for address in (*others, *lookalikes, "/api/v1/offers", "/static/js/map.js"):
        assert framers(host_allowed.get(f"http://localhost{address}")) == "'none'", address


def test_several_hosts_and_everybody_can_be_allowed() -> None:
    assert settings(f"{HOST}  http://*.kreis.example:8080").embedding_hosts == (
        HOST,
        "http://*.kreis.example:8080",
    )
    assert settings("*").embedding_hosts == ("*",)
    assert settings("").embedding_hosts == ()


@pytest.mark.parametrize(
    "hosts",
    ["stadt.example", "https://a.example/pfad", "https://a.example;", "'self'", "https:", "https://a b c"],
)
def test_what_is_no_origin_is_refused_at_the_start(hosts: str) -> None:
    with pytest.raises(ValidationError, match="LANDKARTE_EMBED_HOSTS"):
        settings(hosts)


@pytest.mark.parametrize("query", FILTERS)
def test_the_frame_shows_what_the_list_shows(visitor: TestClient, query: str) -> None:
    frame, page = visitor.get(f"/embed{query}").text, visitor.get(f"/angebote{query}").text
    listed = page.partition('class="neighbours"')[0]
    assert offers_on(frame) == offers_on(listed) != []
    points = re.search(r'data-points="([^"]+)"', frame)
    assert points
    assert points[0] in page


def test_links_leave_the_frame_and_pages_of_the_list_stay_in_it(visitor: TestClient) -> None:
    links = [one for tag, one in tags(visitor.get("/embed?thema=familie").text) if tag == "a"]
    inside = [one["href"] for one in links if one.get("target") != "_blank"]
    assert all(one["rel"] == "noopener" for one in links if one.get("target") == "_blank")
    assert {href for href in inside if not href.startswith(("?", "#"))} == {"/angebote"}  # hidden: of the map
    assert any("seite=2" in href for href in inside)
    outside = {one["href"] for one in links if one.get("target") == "_blank"}
    assert {"/angebote?thema=familie", "/", "/quellen"} < outside
    assert len([href for href in outside if href.startswith("/angebot/")]) == 20


def test_the_frame_names_the_map_and_its_sources(visitor: TestClient) -> None:
    text = visitor.get("/embed").text
    assert "Unterstützungs-Landkarte Berlin-Lichtenberg" in text
    assert "OpenStreetMap" in text
    assert "ODbL" in text


def test_nothing_in_the_frame_leaves_anything_on_a_device(visitor: TestClient) -> None:
    answer = visitor.get("/embed")
    assert "set-cookie" not in answer.headers
    scripts = [one["src"] for tag, one in tags(answer.text) if tag == "script" and "src" in one]
    assert len(scripts) == 1
    files = ["js/map.js", *(address.split("/", 3)[3] for address in modules("js/map.js"))]
    assert len(files) > 10
    for file in files:
        text = (STATIC / file).read_text(encoding="utf-8")
        assert not re.search(r"localStorage|sessionStorage|indexedDB|caches|serviceWorker|cookie", text), file


def test_the_division_that_is_asked_for_is_drawn_first(visitor: TestClient) -> None:
    def drawn(query: str) -> str:
        found = re.search(r'data-spaces="([^"]+)"', visitor.get(f"/embed{query}").text)
        assert found
        return unescape(found[1])

    assert "division=plz&" in drawn("?einteilung=plz")
    assert "division=lor&level=1&" in drawn("?einteilung=lor:1")
    assert drawn("?einteilung=gibt-es-nicht") == drawn("")
    # What a visitor chooses on the map is shown among its own kind.
    assert "division=plz&" in drawn("?einteilung=lor:1&raum=plz:10369")


def test_a_mistake_in_the_frame_leads_out_of_it(visitor: TestClient) -> None:
    answer = visitor.get("/en/embed?alter=abc")
    assert answer.status_code == 422
    links = [one for tag, one in tags(answer.text) if tag == "a"]
    assert len(answer.text) < 2_000
    assert links
    assert {one["target"] for one in links} == {"_top"}


def test_a_frame_is_not_found_by_search_engines_but_its_page_is(visitor: TestClient) -> None:
    found = tags(visitor.get("/tr/embed?thema=geld").text)
    assert ("meta", {"name": "robots", "content": "noindex"}) in found
    assert ("link", {"rel": "canonical", "href": "http://localhost/tr/angebote?thema=geld"}) in found


def test_the_code_shows_what_was_chosen(host_allowed: TestClient) -> None:
    address = "/einbetten?thema=geld&stadtteil=fennpfuhl&rahmensprache=tr&einteilung=plz:1&hoehe=400"
    frame = code_of(host_allowed, address)
    assert frame["src"] == "http://localhost/tr/embed?thema=geld&stadtteil=fennpfuhl&einteilung=plz%3A1"
    assert frame["loading"] == "lazy"
    assert frame["height"] == "400"
    assert "Fennpfuhl" in frame["title"]
    shown = host_allowed.get(frame["src"])
    assert shown.status_code == 200
    assert '<html lang="tr"' in shown.text


def test_strange_words_stay_words_in_the_code(host_allowed: TestClient) -> None:
    evil = "\"><script>alert(1)</script><a b='"
    text = host_allowed.get("/einbetten", params={"q": evil, "hoehe": evil, "rahmensprache": evil}).text
    assert "<script>alert" not in text
    assert evil in unescape(code_of(host_allowed, f"/einbetten?q={evil}")["title"])


def test_the_page_says_who_may_and_what_is_needed(visitor: TestClient, host_allowed: TestClient) -> None:
    assert "noch nicht erlaubt" in visitor.get("/einbetten").text
    text = host_allowed.get("/einbetten").text
    assert "noch nicht erlaubt" not in text
    assert HOST in text
    assert "frame-src http://localhost" in text


def test_the_list_leads_to_the_code_for_what_it_shows(visitor: TestClient) -> None:
    assert 'href="/einbetten?thema=geld"' in visitor.get("/angebote?thema=geld").text
