"""Without internet: what is saved is there, nothing is before that, and nobody is trapped in old pages."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine

from tests.browser.conftest import PHONE, watched

pytestmark = pytest.mark.browser

FENNPFUHL = "/stadtteil/fennpfuhl"
MAP = "#karte[data-ready='1']"
BANNER = "[data-offline-banner]"
BOX = "[data-save-offline]"
PATIENCE = 30_000  # milliseconds: a hundred answers on a machine that does other things, too
TRACES = """async () => ({
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  caches: await caches.keys(),
  databases: (await indexedDB.databases()).length,
  keys: localStorage.length + sessionStorage.length,
  cookie: document.cookie,
})"""
NOTHING = {"workers": 0, "caches": [], "databases": 0, "keys": 0, "cookie": ""}
MAKE_OLD = """async () => {
  const [name] = await caches.keys();
  const cache = await caches.open(name);
  const request = (await cache.keys()).find(({ url }) => url.endsWith("/unterwegs/beschreibung.json"));
  const about = await (await cache.match(request)).json();
  await caches.delete(name);
  const old = await caches.open(name);
  await old.put(request, new Response(JSON.stringify({ ...about, at: about.at - 2 * 24 * 60 * 60 * 1000 })));
  return name;
}"""


def hold(_route: Route) -> None:
    """Let a request wait for good."""


def traces(page: Page) -> dict[str, Any]:
    found = page.evaluate(TRACES)
    assert isinstance(found, dict)
    return found


def until(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_so():
            return
        page.wait_for_timeout(100)
    pytest.fail("it does not come to that")


def tap(page: Page, name: str) -> None:
    page.locator(BOX).get_by_role("button", name=name).click()


def save(page: Page, at: str = FENNPFUHL) -> None:
    page.goto(at)
    tap(page, "Für unterwegs speichern")
    expect(page.locator(f"{BOX} [data-save-said]")).to_contain_text("Gespeichert. Stand:", timeout=PATIENCE)


class Service:
    """The whole service at an address that stays the same, in a build that changes with each start."""

    def __init__(self, database: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base, self.database, self.starts = f"http://127.0.0.1:{self.port}", database, 0

    def start(self) -> None:
        self.starts += 1
        changed = {
            "LANDKARTE_MEMORY_MEGABYTES": str(64 + self.starts),
            "LANDKARTE_DATABASE_URL": self.database,
        }
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            "web.main:create_app",
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen([*command, "--log-level", "warning"], env={**os.environ, **changed})
        while not self._answers():
            assert self.process.poll() is None
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.base}/healthz", timeout=5).close()
        except OSError:
            return False
        return True


@pytest.fixture
def service(demo: Engine) -> Iterator[Service]:
    running = Service(demo.url.render_as_string(hide_password=False))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def visitor(browser: Browser, service: Service) -> Iterator[Page]:
    """Somebody with a phone whose service may go and come back as another build."""
    context = browser.new_context(viewport=PHONE, base_url=service.base)  # type: ignore[arg-type]
    yield from watched(context, service.base)


def style_of(page: Page) -> str:
    """The address of the page's style, which names the build."""
    return page.locator("link[href$='css/site.css']").get_attribute("href") or ""


def test_nothing_is_on_the_device_before_somebody_asks_for_it(phone: Page) -> None:
    for page in ("/", FENNPFUHL, "/unterwegs"):
        phone.goto(page, wait_until="networkidle")
        assert traces(phone) == NOTHING, page
    assert phone.context.cookies() == []
    expect(phone.locator("main")).to_contain_text("Auf diesem Gerät ist nichts gespeichert.")


def test_a_saved_stadtteil_is_there_without_internet(phone: Page) -> None:
    save(phone)
    phone.context.set_offline(True)
    failed: list[str] = []
    phone.on("requestfailed", lambda request: failed.append(request.url))
    phone.reload()
    expect(phone.locator(BANNER)).to_contain_text(
        re.compile(r"Sie sind offline\. Stand: \d+\. \w+ \d{4}, \d"), use_inner_text=True
    )
    phone.wait_for_selector(MAP)
    assert int(phone.locator(MAP).get_attribute("data-markers") or 0) > 5
    assert phone.locator(".hours-now").count()
    assert not phone.locator(".hours-now:visible").count(), "nobody knows what is open now"
    first = phone.locator("[data-offer] h3 a").first
    name = first.inner_text()
    first.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(name)
    expect(phone.locator(BANNER)).to_be_visible()
    assert not failed


def test_a_page_that_is_not_saved_leads_to_those_that_are(phone: Page) -> None:
    save(phone)
    phone.context.set_offline(True)
    phone.goto("/woche?stadtteil=fennpfuhl")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Diese Seite ist nicht gespeichert")
    phone.locator("[data-saved-things]").get_by_role("link", name="Fennpfuhl").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Fennpfuhl")
    phone.go_back()
    phone.context.set_offline(False)
    phone.get_by_role("link", name="Noch einmal versuchen").click()
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Diese Seite ist nicht gespeichert")
    assert "/woche?stadtteil=fennpfuhl" in phone.url


