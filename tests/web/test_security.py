"""Nothing is loaded from anywhere else, and nothing that people enter becomes code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core.settings import Settings
from api.regions.models import Region
from tests.factories import box, make_division, make_offer, make_place, make_space, make_topic
from tests.reading import reading
from web.security import content_security_policy

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}"


@pytest.fixture
def visitor(engine: Engine, session: Session) -> Iterator[TestClient]:
    """Somebody who reads what this test has written."""
    with reading(engine, session, "/api/v1") as client:
        yield client


@pytest.fixture
def evil_offer(session: Session, region: Region) -> str:
    """An offer whose every text tries to become code; the value is its slug."""
    make_space(session, make_division(session, region), "1", box(13, 52, 14, 53), name=EVIL, slug="boese")
    make_topic(session, "geld", names={"de": EVIL})
    place = make_place(session, region, 13.5, 52.5, name=EVIL, street=EVIL, town=EVIL)
    offer = make_offer(
        session,
        region,
        place,
        name=EVIL,
        summary=EVIL,
        description=EVIL,
        hours_text=EVIL,
        cost_note=EVIL,
        access_note=EVIL,
        topics=["geld"],
        languages=["x<script>"],
        organization=EVIL,
        contact={"label": EVIL, "phone": '"><script>1</script>'},
    )
    return offer.slug


@pytest.mark.parametrize(
    "page", ["/", "/angebote", "/stadtteil/boese", "/angebot/{slug}", "/en/angebote", "/quellen", "/embed"]
)
def test_words_never_become_markup(visitor: TestClient, evil_offer: str, page: str) -> None:
    text = visitor.get(page.format(slug=evil_offer)).text
    assert "alert(1)" in text or page == "/quellen"
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "onerror=alert(2)>" not in text


def test_words_never_become_markup_in_the_file_to_take_along(visitor: TestClient, evil_offer: str) -> None:
    text = visitor.get("/stadtteil/boese/karte.html").text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "{{ 7*7 }}" in text  # stands as it was said, not as 49


def test_pages_forbid_everything_foreign(visitor: TestClient, region: Region) -> None:
    headers = visitor.get("/angebote").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in headers


def test_a_basemap_opens_the_policy_for_its_host_alone() -> None:
    settings = Settings(
        database_url="x",
        basemap="xyz",
        basemap_url="https://tiles.example.org/{z}/{x}/{y}.png",
        basemap_attribution="©",
    )
    policy = content_security_policy(settings)
    assert "img-src 'self' data: https://tiles.example.org" in policy
    assert policy.count("https://") == 1


def test_templates_hold_no_inline_code() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"<script(?![^>]*(src=|application/(ld\+)?json))", text), template
        assert not re.search(r"\s(on\w+|style)=", text), template


def test_templates_load_nothing_from_a_foreign_host_and_links_to_one_do_not_say_from_where() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        without_links = re.sub(r'<a [^>]*rel="noreferrer" href="https://', "", text)
        assert not re.search(r'(src|href)="(https?:)?//', without_links), template
