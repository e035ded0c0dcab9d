"""What residents do: choose, look at map and list, open an offer."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

FENNPFUHL = "/angebote?stadtteil=fennpfuhl"
MAP = "#karte[data-ready='1']"


def open_map(page: Page, address: str) -> int:
    """Open a page, wait for its map and return the number of its markers."""
    page.goto(address)
    page.wait_for_selector(MAP)
    return int(page.locator(MAP).get_attribute("data-markers") or -1)


def api(page: Page, path: str) -> dict[str, Any]:
    found = page.request.get(path).json()
    assert isinstance(found, dict)
    return found


def test_total_list_and_markers_agree(desk: Page) -> None:
    markers = open_map(desk, FENNPFUHL)
    status = desk.get_by_role("status").first.inner_text()
    total, on_map, without = (int(n) for n in re.findall(r"(\d+) (?:Angebote?|Punkte?)", status)[:3])
    listed: list[str] = []
    while True:
        listed += [e.get_attribute("data-offer") or "" for e in desk.locator("[data-offer]").all()]
        following = desk.locator("a[rel=next]")
        if not following.count():
            break
        address = following.get_attribute("href") or ""
        following.click()
        desk.wait_for_url(lambda shown, address=address: shown.endswith(address))  # type: ignore[misc]
    points = api(desk, "/api/v1/map/points?space=lor:110306")
    assert markers == on_map == len(points["offers"]) == sum(points["offers_at"])
    assert len(listed) == len(set(listed)) == total
    assert len(set(points["offers"])) + without == total


def test_choosing_a_space_on_the_map_shows_its_offers(desk: Page) -> None:
    open_map(desk, "/angebote")
    desk.locator("[data-map-canvas] path[aria-label^='Fennpfuhl']").dispatch_event("click")
    desk.wait_for_url("**stadtteil=fennpfuhl**")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Angebote in Fennpfuhl")
    assert open_map(desk, desk.url) == len(api(desk, "/api/v1/map/points?space=lor:110306")["offers"])


def test_choosing_a_space_on_the_start_map_works_without_javascript(plain: Page) -> None:
    plain.goto("/")
    plain.locator("svg a[aria-label^='Fennpfuhl']").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Fennpfuhl")
    assert plain.locator("#karte").is_hidden()
    first = plain.locator("[data-offer] h3 a").first
    name = first.inner_text()
    first.click()
    expect(plain.get_by_role("heading", level=1)).to_have_text(name)
    assert "Woher diese Angaben stammen" in plain.locator("main").inner_text()


def test_the_filter_form_works_without_javascript(plain: Page) -> None:
    plain.goto("/angebote")
    plain.get_by_label("Thema", exact=True).select_option("geld")
    plain.get_by_label("Stadtteil", exact=True).select_option("fennpfuhl")
    plain.locator("form button[type=submit]").first.click()
    plain.wait_for_url("**thema=geld**")
    total = api(plain, "/api/v1/offers?topic=geld&space=lor:110306")["total"]
    assert plain.locator("#liste > .offer-list [data-offer]").count() == total


def test_what_was_found_is_on_the_first_screen_once_something_is_chosen(phone: Page) -> None:
    phone.goto("/angebote?stadtteil=fennpfuhl")
    expect(phone.locator("[data-offer] h2 a").first).to_be_in_viewport(ratio=1)
    expect(phone.get_by_label("Thema", exact=True)).to_be_hidden()
    phone.get_by_text("Filter ändern").click()
    expect(phone.get_by_label("Thema", exact=True)).to_be_visible()


def test_on_a_desk_the_filters_are_always_there(desk: Page) -> None:
    desk.goto("/angebote?stadtteil=fennpfuhl")
    expect(desk.get_by_text("Filter ändern")).to_be_hidden()
    desk.get_by_label("Thema", exact=True).focus()
    expect(desk.get_by_label("Thema", exact=True)).to_be_focused()


def test_numbered_pins_carry_the_numbers_of_the_list(desk: Page) -> None:
    open_map(desk, "/angebote?thema=bibliothek")
    numbers = {e.get_attribute("data-number") for e in desk.locator("#liste [data-number]").all()}
    pins = {p.inner_text().strip() for p in desk.locator("[data-map-canvas] .map-pin-shape").all()}
    assert pins
    assert pins <= numbers


def test_a_pin_leads_to_its_entry_by_keyboard(desk: Page) -> None:
    open_map(desk, "/angebote?thema=bibliothek")
    pin = desk.locator("[data-map-canvas] .map-marker:has(.map-pin-shape)").first
    number = pin.inner_text().strip()
    for key in ("Enter", " "):
        pin.focus()
        desk.keyboard.press(key)
        entry = desk.locator(f"[data-number='{number}']")
        expect(entry).to_have_class(re.compile("is-selected"))
        assert entry.evaluate("e => e.contains(document.activeElement)")
        desk.keyboard.press("Escape")
        assert desk.evaluate("document.activeElement.closest('[data-map-canvas]') !== null")


def test_list_and_map_change_places_on_a_phone(phone: Page) -> None:
    phone.goto(FENNPFUHL)
    assert phone.locator("#liste").is_visible()
    phone.get_by_role("link", name="Karte", exact=True).click()
    phone.wait_for_selector(MAP)
    assert "ansicht=karte" in phone.url
    assert "stadtteil=fennpfuhl" in phone.url
    assert phone.locator("[data-map-canvas]").is_visible()
    assert phone.locator("#liste [data-offer]").first.is_hidden()


def test_a_dot_shows_its_offer_at_the_bottom(phone: Page) -> None:
    phone.goto("/angebote?stadtteil=karlshorst&ansicht=karte")
    phone.wait_for_selector(MAP)
    marker = phone.locator("[data-map-canvas] .map-marker:has(.map-dot-shape)").first
    marker.focus()
    phone.keyboard.press("Enter")
    card = phone.locator("[data-map-card]")
    expect(card).to_be_visible()
    card.get_by_role("link").first.click()
    phone.wait_for_url("**/angebot/**")


def test_another_division_can_be_drawn_and_chosen(desk: Page) -> None:
    open_map(desk, "/angebote")
    desk.locator("[data-map-bar] select").select_option(label="Postleitzahl")
    area = desk.locator("[data-map-canvas] path[aria-label^='10369']")
    area.wait_for(state="attached")
    area.dispatch_event("click")
    desk.wait_for_url("**raum=plz%3A10369**")
    assert open_map(desk, desk.url) == len(api(desk, "/api/v1/map/points?space=plz:10369")["offers"])


def test_a_broken_map_leaves_the_list_alone(desk: Page) -> None:
    desk.route("**/api/v1/map/points**", lambda route: route.fulfill(status=503, body="{}"))
    desk.goto(FENNPFUHL)
    expect(desk.locator("[data-map-message]")).to_contain_text("nicht laden")
    assert desk.locator("#liste [data-number]").count() == 20


def test_the_file_to_take_along_opens_without_internet(browser: Browser, server: str, tmp_path: Path) -> None:
    context = browser.new_context(accept_downloads=True, base_url=server)
    page = context.new_page()
    page.goto("/stadtteil/fennpfuhl")
    with page.expect_download() as download:
        page.get_by_role("link", name="Karte zum Mitnehmen").click()
    total = page.request.get("/api/v1/offers?space=lor:110306&per_page=1").json()["total"]
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    context.close()
    assert file.name == "lichtenberg-fennpfuhl.html"
    alone = browser.new_context(offline=True).new_page()
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    alone.goto(file.as_uri())
    assert alone.locator(".leaflet-marker-icon").count() > 10
    assert alone.locator("ol > li").count() == total
    assert "OpenStreetMap" in alone.locator("footer").inner_text()
    alone.locator(".pin").first.click()
    assert "#angebot-" in alone.url
    assert asked == []
