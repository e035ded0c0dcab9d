"""Ten thousand offers on a phone four times as slow as this machine: the map follows the finger."""

import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from bench import filling
from bench.region import Plan
from tests.browser.conftest import PHONE, watched
from tests.emptying import emptied
from web.main import create_app
from web.server import SERVER

pytestmark = [pytest.mark.browser, pytest.mark.proof]

OFFERS = 10_000
SLOWER = 4
SOON = 1500  # milliseconds until the map answers
SMOOTH = 100  # milliseconds that a finger does not notice
PINS = 200  # a screen has no room for more
MAP = "/angebote?ansicht=karte"
WATCH = """
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.tasks.push([startTime, duration]);
  }).observe({ type: "longtask", buffered: true });
  new MutationObserver(() => {
    if (!window.readyAt && document.querySelector("#karte[data-ready]")) window.readyAt = performance.now();
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-ready"] });
"""


@pytest.fixture(scope="module")
def crowded(engine: Engine, owner_url: str) -> Iterator[str]:
    """A service with one region of ten thousand offers, its answers remembered; the value is its address."""
    emptied(owner_url)
    url = make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    filling.fill(url, [Plan(1, OFFERS)], 0, lambda _said: None)
    running = uvicorn.Server(uvicorn.Config(create_app(engine), port=0, **SERVER))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    urllib.request.urlopen(f"{address}/api/v1/search?q=kita", timeout=120).close()
    yield address
    running.should_exit = True
    thread.join()
    emptied(owner_url)


@pytest.fixture
def slow_phone(browser: Browser, crowded: str) -> Iterator[Page]:
    """A phone on which everything takes four times as long; what it has to do is written down."""
    context = browser.new_context(viewport=PHONE, base_url=crowded, has_touch=True)  # type: ignore[arg-type]
    for page in watched(context, crowded):
        page.goto(MAP)  # so that the server remembers its answers
        page.wait_for_selector("#karte[data-ready='1']")
        page.goto("about:blank")
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(WATCH)
        yield page


def longest_since(page: Page, start: float) -> float:
    """Return the milliseconds of the longest task that has begun since then; tasks below 50 ms count as 0."""
    page.wait_for_timeout(500)
    tasks: list[list[float]] = page.evaluate("window.tasks")
    return max((duration for begun, duration in tasks if begun >= start), default=0)


def drag(page: Page, dx: int, dy: int) -> None:
    """Move the map as a finger does, in many small steps."""
    page.locator("[data-map-canvas]").evaluate("map => map.scrollIntoView({ block: 'center' })")
    box: Any = page.locator("[data-map-canvas]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(x + dx * step / 20, y + dy * step / 20)
    page.mouse.up()


def test_the_map_of_ten_thousand_offers_is_there_soon_and_moves_smoothly(slow_phone: Page) -> None:
    slow_phone.goto(MAP)
    slow_phone.wait_for_selector("#karte[data-ready='1']")
    markers = int(slow_phone.locator("#karte").get_attribute("data-markers") or 0)
    assert markers > OFFERS * 0.9
    ready = slow_phone.evaluate("window.readyAt")
    loading = longest_since(slow_phone, 0)
    moving: list[float] = []
    for _zoom in range(6):
        now = slow_phone.evaluate("performance.now()")
        for way in ((120, 0), (0, 120), (-160, -160)):
            drag(slow_phone, *way)
        moving.append(longest_since(slow_phone, now))
        assert 0 < slow_phone.locator(".map-marker").count() < PINS
        slow_phone.locator(".leaflet-control-zoom-in").click()
        slow_phone.wait_for_timeout(500)
    print(f"{markers} points, ready after {ready:.0f} ms, longest task {loading:.0f}, moving {moving}")  # noqa: T201
    assert ready <= SOON
    assert max(moving) <= SMOOTH
