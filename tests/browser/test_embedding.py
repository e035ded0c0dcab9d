"""Pages of others show the map in a frame: those that may, on any width, with and without JavaScript."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, Page
from sqlalchemy import Engine

from api.core.settings import Settings
from tests.browser.conftest import DESK, PHONE, watched
from tests.browser.test_offline import NOTHING, traces
from web.main import create_app
from web.server import SERVER

pytestmark = pytest.mark.browser

QUERY = "stadtteil=fennpfuhl&einteilung=plz:1"


class _Quiet(SimpleHTTPRequestHandler):
    """Hands out files without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, str]]:
    """The folder of somebody else's web server, and its two addresses, of which one may show the map."""
    folder = tmp_path_factory.mktemp("host")
    running = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    port = running.server_address[1]
    yield folder, f"http://127.0.0.1:{port}", f"http://localhost:{port}"
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="module")
def shown(demo: Engine, hosts: tuple[Path, str, str]) -> Iterator[str]:
    """The service that one of these addresses may show; the value is its own."""
    chosen = Settings(database_url="unused", embed_hosts=hosts[1])
    running = uvicorn.Server(uvicorn.Config(create_app(demo, chosen), port=0, **SERVER))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def host_page(browser: Browser, hosts: tuple[Path, str, str], shown: str) -> str:
    """A page of theirs with the code that our page has written for them; the value is its name."""
    page = browser.new_page()
    page.goto(f"{shown}/einbetten?{QUERY}")
    code = page.input_value("textarea")
    page.close()
    text = f'<!DOCTYPE html><html lang="de"><title>Rathaus</title><main><h1>Rathaus</h1>{code}</main></html>'
    (hosts[0] / "rathaus.html").write_text(text, encoding="utf-8")
    return "rathaus.html"


def frame_of(page: Page, address: str) -> Frame:
    """Open a page and return the frame on it."""
    page.goto(address, wait_until="networkidle")
    return page.frames[1]


@pytest.fixture
def visit(browser: Browser, shown: str, hosts: tuple[Path, str, str]) -> Iterator[Page]:
    """Somebody at a big screen who reads their page; a third host or anything that the CSP stops fails."""
    yield from watched(browser.new_context(viewport=DESK), shown, hosts[1])  # type: ignore[arg-type]


@pytest.fixture
def plain_visit(browser: Browser, shown: str, hosts: tuple[Path, str, str]) -> Iterator[Page]:
    """The same on a phone whose browser runs no JavaScript."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    yield from watched(context, shown, hosts[1])


def test_a_host_that_may_shows_list_and_map_and_leaves_nothing(
    visit: Page, hosts: tuple[Path, str, str], host_page: str
) -> None:
    frame = frame_of(visit, f"{hosts[1]}/{host_page}")
    frame.wait_for_selector("#karte[data-ready='1']")
    assert frame.locator("[data-offer]").count() == 20
    assert "plz" in (frame.get_attribute("#karte", "data-spaces") or "")
    assert visit.context.cookies() == []
    assert frame.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    for seen in (visit, frame):
        result = Axe().run(seen)
        assert result.violations_count == 0, result.generate_report()
    for width in (320, 640, 1000, 1280):
        visit.evaluate("width => document.querySelector('iframe').width = width", width)
        visit.wait_for_timeout(200)
        assert frame.evaluate("document.documentElement.scrollWidth") <= width


def test_an_offer_opens_in_the_whole_map_and_a_page_of_the_list_in_the_frame(
    visit: Page, hosts: tuple[Path, str, str], host_page: str, shown: str
) -> None:
    frame = frame_of(visit, f"{hosts[1]}/{host_page}")
    frame.wait_for_selector("#karte[data-ready='1']")
    name = frame.locator(".offer-name a").first.inner_text()
    with visit.context.expect_page() as opened:
        frame.locator(".offer-name a").first.click()
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith(f"{shown}/angebot/")
    assert opened.value.locator("h1").inner_text() == name
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    frame.locator(".pagination a[rel=next]").click()
    frame.wait_for_url("**/embed?*seite=2*")
    frame.wait_for_selector("#karte[data-ready='1']")
    # A place on the map is chosen inside of the frame, too.
    frame.locator("path[role=link]:not([aria-current])").first.press("Enter")
    frame.wait_for_url("**/embed?*raum=*")
    assert visit.url == f"{hosts[1]}/{host_page}"


def test_without_javascript_the_list_is_there(
    plain_visit: Page, hosts: tuple[Path, str, str], host_page: str
) -> None:
    frame = frame_of(plain_visit, f"{hosts[1]}/{host_page}")
    assert frame.locator(".offer-name a").count() == 20
    assert frame.locator("#karte").is_hidden()
    assert frame.locator("iframe").count() == 0


def test_another_host_gets_an_empty_frame(
    browser: Browser, hosts: tuple[Path, str, str], host_page: str
) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{hosts[2]}/{host_page}", wait_until="networkidle")
    assert [text for text in said if "frame-ancestors" in text]
    assert page.frames[1].locator("[data-offer]").count() == 0
    page.close()


def test_no_other_page_can_be_put_into_a_frame(
    browser: Browser, hosts: tuple[Path, str, str], shown: str
) -> None:
    text = f'<!DOCTYPE html><html lang="de"><title>x</title><iframe src="{shown}/angebote"></iframe></html>'
    (hosts[0] / "andere.html").write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto(f"{hosts[1]}/andere.html", wait_until="networkidle")
    assert page.frames[1].locator("[data-offer]").count() == 0
    page.close()


def test_structured_data_stand_in_the_page_under_our_policy(desk: Page) -> None:
    desk.goto("/angebot/anton-saefkow-bibliothek", wait_until="networkidle")
    block = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    assert desk.evaluate(f"{block}['@graph'][0]['name']") == "Anton-Saefkow-Bibliothek"
    assert traces(desk) == NOTHING
