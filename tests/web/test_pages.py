"""Pages as the server sends them, complete without JavaScript."""

import re

import pytest
from starlette.testclient import TestClient

from api.core.languages import LANGUAGES
from api.exports.formats import DOWNLOADS
from web.language import localized

PAGES = [
    "/",
    "/angebote",
    "/angebote?stadtteil=fennpfuhl",
    "/stadtteil/fennpfuhl",
    "/quellen",
    "/problems/not-found",
]


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
    elsewhere = {localized("/angebote", code) for code in LANGUAGES if code != "en"}  # the menu
    files = set(DOWNLOADS)  # which are the same in every language
    assert {link for link in links if not link.startswith("/en")} == elsewhere | files


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
    assert visitor.get("/readyz").json()["status"] == "ready"


def test_a_stadtteil_takes_the_place_of_another_space_of_its_division(visitor: TestClient) -> None:
    both = visitor.get("/angebote?raum=lor:11010103&stadtteil=karlshorst").text
    assert offers_on(both) == offers_on(visitor.get("/angebote?stadtteil=karlshorst").text)
    assert "ohne „" not in both
    assert 'name="raum"' not in both


def test_spaces_of_two_divisions_both_hold_and_are_called_by_name(visitor: TestClient) -> None:
    page = visitor.get("/angebote?raum=plz:10369&stadtteil=fennpfuhl").text
    total = visitor.get("/api/v1/offers?space=plz:10369&space=lor:110306").json()["total"]
    assert f"<strong>{total} Angebote</strong>" in page
    assert "Postleitzahl 10369" in page


def test_a_page_beyond_the_last_is_explained(visitor: TestClient) -> None:
    answer = visitor.get("/angebote?seite=9999")
    assert answer.status_code == 422
    assert "Diese Seite der Liste gibt es nicht." in answer.text


@pytest.mark.parametrize(
    "address", ["/angebot/%00", "/stadtteil/%00", "/angebote?stadtteil=%00", "/stadtteil/%00/karte.html"]
)
def test_a_nul_finds_nothing(visitor: TestClient, address: str) -> None:
    assert visitor.get(address).status_code == 404


def test_a_page_shows_the_region_of_its_host_whatever_the_query_says(visitor: TestClient) -> None:
    assert "Angebote in Berlin-Lichtenberg" in visitor.get("/angebote?region=unna").text


def test_a_slash_at_the_end_changes_nothing(visitor: TestClient) -> None:
    assert visitor.get("/en/angebote/", follow_redirects=False).text == visitor.get("/en/angebote").text


@pytest.mark.parametrize("path", ["//evil.example", "/en//evil.example", "/en/%2fevil.example"])
def test_no_page_links_to_a_host_that_only_the_address_names(visitor: TestClient, path: str) -> None:
    page = visitor.get(f"http://localhost{path}").text
    assert 'href="//' not in page


def test_the_file_to_take_along_does_not_repeat_a_forged_host(visitor: TestClient) -> None:
    file = visitor.get("/stadtteil/fennpfuhl/karte.html", headers={"host": "evil.example"})
    assert "evil.example" not in file.text
    assert "http://lichtenberg.localhost/stadtteil/fennpfuhl" in file.text
    assert file.headers["etag"]


def test_errors_carry_no_tag_and_say_what_is_allowed(visitor: TestClient) -> None:
    assert "etag" not in visitor.get("/angebote?alter=abc").headers
    answer = visitor.post("/angebote")
    assert (answer.status_code, "GET" in answer.headers["allow"]) == (405, True)


def test_other_origins_may_ask_the_api_conditionally(visitor: TestClient) -> None:
    origin = {"origin": "https://stadt.example"}
    answer = visitor.get("/api/v1/offers", headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "etag" in answer.headers["access-control-expose-headers"].lower()
    asks = {"access-control-request-method": "GET", "access-control-request-headers": "If-None-Match"}
    assert visitor.options("/api/v1/offers", headers=origin | asks).status_code == 200
