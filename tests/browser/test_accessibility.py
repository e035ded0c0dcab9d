"""No page has a violation that axe can find, and all of them fit a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/angebote",
    "/angebote?stadtteil=fennpfuhl",
    "/angebote?stadtteil=fennpfuhl&ansicht=karte",
    "/angebote?thema=sucht&alter=3&stadtteil=karlshorst",
    "/angebote?alter=abc",
    "/stadtteil/fennpfuhl",
    "/angebot/anton-saefkow-bibliothek",
    "/angebot/frauenhaus",
    "/quellen",
    "/problems/not-found",
    "/gibt-es-nicht",
    "/en/angebote?stadtteil=fennpfuhl",
    "/woche?stadtteil=fennpfuhl",
]
# Every page on a phone in each run; on a big screen and a very small one some of them, all in make proof.
SOME = [*PAGES[:1], *PAGES[2:4], PAGES[7], PAGES[-1]]
OTHERS = [page if page in SOME else pytest.param(page, marks=pytest.mark.proof) for page in PAGES]


def check(page: Page, address: str) -> None:
    page.goto(address)
    if page.locator("#karte").count():
        page.wait_for_selector(
            "#karte[data-ready='1'], #karte[hidden], #karte:not([data-ready])", state="attached"
        )
        page.wait_for_timeout(400)
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("address", OTHERS)
def test_axe_finds_nothing_on_a_big_screen(desk: Page, address: str) -> None:
    check(desk, address)


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_on_a_phone(phone: Page, address: str) -> None:
    check(phone, address)


@pytest.mark.parametrize("address", OTHERS)
def test_nothing_sticks_out_at_320_pixels(phone: Page, address: str) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(address)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