@pytest.mark.proof
def test_axe_finds_nothing_on_pages_about_what_is_saved(phone: Page) -> None:
    save(phone)
    for page in (FENNPFUHL, "/unterwegs"):
        phone.goto(page)
        assert not (found := Axe().run(phone)).violations_count, found.generate_report()
    phone.context.set_offline(True)
    for page in (FENNPFUHL, "/woche"):
        phone.goto(page)
        phone.wait_for_timeout(300)
        assert not (found := Axe().run(phone)).violations_count, found.generate_report()
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_what_is_saved_can_be_removed_without_a_trace(phone: Page) -> None:
    save(phone)
    phone.locator(BOX).get_by_role("link").click()
    phone.get_by_role("button", name="Entfernen: Fennpfuhl").click()
    expect(phone.locator("main")).to_contain_text("Fennpfuhl: Vom Gerät entfernt.")
    expect(phone.locator("main")).to_contain_text("Auf diesem Gerät ist nichts gespeichert.")
    until(phone, lambda: traces(phone) == NOTHING)
    save(phone)
    phone.goto("/unterwegs")
    phone.get_by_role("button", name="Alles entfernen").click()
    expect(phone.locator("main")).to_contain_text("Auf diesem Gerät ist nichts gespeichert.")
    until(phone, lambda: traces(phone) == NOTHING)


def test_the_merkliste_is_there_without_internet(phone: Page) -> None:
    phone.goto(FENNPFUHL)
    for button in phone.locator("[data-keep]").all()[:2]:
        button.click()
    save(phone, "/merkliste")
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator(BANNER)).to_be_visible()
    entries = phone.locator("[data-entries] > li")
    expect(entries).to_have_count(2)
    entries.first.get_by_role("link").first.click()
    expect(phone.locator(".offer-main")).to_be_visible()


def test_saving_that_does_not_get_to_its_end_leaves_nothing_half(phone: Page) -> None:
    said = phone.locator(f"{BOX} [data-save-said]")
    phone.goto(FENNPFUHL)
    phone.context.route("**/angebot/*", lambda route: route.abort())
    tap(phone, "Für unterwegs speichern")
    expect(said).to_contain_text("Das Speichern hat nicht geklappt.", timeout=PATIENCE)
    assert traces(phone) == NOTHING
    phone.context.unroute("**/angebot/*")
    phone.context.route("**/angebot/*", hold)  # an answer that never comes
    tap(phone, "Für unterwegs speichern")
    tap(phone, "Abbrechen")
    expect(said).to_contain_text("Abgebrochen.", timeout=PATIENCE)
    assert traces(phone) == NOTHING
    tap(phone, "Für unterwegs speichern")
    until(phone, lambda: traces(phone)["caches"] != [])
    phone.goto("/")
    until(phone, lambda: traces(phone) == NOTHING)


@pytest.mark.proof
def test_a_full_device_says_so_and_keeps_nothing_half(phone: Page) -> None:
    phone.goto(FENNPFUHL)
    origin = phone.evaluate("location.origin")
    devtools = phone.context.new_cdp_session(phone)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 300_000})
    tap(phone, "Für unterwegs speichern")
    expect(phone.locator(f"{BOX} [data-save-said]")).to_contain_text("nicht genug Platz", timeout=PATIENCE)
    assert traces(phone) == NOTHING


@pytest.mark.proof
def test_what_is_older_than_a_day_is_saved_again_at_a_visit(phone: Page) -> None:
    save(phone)
    before = phone.evaluate(MAKE_OLD)
    phone.goto("/")
    until(phone, lambda: before not in traces(phone)["caches"])
    assert len(traces(phone)["caches"]) == 1
    phone.context.set_offline(True)
    phone.goto(FENNPFUHL)
    expect(phone.locator(BANNER)).to_be_visible()


def test_nobody_is_trapped_in_an_old_build(visitor: Page, service: Service) -> None:
    save(visitor)
    old = style_of(visitor)
    service.stop()
    visitor.reload()
    expect(visitor.locator(BANNER)).to_contain_text("Die Landkarte ist gerade nicht zu erreichen.")
    assert style_of(visitor) == old
    service.start()
    # Whoever waits too long sees what is saved; here the service has the page ready.
    visitor.evaluate("fetch(location.href, { redirect: 'error' })")
    visitor.reload()
    assert style_of(visitor) != old
    expect(visitor.locator(BANNER)).to_be_hidden()


@pytest.mark.proof
def test_a_worker_that_the_operator_takes_away_is_gone_at_the_next_visit(phone: Page) -> None:
    save(phone)
    phone.context.route("**/service-worker.js", lambda route: route.fulfill(status=410))
    phone.goto("/")
    until(phone, lambda: traces(phone) == NOTHING)
