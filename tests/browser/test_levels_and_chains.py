"""Ordering a list by who helps, with scripts and pins; from a chain to a plan on a phone without any."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_switch_keeps_list_pins_and_filters_together(desk: Page) -> None:
    desk.goto("/angebote?thema=familie")
    desk.wait_for_selector("#karte[data-ready='1']")
    switch = desk.get_by_role("navigation", name="Reihenfolge")
    desk.evaluate("window.stays = true")
    switch.get_by_role("link", name="Wer hilft").click()
    expect(desk.get_by_role("heading", name="Nachbarschaft und Selbsthilfe")).to_be_visible()
    expect(switch.get_by_role("link", name="Wer hilft")).to_be_focused()
    assert desk.evaluate("window.stays"), "the page was loaded anew"
    first = desk.locator("#liste [data-number='1']")
    expect(first).to_contain_text("Nachbarschaft und Selbsthilfe")
    numbers = desk.locator("#liste [data-number]").evaluate_all(
        "all => all.map((one) => Number(one.dataset.number))"
    )
    assert numbers == list(range(1, len(numbers) + 1))
    expect(desk.locator("#karte .map-pin-shape").first).to_be_visible()
    # Another filter keeps the order; the last level is one step away, on whatever page it begins.
    desk.locator("#filter-stadtteil").select_option("karlshorst")
    desk.wait_for_url(re.compile("gruppe=ebene.*stadtteil=karlshorst|stadtteil=karlshorst.*gruppe=ebene"))
    desk.goto("/angebote?gruppe=ebene")
    desk.locator(".levels-note").get_by_role("link", name="Beratung und Ämter").click()
    expect(desk.locator("#ebene-4")).to_be_in_viewport()
    desk.get_by_role("navigation", name="Reihenfolge").get_by_role("link", name="Alles zusammen").click()
    expect(desk.locator("#ebene-4")).to_have_count(0)


def test_from_a_chain_to_a_plan_without_scripts(plain: Page) -> None:
    plain.goto("/")
    plain.get_by_role("link", name="Hilfe Schritt für Schritt").click()
    plain.get_by_role("link", name="Mietschulden").click()
    plain.get_by_label("Stadtteil").select_option("fennpfuhl")
    plain.get_by_role("button", name="Anzeigen").click()
    expect(plain.locator(".chain-step")).to_have_count(5)
    plain.get_by_label("Essen für wenig Geld").uncheck()
    plain.get_by_role("button", name="Damit einen Plan machen").click()
    expect(plain).to_have_url(re.compile("/plan$"))
    expect(plain.locator("#sorge-1-thema")).to_have_value("mietschulden")
    expect(plain.locator("#sorge-4-thema")).to_have_value("schulden")
    expect(plain.locator("#sorge-5-thema")).to_have_count(0)
    expect(plain.locator("select[name=stadtteil]")).to_have_value("fennpfuhl")
