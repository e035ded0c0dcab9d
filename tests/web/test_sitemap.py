"""For search engines: every public page once in each language, nothing invented, nothing hidden."""

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import clock
from api.core.languages import LANGUAGES
from api.history import service as history
from api.offers import service as offers
from api.regions.models import Region
from tests.factories import act, make_offer, make_place
from tests.reading import reading
from web.pages import sitemap

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
TAGS = {language.tag for language in LANGUAGES.values()}


@pytest.fixture
def reader(engine: Engine, session: Session) -> Iterator[TestClient]:
    """Somebody who reads what this test has written."""
    with reading(engine, session, "/api/v1") as client:
        yield client


def read(client: TestClient, address: str) -> ET.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    return ET.fromstring(answer.content)


def parts(client: TestClient) -> list[str]:
    return [str(one.text) for one in read(client, "/sitemap.xml").iter(f"{SITEMAP}loc")]


def entries(client: TestClient) -> list[ET.Element]:
    return [url for part in parts(client) for url in read(client, part).iter(f"{SITEMAP}url")]


def text_of(url: ET.Element, name: str) -> str | None:
    return url.findtext(f"{SITEMAP}{name}")


def test_robots_are_told_where_the_pages_are(visitor: TestClient) -> None:
    answer = visitor.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    assert "Disallow: /" not in lines


def test_every_address_is_a_page_that_may_be_found(visitor: TestClient) -> None:
    found = [str(text_of(url, "loc")) for url in entries(visitor)]
    assert len(found) == len(set(found)) > 1000
    for address in found[::97]:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert "noindex" not in answer.text, address


def test_each_page_names_itself_in_every_language(visitor: TestClient) -> None:
    by_links: dict[tuple[str, ...], int] = {}
    for url in entries(visitor):
        links = {one.get("hreflang"): str(one.get("href")) for one in url.iter(f"{XHTML}link")}
        assert set(links) == TAGS | {"x-default"}
        assert text_of(url, "loc") in links.values()
        assert links["x-default"] == links["de"]
        key = tuple(sorted(links.values()))
        by_links[key] = by_links.get(key, 0) + 1
    assert set(by_links.values()) == {len(TAGS)}


def test_each_region_lists_its_own_pages(visitor: TestClient) -> None:
    headers = {"host": "unna.localhost"}
    for address in ("/sitemap.xml", "/sitemap/seiten.xml", "/robots.txt"):
        text = visitor.get(address, headers=headers).text
        assert "http://unna.localhost/" in text
        assert "fennpfuhl" not in text


def test_only_what_is_public_and_real_is_listed(reader: TestClient, session: Session, region: Region) -> None:
    shelter = make_place(session, region, 13.1, 52.1, address_hidden=True, street="Geheimweg 7")
    there = make_offer(session, region, shelter, name="Zuflucht")
    for status in ("draft", "in_review", "paused", "archived"):
        make_offer(session, region, name=f"Nicht da {status}", status=status)
    make_offer(session, region, name="Erfunden", is_example=True)
    found = [str(text_of(url, "loc")) for url in entries(reader)]
    assert [one for one in found if "/angebot/" in one and one.startswith("http://localhost/angebot/")] == [
        f"http://localhost/angebot/{there.slug}"
    ]
    assert not [one for one in found if "nicht-da" in one or "erfunden" in one or "geheim" in one]


def test_the_last_change_of_an_offer_and_its_parts_is_said(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on(day: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, day, 8, tzinfo=UTC))

    def said() -> set[str | None]:
        return {text_of(url, "lastmod") for url in entries(reader)} - {None}

    on(1)
    offer = make_offer(session, region, contact={"phone": "030 1"})
    assert said() == {"2026-11-01T08:00:00Z"}
    on(2)
    offers.change(session, act(region), offer, {"summary": "Anders."})
    session.flush()
    assert said() == {"2026-11-02T08:00:00Z"}
    on(3)
    place = make_place(session, region)
    at_place = offers.attach(session, act(region), offer, place)
    session.flush()
    assert said() == {"2026-11-03T08:00:00Z"}
    on(4)
    history.change(session, act(region), at_place, {"note": "Hinten im Hof"})
    session.flush()
    assert said() == {"2026-11-04T08:00:00Z"}


def test_many_offers_are_said_in_parts(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "PART", 2)
    slugs = {make_offer(session, region).slug for _ in range(5)}
    session.flush()
    assert [part.rpartition("/")[2] for part in parts(reader)] == [
        "seiten.xml",
        "angebote-1.xml",
        "angebote-2.xml",
        "angebote-3.xml",
    ]
    found = {str(text_of(url, "loc")) for url in entries(reader)}
    assert {f"http://localhost/angebot/{slug}" for slug in slugs} <= found


def test_a_part_fits_into_what_the_protocol_allows() -> None:
    assert sitemap.PART * len(TAGS) <= 50_000


@pytest.mark.parametrize("part", ["0", "2", "-1", "1.5", "x", "99999999999999999999", "١"])
def test_a_part_that_there_is_not_is_not_found(visitor: TestClient, part: str) -> None:
    assert visitor.get(f"/sitemap/angebote-{part}.xml").status_code == 404
