"""Pages that operators write: sensible before anybody writes them, and harmless whatever is in them."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core.settings import Settings
from api.regions.models import Region
from api.regions.texts import PAGES
from tests.factories import make_region
from web.main import create_app
from web.markdown import title_of, to_html


@pytest.fixture
def own(database: Engine) -> Iterator[tuple[TestClient, int]]:
    """Somebody who reads a region whose texts a test writes; and the region's id."""
    with Session(database) as session:
        region = make_region(session, name="Dort <Stadt>")
        session.commit()
        number = region.id
    with TestClient(create_app(database), base_url="http://localhost") as client:
        yield client, number


def write(engine: Engine, number: int, **texts: dict[str, str]) -> None:
    with Session(engine) as session:
        region = session.get_one(Region, number)
        region.texts = texts
        session.commit()


def main(page: str) -> str:
    found = re.search(r"<main.*</main>", page, flags=re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_is_there_with_one_heading_and_no_gap(visitor: TestClient, page: str, prefix: str) -> None:
    answer = visitor.get(f"{prefix}/{page}")
    shown = main(answer.text)
    assert answer.status_code == 200
    assert shown.count("<h1>") == 1
    assert not re.search(r"\{\w+\}", shown)
    assert ('lang="de"' in shown) is bool(prefix)


def test_links_to_our_own_pages_stay_in_the_language(visitor: TestClient) -> None:
    assert 'href="/en/impressum"' in main(visitor.get("/en/datenschutz").text)
    assert 'href="/impressum"' in main(visitor.get("/datenschutz").text)


@pytest.mark.parametrize("path", ["/", "/angebote", "/notfall", "/nichts-da"])
def test_every_page_links_to_them(visitor: TestClient, path: str) -> None:
    footer = visitor.get(path).text.partition("<footer")[2]
    for page in (*PAGES, "notfall", "vorschlag"):
        assert f'href="/{page}"' in footer


def test_the_imprint_says_that_there_is_none(visitor: TestClient) -> None:
    assert "Hier steht noch kein Impressum" in visitor.get("/impressum").text


@pytest.mark.parametrize(
    ("settings", "said", "unsaid"),
    [
        ({}, "schreibt nicht auf, wer", "eine Zeile auf"),
        ({"access_log": True}, "schreibt zu jeder Anfrage eine Zeile auf", "schreibt nicht auf, wer"),
        ({}, "Auch die Karte kommt von unserem eigenen Rechner", "Eine Ausnahme"),
        (
            {
                "basemap": "xyz",
                "basemap_url": "https://tiles.example/{z}/{x}/{y}.png",
                "basemap_attribution": "X",
            },
            "<strong>tiles.example</strong>",
            "Auch die Karte",
        ),
        (
            {"basemap": "pmtiles", "basemap_url": "/kacheln/a.pmtiles", "basemap_attribution": "X"},
            "Auch die Karte kommt von unserem eigenen Rechner",
            "Eine Ausnahme",
        ),
    ],
)
def test_what_is_said_about_data_is_true_of_the_settings(
    demo: Engine, settings: dict[str, object], said: str, unsaid: str
) -> None:
    chosen = Settings(**{"database_url": "postgresql+psycopg://", **settings})  # type: ignore[arg-type]
    with TestClient(create_app(demo, chosen), base_url="http://localhost") as client:
        shown = client.get("/datenschutz").text
    assert said in shown
    assert unsaid not in shown


def test_an_operator_writes_and_the_next_reader_sees_it(
    own: tuple[TestClient, int], database: Engine
) -> None:
    client, number = own
    assert "noch kein Impressum" in client.get("/impressum").text
    write(database, number, impressum={"de": "# Wir\n\nAmt in {region}", "en": "# Us"})
    shown = client.get("/impressum").text
    assert "<h1>Wir</h1>" in shown
    assert "<title>Wir –" in shown
    assert "Amt in Dort &lt;Stadt&gt;" in shown
    assert "<h1>Us</h1>" in client.get("/en/impressum").text
    assert "Datenschutz" in client.get("/datenschutz").text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x]( javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](//fremd.example/)",
        "[x](/\\fremd.example/)",
        "<javascript:alert(1)>",
        "[x]\n\n[x]: javascript:alert(1)",
        "![x](https://fremd.example/zaehler.png)",
        "&#60;script&#62;alert(1)&#60;/script&#62;",
        '[x](https://a.example/"onmouseover="alert(1))',
    ],
)
def test_no_text_brings_anything_foreign_or_running_into_the_page(text: str) -> None:
    html = to_html(text, "en")
    tags = re.findall(r"<(\w+)([^>]*)>", html)
    assert {name for name, _ in tags} <= {"p", "a", "code"}
    assert all(re.fullmatch(r'(?: (?:href|title)="[^"]*")*', attributes) for _, attributes in tags)
    links = re.findall(r'href="([^"]*)"', html)
    assert all(link.startswith(("https://", "/en/%5C")) for link in links)


@pytest.mark.parametrize(
    "address",
    ["https://a.example/", "http://a.example", "mailto:amt@a.example", "tel:030123", "/angebote", "#x"],
)
def test_useful_links_are_links(address: str) -> None:
    assert f'href="{address}"' in to_html(f"[x]({address})", "de")


@pytest.mark.parametrize(
    ("text", "title"), [("# Wir", "Wir"), ("Text\n\n# **Wir** #\n", "Wir"), ("nur Text", ""), ("## Zwei", "")]
)
def test_the_first_heading_is_the_title(text: str, title: str) -> None:
    assert title_of(text) == title
