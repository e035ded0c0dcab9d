"""A city's own name, mark and colours stand on every page of its map; the others look as ever."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.regions.colours import DARK, LIGHT
from api.regions.models import Region
from tests.factories import box, make_division, make_region, make_space
from web import identity
from web.files import STATIC
from web.main import create_app

MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
OWN = {"name": {"de": "Familien & Co", "en": "Family guide"}, "mark": MARK, "accent": "#ffee88"}
HERE, THERE = "http://stadt.example", "http://kreis.example"


@pytest.fixture
def visitor(database: Engine) -> Iterator[TestClient]:
    """Two maps of one installation; only that of the city has something of its own."""
    with Session(database) as session, session.begin():
        city = make_region(session, slug="stadt", name="Stadt", hostnames=["stadt.example"], identity=OWN)
        make_region(session, slug="kreis", name="Kreis", hostnames=["kreis.example"], is_default=False)
        make_space(session, make_division(session, city), "1", box(13, 52, 14, 53), slug="mitte")
    with TestClient(create_app(database), base_url=HERE) as client:
        yield client


def linked(page: str, kind: str) -> str:
    found = re.search(rf'"(/{kind}/[0-9a-f]{{10}}\.\w+)"', page)
    assert found, kind
    return found.group(1)


def tokens(css: str) -> list[dict[str, str]]:
    """The colours of light, then those of dark."""
    return [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", part)) for part in css.partition("scheme: dark")[::2]
    ]


@pytest.mark.parametrize("path", ["/", "/angebote", "/gibt-es-nicht", "/merkliste", "/notfall"])
def test_every_page_has_the_name_mark_and_colours_of_the_city(visitor: TestClient, path: str) -> None:
    page = visitor.get(path).text
    assert "– Familien &amp; Co Stadt</title>" in page
    assert "<span>Familien &amp; Co</span>" in page
    assert "Unterstützungs-Landkarte" not in page
    mark = linked(page, "zeichen")
    assert f'<link rel="icon" href="{mark}" type="image/svg+xml">' in page
    assert page.count(f'src="{mark}" alt="">') == (3 if path == "/gibt-es-nicht" else 2)
    assert "#zeichen" not in page
    assert page.index("site.css") < page.index(f'<link rel="stylesheet" href="{linked(page, "aussehen")}">')


def test_the_name_follows_the_language_and_is_german_where_there_is_none(visitor: TestClient) -> None:
    assert "– Family guide Stadt</title>" in visitor.get("/en/angebote").text
    assert "– Familien &amp; Co Stadt</title>" in visitor.get("/ar/angebote").text


def test_other_maps_of_the_installation_look_as_ever(visitor: TestClient) -> None:
    answer = visitor.get(f"{THERE}/angebote")
    assert "Unterstützungs-Landkarte Kreis</title>" in answer.text
    assert "/zeichen/" not in answer.text
    assert "aussehen" not in answer.text + answer.headers["link"]
    page = visitor.get("/").text
    for kind in ("aussehen", "zeichen"):
        assert visitor.get(THERE + linked(page, kind)).status_code == 404


def test_the_style_holds_nothing_but_the_colours_and_is_kept_for_good(visitor: TestClient) -> None:
    page = visitor.get("/en/")
    address = linked(page.text, "aussehen")
    assert f"<{address}>; rel=preload; as=style" in page.headers["link"]
    answer = visitor.get(address)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    light, dark = tokens(answer.text)
    assert (light["accent"], dark["accent"]) == ("#776600", "#ffee88")
    assert set(light) == set(dark) == {
        "accent", "accent-strong", "accent-tint", "fill", "fill-strong", "on-fill",
    }  # fmt: skip
    assert answer.text.count("@media screen") == 2  # paper stays black and white
    outdated = visitor.get("/aussehen/0123456789.css")
    assert (outdated.text, outdated.headers["cache-control"]) == (answer.text, "no-cache")


def test_the_mark_is_a_drawing_that_may_do_nothing(visitor: TestClient) -> None:
    answer = visitor.get(linked(visitor.get("/").text, "zeichen"))
    assert answer.text == MARK
    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_new_look_is_there_at_the_next_request(visitor: TestClient, database: Engine) -> None:
    page = visitor.get("/")
    assert visitor.get("/", headers={"If-None-Match": page.headers["etag"]}).status_code == 304
    with Session(database) as session, session.begin():
        city = session.exec(select(Region).where(Region.slug == "stadt")).one()
        city.identity = {**OWN, "accent": "#c00000"}
    again = visitor.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert again.status_code == 200
    address = linked(again.text, "aussehen")
    assert address != linked(page.text, "aussehen")
    assert "--accent: #c00000" in visitor.get(address).text


def test_the_app_has_the_name_mark_and_colour_of_the_city(visitor: TestClient) -> None:
    app = visitor.get("/manifest.webmanifest").json()
    assert (app["name"], app["short_name"]) == ("Familien & Co Stadt", "Familien & Co")
    assert app["theme_color"] == "#776600"
    (icon,) = app["icons"]
    assert icon["src"] == linked(visitor.get("/").text, "zeichen")
    assert (icon["sizes"], icon["type"]) == ("any", "image/svg+xml")


def test_what_is_saved_and_taken_along_looks_like_the_city(visitor: TestClient) -> None:
    page = visitor.get("/").text
    saved = visitor.get("/stadtteil/mitte/unterwegs.json").json()["addresses"]
    assert {linked(page, "aussehen"), linked(page, "zeichen")} <= set(saved)
    file = visitor.get("/stadtteil/mitte/karte.html").text
    assert "– Familien &amp; Co</title>" in file
    assert "--accent: #776600;" in file
    assert "#0b6a5d" not in file


def test_the_colours_reckon_with_the_pages_as_they_are() -> None:
    light, dark = tokens((STATIC / "css" / "tokens.css").read_text(encoding="utf-8"))
    assert identity.ACCENT == light["accent"] == light["fill"]
    grounds = ("paper", "surface", "sunken", "note", "map-water", "map-land", "map-land-over")
    for scheme, known in ((LIGHT, light), (DARK, dark)):
        assert scheme.grounds == tuple(known[name] for name in grounds)
        assert (scheme.ink, scheme.ink_soft, scheme.line_strong) == (
            known["ink"], known["ink-soft"], known["line-strong"],
        )  # fmt: skip
