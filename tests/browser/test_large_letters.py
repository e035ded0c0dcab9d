"""Somebody who needs large letters reads every page: 400 % zoom, letters twice as large, more room."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import watched
from tests.browser.fitting import CUT, SPACED, STUCK, double_letters
from tests.browser.test_accessibility import PAGES
from web.language import localized

pytestmark = pytest.mark.browser

# A window of 1280 × 1024 points at 400 % has room for 320 × 256.
NEEDS: dict[str, ViewportSize] = {
    "zoom": {"width": 320, "height": 256},
    "letters": {"width": 1280, "height": 800},
    "letters on a phone": {"width": 360, "height": 740},
    "spacing": {"width": 1280, "height": 800},
    "spacing on a phone": {"width": 320, "height": 740},
}
SAMPLE = {
    ("/angebote?stadtteil=fennpfuhl", "zoom", "de"),
    ("/angebot/anton-saefkow-bibliothek", "zoom", "ar"),
    ("/", "letters on a phone", "de"),
    ("/stadtteil/fennpfuhl", "spacing on a phone", "de"),
}
ALL = [
    pytest.param(*case, marks=() if case in SAMPLE else pytest.mark.proof)
    for page in PAGES
    for need in NEEDS
    for locale in ("de", "ar")
    for case in [(page, need, locale)]
]


@pytest.fixture
def reader(browser: Browser, server: str, need: str) -> Iterator[Page]:
    """Somebody who needs letters that are easier to read."""
    context = browser.new_context(viewport=NEEDS[need], base_url=server, reduced_motion="reduce")
    yield from watched(context, server)


@pytest.mark.parametrize(("address", "need", "locale"), ALL)
def test_nothing_is_cut_off_and_nothing_sticks_out(
    reader: Page, address: str, need: str, locale: str
) -> None:
    if need.startswith("letters"):
        double_letters(reader)
    reader.goto(localized(address, locale), wait_until="networkidle")
    if need.startswith("spacing"):
        reader.evaluate(SPACED)
    assert reader.evaluate(CUT) == []
    if need == "zoom":
        keep = reader.locator("[data-keep]:visible")
        if keep.count():
            keep.first.click()  # says below what it has done
        assert reader.evaluate(STUCK) == []
