"""Own pages described for editors (oEmbed): only our own, within the room there is, and never as markup."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.regions.models import Region
from tests.factories import make_offer
from tests.reading import reading
from tests.web.test_embed import HOST, settings
from tests.web.test_languages import tags
from web.main import create_app

OFFER = "/angebot/anton-saefkow-bibliothek"
PAGES = [
    "/angebote?thema=geld&q=rat",
    "/stadtteil/fennpfuhl",
    OFFER,
    "/tr/angebote",
    "/en/stadtteil/fennpfuhl",
]


@pytest.fixture(scope="module")
def host_allowed(demo: Engine) -> Iterator[TestClient]:
    """Somebody who reads a map that one other page may show."""
    with TestClient(create_app(demo, settings(HOST)), base_url="http://localhost") as client:
        yield client


def asked(client: TestClient, url: str, **more: Any) -> Any:
    answer = client.get("/oembed", params={"url": url, **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    return answer.json()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_described_as_the_standard_has_it(host_allowed: TestClient, page: str) -> None:
    said = asked(host_allowed, f"http://localhost{page}")
    assert (said["type"], said["version"]) == ("rich", "1.0")
    assert said["title"]
    assert said["provider_url"].startswith("http://localhost/")
    assert isinstance(said["width"], int)
    assert isinstance(said["height"], int)
    assert said["html"].startswith("<blockquote" if page == OFFER else "<iframe")


@pytest.mark.parametrize("page", PAGES)
def test_pages_lead_to_their_description(host_allowed: TestClient, page: str) -> None:
    found = [
        one
        for tag, one in tags(host_allowed.get(page).text)
        if tag == "link" and one.get("type") == "application/json+oembed"
    ]
    assert len(found) == 1
    assert host_allowed.get(found[0]["href"]).json() == asked(host_allowed, f"http://localhost{page}")


def test_the_frame_shows_the_same_list(host_allowed: TestClient) -> None:
    html = asked(host_allowed, "http://localhost/tr/angebote?thema=geld&seite=2&fremd=1")["html"]
    ((_tag, frame),) = tags(html)
    assert frame["src"] == "http://localhost/tr/embed?thema=geld"
    assert host_allowed.get(frame["src"]).status_code == 200


def test_where_nobody_may_embed_a_list_is_only_a_link(visitor: TestClient) -> None:
    said = asked(visitor, "http://localhost/angebote")
    assert said["type"] == "link"
    assert "html" not in said
    assert asked(visitor, f"http://localhost{OFFER}")["type"] == "rich"  # a quotation needs no frame


@pytest.mark.parametrize("room", [{"maxwidth": 320}, {"maxheight": 1}, {"maxwidth": 99, "maxheight": 5000}])
@pytest.mark.parametrize("page", PAGES)
def test_it_fits_into_the_room_there_is(host_allowed: TestClient, page: str, room: dict[str, int]) -> None:
    said = asked(host_allowed, f"http://localhost{page}", **room)
    assert said["width"] <= room.get("maxwidth", 800)
    assert said["height"] <= room.get("maxheight", 600)


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/angebote",
        "http://localhost@evil.example/angebote",
        "http://evil.example@localhost/angebote",
        "http://localhost.evil.example/angebote",
        "http://localhost:1/angebote",
        "http://localhost:99999/angebote",
        "//localhost/angebote",
        "/angebote",
        "ftp://localhost/angebote",
        "javascript:alert(1)//http://localhost/angebote",
        "http://[/angebote",
        "http://localhost/quellen",
        "http://localhost/",
        "http://localhost/angebot/gibt-es-nicht",
        "http://localhost/angebot/%00",
        "http://localhost/stadtteil/gibt-es-nicht",
        "http://localhost/angebote?alter=abc",
        "http://localhost/angebote?thema=gibt-es-nicht",
        "http://localhost/angebote/mehr",
        "http://unna.localhost/angebote",
    ],
)
def test_what_is_not_ours_or_cannot_be_shown_is_not_found(host_allowed: TestClient, url: str) -> None:
    answer = host_allowed.get("/oembed", params={"url": url})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "evil" not in answer.text


def test_each_region_describes_its_own_pages(host_allowed: TestClient) -> None:
    page = "http://unna.localhost/angebote"
    answer = host_allowed.get("/oembed", params={"url": page}, headers={"host": "unna.localhost"})
    assert "Kreis Unna" in answer.json()["title"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=", 400),
        ("url=http://localhost/angebote&maxwidth=0", 400),
        ("url=http://localhost/angebote&maxheight=-5", 400),
        ("url=http://localhost/angebote&maxwidth=1e3", 400),
        ("url=http://localhost/angebote&maxwidth=%D9%A3", 400),
        ("url=http://localhost/angebote&maxwidth=99999999999999999999", 400),
        ("url=http://localhost/angebote&format=xml", 501),
        ("url=http://evil.example/&format=xml", 501),
    ],
)
def test_what_cannot_be_answered_is_a_problem(host_allowed: TestClient, query: str, status: int) -> None:
    answer = host_allowed.get(f"/oembed?{query}")
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"


def test_strange_words_stay_words(engine: Engine, session: Session, region: Region) -> None:
    evil = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
    offer = make_offer(session, region, name=evil, summary=evil, organization=evil)
    with reading(engine, session, "/api/v1") as client:
        html = asked(client, f"http://localhost/angebot/{offer.slug}")["html"]
    assert {tag for tag, _ in tags(html)} == {"blockquote", "p", "a"}
    assert {name for _, given in tags(html) for name in given} == {"cite", "href"}
