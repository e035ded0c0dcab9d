"""Pages as the server sends them, complete without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from web.main import create_app

PAGES = [
    "/",
    "/angebote",
    "/angebote?stadtteil=fennpfuhl",
    "/stadtteil/fennpfuhl",
    "/quellen",
    "/problems/not-found",
]


@pytest.fixture(scope="module")
def visitor(demo: Engine) -> Iterator[TestClient]:
    """Somebody who reads the demo regions."""
    with TestClient(create_app(demo), base_url="http://localhost") as client:
        yield client


def offers_on(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-offer="(\d+)"', text)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_answers_in_every_language(visitor: TestClient, page: str, prefix: str) -> None:
    answer = visitor.get(prefix + page)
    assert answer.status_code == 200
    assert f'<html lang="{prefix[1:] or "de"}"' in answer.text


def test_total_list_over_all_pages_and_api_agree(visitor: TestClient) -> None:
    seen: list[int] = []
    number = 1
    while found := offers_on(visitor.get(f"/angebote?stadtteil=fennpfuhl&seite={number}").text):
        seen += found
        number += 1
    total = visitor.get("/api/v1/offers?space=lor:110306").json()["total"]
    assert len(seen) == len(set(seen)) == total > 20


def test_choosing_a_space_on_the_map_works_without_javascript(visitor: TestClient) -> None:
    start = visitor.get("/").text
    link = re.search(r'<a href="([^"]+)" aria-label="Fennpfuhl, (\d+) Angebote">\s*<path', start)
    assert link
    assert len(offers_on(visitor.get(link[1]).text)) == int(link[2])


def test_an_offer_names_its_sources(visitor: TestClient) -> None:
    page = visitor.get("/angebot/anton-saefkow-bibliothek").text
    assert "OpenStreetMap" in page
    assert "ODbL" in page


def test_examples_say_that_they_are_examples(visitor: TestClient) -> None:
    page = visitor.get("/angebote?thema=buergergeld").text
    assert "Beispiel" in page
    slug = re.search(r'href="(/angebot/jobcenter[^"]*)"', page)
    assert slug
    assert "Dieses Angebot gibt es nicht wirklich" in visitor.get(slug[1]).text


def test_links_keep_the_language(visitor: TestClient) -> None:
    text = visitor.get("/en/angebote").text
    links = re.findall(r"<a [^>]*href=\"(/[^\"]*)\"[^>]*>", text)
    assert len(links) > 20
    assert {link for link in links if not link.startswith("/en")} == {"/angebote"}  # "Deutsch"


def test_the_host_name_decides_on_the_region(visitor: TestClient) -> None:
    unna = visitor.get("/", headers={"host": "unna.localhost:8000"}).text
    assert "Kreis Unna" in unna
    assert "Bergkamen" in unna
    assert visitor.get("/stadtteil/fennpfuhl", headers={"host": "unna.localhost"}).status_code == 404


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/angebote?alter=abc", "Das Alter muss eine Zahl von 0 bis 120 sein."),
        ("/angebote?alter=-1", "Das Alter muss eine Zahl von 0 bis 120 sein."),
        ("/angebote?seite=0", "Diese Seite der Liste gibt es nicht."),
        ("/angebote?thema=gibt-es-nicht", "Dieses Thema gibt es nicht."),
        ("/angebote?zielgruppe=x", "Diese Gruppe gibt es nicht."),
        ("/angebote?raum=quatsch", "Diesen Raum gibt es nicht."),
        ("/angebote?ebene=9", "Diese Art von Angebot gibt es nicht."),
    ],
)
def test_a_mistake_in_the_address_is_explained_in_german(
    visitor: TestClient, address: str, says: str
) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'href="/angebote"' in answer.text


@pytest.mark.parametrize(
    "address", ["/stadtteil/atlantis", "/angebot/nix", "/gibt-es-nicht", "/static/nix.css"]
)
def test_unknown_addresses_get_a_friendly_page(visitor: TestClient, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in answer.text


def test_empty_fields_of_the_form_do_not_filter(visitor: TestClient) -> None:
    everything = visitor.get("/angebote?thema=&stadtteil=&alter=")
    assert everything.status_code == 200
    assert offers_on(everything.text) == offers_on(visitor.get("/angebote").text)


def test_head_answers_like_get_without_a_body(visitor: TestClient) -> None:
    for page in [*PAGES, "/api/v1/offers", "/healthz"]:
        head, get = visitor.head(page), visitor.get(page)
        assert head.status_code == get.status_code == 200
        assert not head.content
        assert head.headers.get("etag") == get.headers.get("etag")


def test_an_unchanged_page_is_not_sent_twice(visitor: TestClient) -> None:
    tag = visitor.get("/angebote").headers["etag"]
    again = visitor.get("/angebote", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_readiness_tells_of_database_and_migrations(visitor: TestClient) -> None:
    assert visitor.get("/healthz").json() == {"status": "alive"}
    assert visitor.get("/readyz").json() == {"status": "ready"}
