"""What somebody does who reads another language: switch, read from right to left, look at the map."""

import re

import pytest
from playwright.sync_api import Page, expect

from web.language import translations

pytestmark = pytest.mark.browser

MAP = "#karte[data-ready='1']"
NUMBERS = (0, 1, 2, 3, 5, 11, 21, 22, 25, 100, 101, 111)
COUNT = """numbers => import("/static/js/plurals.js").then(({ counting }) =>
  numbers.map(counting(JSON.parse(document.getElementById("map-texts").textContent).offers)))"""


def middle(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2


def test_switches_the_language_midway_and_stays_where_one_was(phone: Page) -> None:
    phone.goto("/angebote?thema=familie&stadtteil=fennpfuhl#liste")
    phone.evaluate("history.replaceState(null, '', '?thema=familie&stadtteil=fennpfuhl&kostenlos=1#liste')")
    phone.locator("details.menu summary").click()
    phone.get_by_role("link", name="العربية").click()
    expect(phone).to_have_url(
        re.compile(r"/ar/angebote\?thema=familie&stadtteil=fennpfuhl&kostenlos=1#liste$")
    )
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.go_back()
    expect(phone.locator("html")).to_have_attribute("lang", "de")
    assert "kostenlos=1" in phone.url


def test_reads_list_and_map_from_right_to_left(desk: Page) -> None:
    desk.goto("/ar/angebote?stadtteil=fennpfuhl")
    desk.wait_for_selector(MAP)
    assert middle(desk, "#liste") > middle(desk, ".map-canvas")
    assert middle(desk, ".leaflet-control-zoom") > middle(desk, ".map-canvas")
    assert middle(desk, ".offer-card .number") > middle(desk, ".offer-card .offer-name")
    name = desk.locator(".offer-name a").first
    expect(name).to_have_attribute("lang", "de")
    expect(name).to_have_attribute("dir", "ltr")


@pytest.mark.parametrize("code", ["ar", "uk"])
def test_scripts_count_as_the_server_does(desk: Page, code: str) -> None:
    desk.goto(f"/{code}/angebote?stadtteil=fennpfuhl")
    said = translations(code).ngettext
    expected = [said("%(num)s Angebot", "%(num)s Angebote", n) for n in NUMBERS]
    assert desk.evaluate(COUNT, NUMBERS) == [
        text % {"num": number} for text, number in zip(expected, NUMBERS, strict=True)
    ]
