"""Somebody without a mouse comes everywhere, always sees where they are, and gets on again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watched
from tests.browser.focus import MISSED, MOST_STOPS, clearness, go_to, press
from tests.browser.test_accessibility import PAGES, Scheme
from web.language import localized

pytestmark = pytest.mark.browser

MAP = "#karte[data-ready='1']"
PIN = ".map-marker:has(.map-pin-shape)"
MARKER = ".map-marker"
# A line of two points around it is what WCAG 2.4.13 asks for; shapes are smaller than the boxes around them.
CLEAR, CLEAR_SHAPE = 1.0, 0.3
SAMPLE = {
    ("/", 320, "dark"),
    ("/angebot/anton-saefkow-bibliothek", 1280, "light"),
    ("/vorschlag", 320, "light"),
}
WALKS = [
    pytest.param(*case, marks=() if case in SAMPLE else pytest.mark.proof)
    for page in PAGES
    for width in (320, 1280)
    for scheme in ("light", "dark")
    for case in [(page, width, scheme)]
]
WAYS = [
    pytest.param(width, scripts, locale, marks=() if (width, scripts, locale) in some else pytest.mark.proof)
    for some in [{(1280, True, "de"), (360, False, "ar")}]
    for width in (360, 1280)
    for scripts in (True, False)
    for locale in ("de", "ar")
]


@pytest.fixture(scope="module")
def calculator(browser: Browser) -> Iterator[Page]:
    """A page that compares pictures."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def walker(browser: Browser, server: str, width: int, scheme: Scheme) -> Iterator[Page]:
    """Somebody with a keyboard."""
    context = browser.new_context(
        viewport={"width": width, "height": 740},
        base_url=server,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    yield from watched(context, server)


@pytest.mark.parametrize(("address", "width", "scheme"), WALKS)
def test_tab_comes_everywhere_and_shows_where_it_is(walker: Page, calculator: Page, address: str) -> None:
    walker.goto(address, wait_until="networkidle")
    kinds: set[str] = set()
    for _ in range(MOST_STOPS):
        stop = press(walker, "Tab")
        if stop is None or stop["isAgain"]:
            break
        assert stop["isSeen"], stop["said"]
        if stop["kind"] not in kinds:
            kinds.add(stop["kind"])
            clear = clearness(walker, calculator, stop)
            assert clear >= (CLEAR_SHAPE if stop["isShape"] else CLEAR), (clear, stop["said"])
    else:
        pytest.fail("Tab never comes to an end")
    assert len(kinds) > 3
    assert walker.evaluate(MISSED) == []


@pytest.fixture
def hands(browser: Browser, server: str, width: int, *, scripts: bool) -> Iterator[Page]:
    """Somebody with a keyboard, with scripts or without."""
    context = browser.new_context(
        viewport={"width": width, "height": 740 if width < 1000 else 800},
        base_url=server,
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    yield from watched(context, server)


def choose_on_the_map(page: Page, width: int) -> None:
    """Open an offer by its pin: beside the list by its entry, on a phone by its card."""
    if width < 1000:
        go_to(page, ".view-switch a:last-child")
        page.keyboard.press("Enter")
        page.wait_for_url("**ansicht=karte**")
    page.wait_for_selector(MAP)
    points = page.request.get(page.locator(MAP).get_attribute("data-points") or "").json()
    expect(page.locator(MAP)).to_have_attribute("data-markers", str(len(points["offers"])))
    pin = PIN if page.locator(PIN).count() else MARKER
    go_to(page, pin)
    shown = page.locator("[data-map-card]:not([hidden]), [data-offer]:focus")
    for _ in range(6):  # a cluster falls apart step by step
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        if shown.count():
            break
    go_to(page, "[data-map-card] a" if width < 1000 else "[data-offer] .offer-name a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/angebot/**")


@pytest.mark.parametrize(("width", "scripts", "locale"), WAYS)
def test_everything_is_used_by_keyboard_alone(hands: Page, width: int, locale: str, *, scripts: bool) -> None:
    hands.goto(localized("/", locale))
    go_to(hands, ".skip-link")
    go_to(hands, "#suche")
    hands.keyboard.type("Bibliothek")
    hands.keyboard.press("Enter")
    hands.wait_for_url("**/angebote?q=Bibliothek")
    if width < 1000:  # where there is room the filters are never folded
        go_to(hands, ".filters-fold > summary")
        hands.keyboard.press("Enter")
    go_to(hands, "select[name=stadtteil]")
    hands.keyboard.type("Fen")
    if not scripts:
        go_to(hands, ".filters-submit")
        hands.keyboard.press("Enter")
    hands.wait_for_url("**stadtteil=fennpfuhl**")
    expect(hands.locator("#gewaehlt")).to_contain_text("Fennpfuhl")
    assert hands.locator("#liste [data-offer]").count() > 0
    if scripts:
        choose_on_the_map(hands, width)
        go_to(hands, "[data-keep]")
        hands.keyboard.press("Space")
        expect(hands.locator("[data-keep-count]")).to_have_text("1")
        go_to(hands, "[data-keep-link]", "Shift+Tab")
        hands.keyboard.press("Enter")
        expect(hands.locator("[data-entries] > li")).to_have_count(1)
        go_to(hands, "[data-do=remove]")
        hands.keyboard.press("Enter")
        expect(hands.locator("[data-do=undo]")).to_be_focused()
        hands.keyboard.press("Enter")
        expect(hands.locator("[data-entries] > li")).to_have_count(1)
    else:
        go_to(hands, "[data-offer] .offer-name a")
        hands.keyboard.press("Enter")
        hands.wait_for_url("**/angebot/**")
    hands.goto(hands.url.partition("#")[0])
    go_to(hands, ".menu > summary")
    hands.keyboard.press("Enter")
    go_to(hands, "a[hreflang=en]")
    hands.keyboard.press("Enter")
    hands.wait_for_url("**/en/**")
    expect(hands.locator("html")).to_have_attribute("lang", "en")
