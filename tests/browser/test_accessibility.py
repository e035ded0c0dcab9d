"""No page has a violation that axe can find, in any language, light or dark, and all fit a narrow screen."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from api.core.languages import LANGUAGES
from ops import pages
from web.language import localized

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]

PAGES = list(pages.PAGES.values())
# In each run a few pages on a phone, in Arabic, and in the dark; all of all in make proof.
SAMPLE = {
    ("/", "de", 320, "light"),
    ("/", "ar", 320, "dark"),
    ("/angebote?stadtteil=fennpfuhl", "de", 1280, "light"),
    ("/angebote?stadtteil=fennpfuhl&ansicht=karte", "de", 320, "light"),
    ("/angebote?stadtteil=fennpfuhl", "ar", 320, "light"),
    ("/angebote?thema=gewalt", "uk", 1280, "dark"),
    ("/angebote?alter=abc", "tr", 320, "light"),
    ("/stadtteil/fennpfuhl", "de-simple", 1280, "light"),
    ("/angebot/anton-saefkow-bibliothek", "de", 320, "light"),
    ("/angebot/anton-saefkow-bibliothek", "ar", 1280, "dark"),
    ("/angebote?thema=familie&gruppe=ebene", "de", 320, "light"),
    ("/angebote?thema=familie&gruppe=ebene", "ar", 1280, "dark"),
    ("/hilfeketten", "tr", 320, "light"),
    ("/hilfekette/mietschulden?stadtteil=karlshorst", "ar", 320, "dark"),
    ("/hilfekette/mietschulden?stadtteil=karlshorst", "de", 1280, "light"),
    ("/merkliste?o=1,2,3", "en", 320, "light"),
    ("/notfall", "de", 320, "dark"),
    ("/embed?stadtteil=fennpfuhl", "ar", 320, "dark"),
    ("/einbetten?stadtteil=fennpfuhl", "de", 320, "light"),
    ("/vorschlag", "de", 320, "light"),
    ("/datenschutz", "de", 1280, "light"),
    ("/woche?stadtteil=fennpfuhl", "tr", 320, "light"),
}
ALL = [
    pytest.param(*case, marks=() if case in SAMPLE else pytest.mark.proof)
    for page in PAGES
    for locale in LANGUAGES
    for width in (320, 1280)
    for scheme in ("light", "dark")
    for case in [(page, locale, width, scheme)]
]


@pytest.fixture(scope="module")
def screens(browser: Browser, server: str) -> Iterator[dict[tuple[int, Scheme], Page]]:
    """A page for each width and scheme."""
    widths: list[int] = [320, 1280]
    schemes: list[Scheme] = ["light", "dark"]
    contexts = {
        (width, scheme): browser.new_context(
            viewport={"width": width, "height": 740}, color_scheme=scheme, base_url=server
        )
        for width in widths
        for scheme in schemes
    }
    yield {kind: context.new_page() for kind, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(("address", "locale", "width", "scheme"), ALL)
def test_axe_finds_nothing_and_nothing_sticks_out(
    screens: dict[tuple[int, Scheme], Page], address: str, locale: str, width: int, scheme: Scheme
) -> None:
    page = screens[width, scheme]
    page.goto(localized(address, locale))
    if page.locator("#karte").count():
        page.wait_for_selector(
            "#karte[data-ready='1'], #karte[hidden], #karte:not([data-ready])", state="attached"
        )
        page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_the_sample_is_of_pages_that_there_are() -> None:
    assert {tuple(case.values) for case in ALL} >= SAMPLE
