"""No page leaves anything on a device, and none asks another host, before somebody asks for what needs it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, watched
from tests.browser.test_accessibility import PAGES
from tests.browser.test_offline import NOTHING, traces

pytestmark = pytest.mark.browser

SAMPLE = [
    "/",
    "/angebote?stadtteil=fennpfuhl",
    "/angebot/anton-saefkow-bibliothek",
    "/notfall",
    "/vorschlag",
    "/impressum",
]


@pytest.fixture
def fresh(browser: Browser, server: str) -> Iterator[Page]:
    """A browser that has never been here; requests to other hosts fail the test."""
    yield from watched(browser.new_context(viewport=DESK, base_url=server), server)  # type: ignore[arg-type]


@pytest.mark.parametrize("addresses", [SAMPLE, pytest.param(PAGES, marks=pytest.mark.proof)])
def test_no_page_leaves_anything_on_the_device_or_asks_another_host(
    fresh: Page, addresses: list[str]
) -> None:
    for address in addresses:
        fresh.goto(address, wait_until="networkidle")
        assert traces(fresh) == NOTHING, address
        assert fresh.evaluate("navigator.serviceWorker.controller") is None, address
    assert fresh.context.cookies() == []
