"""A city in light yellow and one in red: everything can be read, on small screens and big ones."""

import threading
import time
from collections.abc import Iterator
from typing import Literal

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlmodel import Session

from tests.browser.conftest import DESK, PHONE
from tests.factories import box, make_division, make_offer, make_place, make_region, make_space, make_topic
from web.main import create_app
from web.server import SERVER

pytestmark = pytest.mark.browser

MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#c00" d="M0 0h8v8z"/></svg>'
LONG = "Unterstützungsangebotsverzeichnisplanung"
CITIES = {"127.0.0.1": "#ffee88", "rot.localhost": "#c00000"}


@pytest.fixture
def port(database: Engine) -> Iterator[int]:
    """Serve the maps of both cities; the value is their port."""
    with Session(database) as session, session.begin():
        make_topic(session, "geld")
        for host, accent in CITIES.items():
            own = {"name": {"de": LONG}, "mark": MARK, "accent": accent}
            is_default = host == "127.0.0.1"
            region = make_region(session, hostnames=[host], is_default=is_default, identity=own)
            make_space(session, make_division(session, region), "1", box(13, 52, 14, 53))
            make_offer(session, region, make_place(session, region, 13.5, 52.5), topics=["geld"])
    running = uvicorn.Server(uvicorn.Config(create_app(database), port=0, **SERVER))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield running.servers[0].sockets[0].getsockname()[1]
    running.should_exit = True
    thread.join()


def colour(page: Page, selector: str, what: str) -> str:
    said: str = page.locator(selector).first.evaluate(f"element => getComputedStyle(element).{what}")
    return said


@pytest.mark.parametrize(
    ("host", "scheme", "buttons"),
    [
        ("127.0.0.1", "light", "rgb(119, 102, 0)"),
        pytest.param("127.0.0.1", "dark", "rgb(255, 238, 136)", marks=pytest.mark.proof),
        pytest.param("rot.localhost", "light", "rgb(192, 0, 0)", marks=pytest.mark.proof),
        ("rot.localhost", "dark", "rgb(255, 123, 123)"),
    ],
)
def test_pages_in_the_colours_of_a_city_can_be_read_and_fit(
    browser: Browser, port: int, host: str, scheme: Literal["light", "dark"], buttons: str
) -> None:
    context = browser.new_context(base_url=f"http://{host}:{port}", color_scheme=scheme)
    page = context.new_page()
    for size, path in ((DESK, "/angebote"), (PHONE, "/"), ({**PHONE, "width": 320}, "/de-simple/")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(path)
        if path == "/angebote":
            page.wait_for_selector("#karte[data-ready='1']")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        assert colour(page, "form .button:not(.button-quiet), .way", "backgroundColor") == buttons
        assert page.locator(".site-header img.brand-mark").evaluate("image => image.naturalWidth") > 0
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
    page.emulate_media(media="print")
    assert colour(page, ".site-footer a", "color") == "rgb(0, 0, 0)"
    context.close()
