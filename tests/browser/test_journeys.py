"""What residents come for, on a phone and at a desk, with scripts and without, in German and in Arabic."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.conftest import watched
from tests.browser.test_offline import BANNER, PATIENCE
from web.language import localized, translations

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
ENTRY = "#liste [data-offer]"
Kind = tuple[int, bool, str]
ALL: list[Kind] = [
    (width, scripts, locale) for width in (360, 1280) for scripts in (True, False) for locale in ("de", "ar")
]


def everywhere(*sample: Kind) -> pytest.MarkDecorator:
    """Run a journey for every kind of visitor in make proof, for some in every run."""
    kinds = [pytest.param(kind, marks=() if kind in sample else pytest.mark.proof) for kind in ALL]
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: "-".join(map(str, kind)))


@dataclass
class Visitor:
    """Somebody with a browser, who counts taps."""

    page: Page
    scripts: bool
    locale: str
    taps: int = 0

    def goto(self, path: str) -> None:
        """Open a page in one's own language."""
        self.page.goto(localized(path, self.locale))

    def says(self, text: str) -> str:
        """Return a text of the pages in one's own language."""
        return translations(self.locale).gettext(text)

    def tap(self, what: Locator) -> None:
        what.click()
        self.taps += 1

    def api(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = self.page.request.get(f"/api/v1{path}").json()
        return found

    def choose(self, name: str, value: str) -> None:
        """Choose in a list of the filter form; without scripts its button sends the choice."""
        fold = self.page.locator(".filters-fold:not([open]) > summary")
        if fold.count() and fold.is_visible():
            fold.click()
        self.page.locator(f"select[name={name}]").select_option(value)
        if not self.scripts:
            self.page.locator(".filters-submit").click()
        self.page.wait_for_url(f"**{name}={value}**")
        expect(self.page.locator(f"select[name={name}]")).to_have_value(value)

    def listed(self) -> list[str]:
        entries = self.page.locator("#liste [data-number]").all()
        return [entry.get_attribute("data-offer") or "" for entry in entries]


@pytest.fixture
def others(browser: Browser, server: str) -> Iterator[Callable[[Kind], Visitor]]:
    """Whoever else has a browser; requests to other hosts and errors fail the test."""
    opened: list[Iterator[Page]] = []

    def open_browser(kind: Kind) -> Visitor:
        width, scripts, locale = kind
        size = PHONE if width == PHONE["width"] else DESK
        context = browser.new_context(
            viewport=size, base_url=server, java_script_enabled=scripts, accept_downloads=True
        )
        watching = watched(context, server)
        opened.append(watching)
        return Visitor(next(watching), scripts, locale)

    yield open_browser
    for watching in opened:
        assert next(watching, None) is None


@pytest.fixture
def visitor(others: Callable[[Kind], Visitor], kind: Kind) -> Visitor:
    return others(kind)


@pytest.fixture
def friend(others: Callable[[Kind], Visitor], kind: Kind) -> Visitor:
    """Somebody whose browser is the opposite in everything but the language."""
    width, scripts, locale = kind
    return others((PHONE["width"] + DESK["width"] - width, not scripts, locale))


@everywhere((360, True, "de"), (360, False, "ar"))
def test_finds_a_free_family_advice_within_three_taps(visitor: Visitor) -> None:
    page = visitor.page
    visitor.goto("/")
    visitor.tap(page.locator("a[href$='/angebote?thema=familie']"))
    page.wait_for_url("**/angebote?thema=familie")
    free = page.locator(".facts li").filter(has_text=re.compile(rf"^\s*{visitor.says('kostenlos')}\s*$"))
    advice = page.locator(ENTRY).filter(has_text="Beratung").filter(has=free).first
    offer = visitor.api(f"/offers/{advice.get_attribute('data-offer')}")
    visitor.tap(advice.locator(".offer-name a"))
    page.wait_for_url("**/angebot/**")
    assert visitor.taps <= 3
    assert offer["cost"] == "free"
    assert "erziehungsberatung" in [topic["slug"] for topic in offer["topics"]]
    expect(page.locator(".fact-list")).to_contain_text(visitor.says("kostenlos"))
    assert page.locator("a[href^='tel:']").count() > 0


@everywhere((1280, True, "ar"))
def test_finds_it_by_words_within_three_taps(visitor: Visitor) -> None:
    page = visitor.page
    visitor.goto("/")
    visitor.tap(page.locator("#suche"))
    page.keyboard.type("kostenlose Erziehungsberatung")
    visitor.tap(page.locator(".search-submit"))
    page.wait_for_url("**/angebote?q=**")
    first = page.locator(ENTRY).first
    assert visitor.api(f"/offers/{first.get_attribute('data-offer')}")["cost"] == "free"
    visitor.tap(first.locator(".offer-name a"))
    page.wait_for_url("**/angebot/**")
    assert visitor.taps <= 3


@everywhere((360, False, "ar"))
def test_filters_opens_and_goes_back_to_the_same_list(visitor: Visitor) -> None:
    page = visitor.page
    visitor.goto("/angebote")
    visitor.choose("thema", "familie")
    visitor.choose("stadtteil", "fennpfuhl")
    address, seen = page.url, visitor.listed()
    found = visitor.api("/offers?topic=familie&space=lor:110306")["results"]
    assert seen == [str(offer["id"]) for offer in found] != []
    page.locator(f"{ENTRY} .offer-name a").first.click()
    page.wait_for_url("**/angebot/**")
    page.go_back()
    expect(page).to_have_url(address)
    expect(page.locator("select[name=thema]")).to_have_value("familie")
    expect(page.locator("select[name=stadtteil]")).to_have_value("fennpfuhl")
    assert visitor.listed() == seen


@everywhere((1280, False, "ar"))
def test_shares_a_filtered_list_by_its_address(visitor: Visitor, friend: Visitor) -> None:
    visitor.goto("/angebote?kostenlos=1")
    visitor.choose("thema", "familie")
    friend.page.goto(visitor.page.url)
    assert friend.listed() == visitor.listed() != []
    expect(friend.page.locator("h1")).to_have_text(visitor.page.locator("h1").inner_text())
    expect(friend.page.locator("#gewaehlt a")).to_have_count(visitor.page.locator("#gewaehlt a").count())


def collect(visitor: Visitor) -> list[str]:
    """Three offers in a list: pressed, or as somebody has sent them to a browser without scripts."""
    page = visitor.page
    if not visitor.scripts:
        found = visitor.api("/offers?space=lor:110306&per_page=3")["results"]
        kept = [str(offer["id"]) for offer in found]
        visitor.goto(f"/merkliste?o={','.join(kept)}")
        return kept
    visitor.goto("/angebote?stadtteil=fennpfuhl")
    buttons = page.locator("#liste [data-keep]").all()[:3]
    wanted = [button.get_attribute("data-keep") for button in buttons]
    for button in buttons:
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    page.locator("[data-keep-link]").click()
    return [button or "" for button in wanted]


def _entries(page: Page) -> list[str]:
    entries = page.locator("[data-entries] > li")
    expect(entries).to_have_count(3)
    return [entry.get_attribute("data-offer") or "" for entry in entries.all()]


@everywhere((360, True, "ar"), (1280, False, "de"))
def test_collects_three_offers_prints_and_shares_them(visitor: Visitor, friend: Visitor) -> None:
    page = visitor.page
    kept = collect(visitor)
    assert _entries(page) == kept
    page.emulate_media(media="print")
    for number, entry in enumerate(page.locator("[data-entries] > li").all(), start=1):
        expect(entry.locator("[data-number]")).to_have_text(str(number))
        expect(entry.locator("svg.qr")).to_be_visible()
    assert page.locator("main button:visible").count() == 0
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")
    link = page.locator("[data-link]").get_attribute("href") or ""
    assert link.endswith(f"#o={','.join(kept)}")
    friend.page.goto(link if friend.scripts else link.replace("#", "?"))
    assert _entries(friend.page) == kept


@everywhere((360, True, "ar"), (360, False, "de"))
def test_goes_offline_and_reads(visitor: Visitor, browser: Browser, tmp_path: Path) -> None:
    page = visitor.page
    visitor.goto("/stadtteil/fennpfuhl")
    if not visitor.scripts:  # what can be had without scripts is a file
        with page.expect_download() as download:
            page.locator("a[href$='/karte.html']").click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        context = browser.new_context(offline=True, java_script_enabled=False)
        alone = context.new_page()
        alone.goto(file.as_uri())
        total = visitor.api("/offers?space=lor:110306&per_page=1")["total"]
        expect(alone.locator("ol > li")).to_have_count(total)
        context.close()
        return
    page.locator("[data-save-now]").click()
    said = page.locator("[data-save-said]")
    expect(said).to_contain_text(visitor.says("Gespeichert. Stand:"), timeout=PATIENCE)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(BANNER)).to_be_visible()
    first = page.locator(f"{ENTRY} .offer-name a").first
    name = first.inner_text()
    first.click()
    expect(page.locator("h1")).to_have_text(name)
    assert page.locator(".fact-list dd").count() > 5


@everywhere((360, False, "ar"), (1280, True, "de"))
def test_switches_the_language_midway(visitor: Visitor) -> None:
    page = visitor.page
    visitor.goto("/angebote?thema=familie&kostenlos=1")
    seen = visitor.listed()
    other = "de" if visitor.locale == "ar" else "ar"
    page.locator(".menu > summary").click()
    page.locator(f".menu a[hreflang={other}]").first.click()
    expect(page).to_have_url(
        re.compile(re.escape(localized("/angebote?thema=familie&kostenlos=1", other)) + "$")
    )
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if other == "ar" else "ltr")
    assert visitor.listed() == seen != []
    page.locator(f"{ENTRY} .offer-name a").first.click()
    page.wait_for_url("**/angebot/**")
    name = page.locator("h1").inner_text()
    page.locator(".menu > summary").click()
    page.locator(f".menu a[hreflang={visitor.locale}]").first.click()
    expect(page.locator("html")).to_have_attribute("lang", visitor.locale)
    expect(page.locator("h1")).to_have_text(name)
