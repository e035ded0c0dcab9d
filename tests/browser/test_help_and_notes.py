"""What somebody does who must leave at once, and who sends a note: with scripts and without them."""

import re
import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.curation.models import Proposal
from tests.browser.conftest import PHONE
from web.sending import proofs

pytestmark = pytest.mark.browser

ELSEWHERE = "https://www.dwd.de/"


@pytest.fixture
def leaving(browser: Browser, server: str) -> Iterator[tuple[Page, list[str]]]:
    """A phone on which the neutral page is ours to answer, and what it asks of other hosts."""
    context = browser.new_context(viewport=PHONE, base_url=server)  # type: ignore[arg-type]
    seen: list[str] = []

    def answer(route: Route) -> None:
        seen.append(f"{route.request.url} {route.request.headers.get('referer', '')}".strip())
        route.fulfill(body="<title>Wetter</title>", content_type="text/html")

    context.route(lambda url: not url.startswith(server), answer)
    yield context.new_page(), seen
    context.close()


@pytest.mark.parametrize("by", ["click", "keys"])
def test_the_page_is_left_at_once_and_back_does_not_lead_to_it(
    leaving: tuple[Page, list[str]], by: str
) -> None:
    page, seen = leaving
    page.goto("/")
    page.goto("/angebote?thema=gewalt")
    page.wait_for_load_state()
    assert seen == []
    if by == "click":
        page.get_by_role("link", name="Seite schnell verlassen").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(f"{ELSEWHERE}**")
    assert seen == [ELSEWHERE]
    page.go_back()
    assert "gewalt" not in page.url


def test_the_way_out_is_a_plain_link_without_scripts(plain: Page) -> None:
    plain.goto("/angebote?q=er+schl%C3%A4gt+mich")
    expect(plain.locator("a[data-exit]")).to_have_attribute("href", ELSEWHERE)
    assert plain.locator("#sofort a[href='tel:116016']").is_visible()


def sent(engine: Engine) -> list[str]:
    with Session(engine) as session:
        rows = session.exec(select(Proposal).where(col(Proposal.actor) == "public"))
        return [str(row.changes) for row in rows]


def test_a_note_is_sent_with_work_that_nobody_sees(desk: Page, demo: Engine) -> None:
    desk.goto("/angebote?thema=bibliothek")
    desk.locator("[data-offer] h2 a, [data-offer] h3 a").first.click()
    desk.get_by_role("link", name="Fehler melden").click()
    desk.get_by_label("Was ist falsch?").select_option("hours")
    desk.get_by_label("Wie ist es richtig?").fill("Im Browser geprüft")
    desk.get_by_role("button", name="Hinweis abschicken").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Danke. Das ist bei uns angekommen.")
    assert any("Im Browser geprüft" in said for said in sent(demo))
    desk.reload()
    assert desk.url.endswith("/danke")
    assert desk.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]


def test_a_suggestion_is_sent_without_scripts_by_copying_a_number(plain: Page, demo: Engine) -> None:
    plain.goto("/vorschlag")
    plain.get_by_label("Wie heißt das Angebot?").fill("Ohne Skripte")
    plain.get_by_role("button", name="Vorschlag abschicken").click()
    expect(plain.get_by_role("alert")).to_contain_text("Was gibt es dort?")
    plain.get_by_label("Was gibt es dort?").fill("Ein Treffpunkt")
    plain.get_by_role("button", name="Vorschlag abschicken").click()
    label = plain.get_by_text(re.compile(r"in das Feld: \d+"))
    shown = re.search(r"\d+", label.inner_text())
    assert shown
    plain.get_by_label(re.compile("in das Feld")).fill(shown[0])
    time.sleep(proofs.LEAST_SECONDS + 1)  # as long as somebody takes to read and copy
    plain.get_by_role("button", name="Vorschlag abschicken").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Danke. Das ist bei uns angekommen.")
    assert any("Ohne Skripte" in said for said in sent(demo))


@pytest.mark.parametrize(
    ("address", "width"),
    [
        ("/notfall", 320),
        ("/vorschlag", 320),
        *(
            pytest.param(address, width, marks=pytest.mark.proof)
            for address in ("/notfall", "/vorschlag", "/danke", "/impressum", "/datenschutz", "/ar/notfall")
            for width in (320, 1280)
        ),
        *(
            pytest.param(address, 320, marks=pytest.mark.proof)
            for address in (
                "/angebote?q=nicht+mehr+leben",
                "/angebote?q=xqzwv",
                "/leichte-sprache",
                "/tr/vorschlag",
            )
        ),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(desk: Page, address: str, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(address)
    result = Axe().run(desk)
    assert result.violations_count == 0, result.generate_report()
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
