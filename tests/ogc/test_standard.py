"""What the standard asks for, by the check of others and by our own eyes."""

import json
import subprocess
import sys
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.openness import check_that_nobody_may_write, check_that_strangers_may_read
from tests.published import SHARED

CHECK = SHARED / "checks" / "oapif_check.py"
SCHEMAS = SHARED / "standards" / "ogc-api-features" / "schemas"


@pytest.mark.skipif(
    not (CHECK.exists() and SCHEMAS.exists()), reason="../shared/checks or its schemas are missing"
)
def test_the_published_check_finds_nothing(server: str) -> None:
    command = [sys.executable, "-m", "tests.published", str(CHECK), str(SCHEMAS), f"{server}/ogc"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (
        "\n".join(line for line in done.stdout.splitlines() if "FAIL" in line) + done.stderr
    )
    assert "failures: 0" in done.stdout
    assert done.stdout.count("ok ") > 50


def document(reader: TestClient, path: str, **headers: str) -> dict[str, Any]:
    answer = reader.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_link_of_every_document_leads_somewhere(demo_reader: TestClient) -> None:
    open_ends, seen = ["http://localhost/ogc/"], set[str]()
    while open_ends:
        address = open_ends.pop()
        if address in seen or len(seen) > 300:
            continue
        seen.add(address)
        answer = demo_reader.get(address)
        assert answer.status_code == 200, address
        if "json" not in answer.headers["content-type"]:
            continue
        parts = [answer.json()]
        while parts:
            part = parts.pop()
            if isinstance(part, dict):
                parts += part.values()
                if "href" in part and not part.get("templated") and "items/" not in part["href"]:
                    open_ends.append(part["href"])
            elif isinstance(part, list):
                parts += part
    assert len(seen) > 60
    assert "http://localhost/ogc/collections/plz/tiles/WebMercatorQuad?f=tilejson" in seen


def test_links_keep_the_region_that_was_asked_for(demo_reader: TestClient) -> None:
    found = document(demo_reader, "/ogc/?region=unna")
    assert found["title"].endswith("Kreis Unna")
    assert all("region=unna" in link["href"] for link in found["links"])
    ids = [one["id"] for one in document(demo_reader, "/ogc/collections?region=unna")["collections"]]
    assert ids == ["offers", "gemeinden"]
    page = document(demo_reader, "/ogc/collections/offers/items?region=unna")["features"][0]["properties"]
    assert page["url"].startswith("http://unna.localhost/angebot/")


@pytest.mark.parametrize(
    ("accept", "query", "kind"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", "text/html; charset=utf-8"),
        ("application/geo+json, application/json", "", "application/geo+json"),
        ("*/*", "", "application/geo+json"),
        ("", "", "application/geo+json"),
        ("text/html;q=0.5, application/json", "", "application/geo+json"),
        ("text/html;q=murks", "", "application/geo+json"),
        ("application/json", "?f=html", "text/html; charset=utf-8"),
        ("text/html", "?f=json", "application/geo+json"),
    ],
)
def test_people_get_pages_and_programs_get_json(
    demo_reader: TestClient, accept: str, query: str, kind: str
) -> None:
    for _ in range(2):  # also from memory
        answer = demo_reader.get(f"/ogc/collections/lor/items{query}", headers={"accept": accept})
        assert answer.headers["content-type"] == kind
        assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/conformance",
        "/collections",
        "/collections/lor",
        "/collections/offers/items?limit=2&offset=2",
        "/collections/offers/items/1.1",
        "/collections/lor/items/lor:1101",
        "/collections/lor/tiles",
        "/collections/lor/tiles/WebMercatorQuad",
        "/tileMatrixSets",
        "/tileMatrixSets/WebMercatorQuad",
    ],
)
def test_every_document_is_a_page_too_whose_links_work(demo_reader: TestClient, path: str) -> None:
    page = demo_reader.get(f"/ogc{path}", headers={"accept": "text/html"}).text
    assert "<h1>" in page
    for address in {part.partition('"')[0] for part in page.split('href="/ogc')[1:]}:
        assert demo_reader.get(f"/ogc{address}".replace("&amp;", "&")).status_code == 200, address


def test_the_page_is_there_in_other_languages_and_leads_on_in_them(demo_reader: TestClient) -> None:
    page = demo_reader.get("/tr/ogc/collections", headers={"accept": "text/html"}).text
    assert 'href="/tr/ogc/collections/lor/items"' in page
    assert 'lang="de"' in page


def test_every_property_that_can_be_asked_for_is_a_parameter_of_its_collection(
    demo_reader: TestClient,
) -> None:
    described = document(demo_reader, "/ogc/api")
    assert described["openapi"] == "3.0.3"
    assert "$defs" not in json.dumps(described)
    for collection, asked in {
        "offers": {"topic", "cost", "provider", "space"},
        "lor": {"level", "key", "name"},
    }.items():
        parameters = described["paths"][f"/collections/{collection}/items"]["get"]["parameters"]
        names = {one["name"] for one in parameters}
        assert names >= asked | {"limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "f", "region"}
        assert all("type" in one["schema"] and one["in"] == "query" for one in parameters)


def test_what_is_public_may_be_read_by_strangers_pages_and_kept(demo_reader: TestClient) -> None:
    paths = ("/", "/api", "/collections/offers/items", "/collections/offers/tiles/WebMercatorQuad/0/0/0")
    check_that_strangers_may_read(demo_reader, (f"/ogc{path}" for path in paths))


def test_head_is_answered_and_writing_is_not(demo_reader: TestClient) -> None:
    check_that_nobody_may_write(demo_reader, "/ogc/collections/offers/items")
