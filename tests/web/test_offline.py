"""The map as an app, and what a device is told to save: all that pages ask for; every address is there."""

import json
import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from web import offline
from web.files import STATIC
from web.pages.offline import PAPER

FENNPFUHL = "/stadtteil/fennpfuhl"


def said(visitor: TestClient, address: str) -> dict[str, Any]:
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("host", "prefix", "name", "lang", "direction"),
    [
        ("localhost", "", "Unterstützungs-Landkarte Berlin-Lichtenberg", "de", "ltr"),
        ("unna.localhost", "", "Unterstützungs-Landkarte Kreis Unna", "de", "ltr"),
        ("localhost", "/ar", None, "ar", "rtl"),
    ],
)
def test_each_region_and_language_is_an_app_of_its_own(
    visitor: TestClient, host: str, prefix: str, name: str | None, lang: str, direction: str
) -> None:
    base = f"http://{host}"
    page = visitor.get(f"{base}{prefix}/angebote").text
    assert f'<link rel="manifest" href="{prefix}/manifest.webmanifest">' in page
    answer = visitor.get(f"{base}{prefix}/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    app = answer.json()
    assert name is None or app["name"] == name
    assert (app["lang"], app["dir"], app["scope"]) == (lang, direction, "/")
    assert visitor.get(base + app["start_url"]).status_code == 200
    assert {(icon["sizes"], icon["purpose"]) for icon in app["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }


def test_the_icons_of_the_app_are_what_it_says_of_them(visitor: TestClient) -> None:
    for icon in said(visitor, "/manifest.webmanifest")["icons"]:
        answer = visitor.get(icon["src"])
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, icon["type"])
        if icon["type"] == "image/png":
            width, height = (int.from_bytes(answer.content[at : at + 4]) for at in (16, 20))
            assert icon["sizes"] == f"{width}x{height}"


def test_the_colour_of_the_app_is_that_of_its_pages() -> None:
    assert f"--paper: {PAPER};" in (STATIC / "css" / "tokens.css").read_text()


def test_the_worker_is_asked_for_again_and_may_run(visitor: TestClient) -> None:
    answer = visitor.get("/service-worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "worker-src 'self'" in visitor.get("/").headers["content-security-policy"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_stadtteil_names_every_address_that_its_page_asks_for(visitor: TestClient, prefix: str) -> None:
    listed = said(visitor, f"{prefix}{FENNPFUHL}/unterwegs.json")
    named = listed["addresses"]
    page = visitor.get(f"{prefix}{FENNPFUHL}").text
    assert named[0] == listed["page"] == f"{prefix}{FENNPFUHL}"
    assert len(named) == len(set(named))
    offers = set(re.findall(rf'href="({prefix}/angebot/[^"]+)"', page))
    files = set(re.findall(r'"(/static/[^"#]+)', page))
    files = {file for file in files if "protomaps" not in file}
    data = {unescape(found) for found in re.findall(r'data-(?:points|spaces)="([^"]+)"', page)}
    divisions = json.loads(unescape(re.findall(r'data-divisions="([^"]+)"', page)[0]))
    assert len(offers) > 5
    assert offers | files | data | {division["url"] for division in divisions} <= set(named)
    for address in named:
        assert visitor.get(address).status_code == 200, address


def test_what_a_list_says_of_its_size_is_enough_but_not_far_off(visitor: TestClient) -> None:
    listed = said(visitor, f"{FENNPFUHL}/unterwegs.json")
    real = sum(len(visitor.get(address).content) for address in listed["addresses"])
    assert real <= listed["bytes"] <= 2 * real
    offers = sum("/angebot/" in address for address in listed["addresses"])
    page = visitor.get(FENNPFUHL).text
    assert f"Das braucht ungefähr {offline.megabytes(offers)} MB Platz." in page


@pytest.mark.usefixtures("on_a_certain_day")
def test_a_list_says_when_it_was_made_in_words_of_its_page(visitor: TestClient) -> None:
    assert said(visitor, f"{FENNPFUHL}/unterwegs.json")["said"] == "20. Oktober 2026, 12 Uhr"
    answer = visitor.get(f"{FENNPFUHL}/unterwegs.json")
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_a_stadtteil_that_is_none_has_nothing_to_save(visitor: TestClient) -> None:
    assert visitor.get("/stadtteil/nirgends/unterwegs.json").status_code == 404


def test_the_merkliste_names_its_part_and_its_offers(visitor: TestClient) -> None:
    ids = visitor.get("/api/v1/map/points?space=lor:110306").json()["offers"][:2]
    asked = ",".join(str(number) for number in [*ids, 999_999_999])
    answer = visitor.get(f"/merkliste/unterwegs.json?o={asked}")
    assert answer.headers["cache-control"] == "no-store"
    named = answer.json()["addresses"]
    assert {"/merkliste", f"/merkliste?o={asked}&teil=liste"} <= set(named)
    assert sum(address.startswith("/angebot/") for address in named) == 2
    for address in named:
        assert visitor.get(address).status_code == 200, address
    assert visitor.get("/merkliste/unterwegs.json?o=x").status_code == 422


@pytest.mark.parametrize("page", ["/unterwegs", "/offline", "/ar/unterwegs"])
def test_pages_of_what_is_saved_are_for_no_search_engine(visitor: TestClient, page: str) -> None:
    answer = visitor.get(page)
    assert answer.status_code == 200
    assert '<meta name="robots" content="noindex">' in answer.text
