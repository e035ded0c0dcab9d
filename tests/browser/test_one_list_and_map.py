"""What residents do with list and map together: filter, go back, look around, search there."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, watched
from tests.browser.test_finding_help import api, open_map

pytestmark = pytest.mark.browser

CANVAS = "[data-map-canvas]"
MARKERS = f"{CANVAS} .map-marker"
SEARCH_HERE = "In diesem Ausschnitt suchen"
STORED = "localStorage.length + sessionStorage.length"


def listed(page: Page) -> list[str]:
    """Return the offers of the list, in their order."""
    return [entry.get_attribute("data-offer") or "" for entry in page.locator("#liste [data-number]").all()]


def total(page: Page) -> int:
    """Return the number of offers that the page says it has found."""
    said = re.search(r"(\d+) Angebot", page.locator("#trefferzahl").inner_text())
    return int(said[1]) if said else 0


def stay(page: Page) -> None:
    """Leave a sign that is gone once the page is loaded anew."""
    page.evaluate("window.sameUntilReload = true")


def is_same(page: Page) -> bool:
    """Return whether the page is still the one with the sign."""
    return bool(page.evaluate("window.sameUntilReload === true"))


def show_filters(page: Page) -> None:
    fold = page.locator(".filters-fold:not([open]) > summary")
    if fold.count():
        fold.click()


@pytest.fixture
def somewhere(browser: Browser, server: str) -> Iterator[Page]:
    """A phone that says where it is, more exactly than anybody should know."""
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        base_url=server,
        has_touch=True,
        permissions=["geolocation"],
        geolocation={"latitude": 52.5163456, "longitude": 13.4774321},
    )
    yield from watched(context, server)


def test_filter_open_an_offer_and_go_back(desk: Page) -> None:
    open_map(desk, "/angebote")
    everything = listed(desk)
    stay(desk)
    desk.get_by_label("Thema", exact=True).focus()
    desk.get_by_label("Thema", exact=True).select_option("bibliothek")
    desk.wait_for_url("**/angebote?thema=bibliothek")
    assert is_same(desk)
    expect(desk.get_by_label("Thema", exact=True)).to_be_focused()
    found = api(desk, "/api/v1/offers?topic=bibliothek")
    assert listed(desk) == [str(offer["id"]) for offer in found["results"]]
    assert total(desk) == found["total"]
    english = desk.locator("a[hreflang=en]")
    expect(english).to_have_attribute("href", "/en/angebote?thema=bibliothek")
    on_map = str(len(api(desk, "/api/v1/map/points?topic=bibliothek")["offers"]))
    expect(desk.locator("#karte")).to_have_attribute("data-markers", on_map)
    desk.locator("#liste .offer-name a").first.click()
    desk.wait_for_url("**/angebot/**")
    desk.go_back()
    desk.wait_for_url("**/angebote?thema=bibliothek")
    assert listed(desk) == [str(offer["id"]) for offer in found["results"]]
    expect(desk.get_by_label("Thema", exact=True)).to_have_value("bibliothek")
    desk.go_back()
    desk.wait_for_url("**/angebote")
    expect(desk.locator("#liste [data-number]").first).to_have_attribute("data-offer", everything[0])
    expect(desk.get_by_label("Thema", exact=True)).to_have_value("")
    assert desk.evaluate(STORED) == 0
    assert desk.context.cookies() == []


def test_turn_the_page_and_remove_a_chip_on_a_phone(phone: Page) -> None:
    phone.goto("/angebote?stadtteil=fennpfuhl")
    stay(phone)
    phone.get_by_role("link", name="Weiter", exact=True).tap()
    phone.wait_for_url("**seite=2")
    expect(phone.locator("#liste")).to_be_focused()
    expect(phone.locator("#liste [data-number]").first).to_have_attribute("data-number", "21")
    assert "Seite 2" in phone.title()
    phone.get_by_role("link", name="Karte", exact=True).tap()
    phone.wait_for_url("**ansicht=karte**")
    phone.wait_for_selector("#karte[data-ready='1']")
    expect(phone.locator(CANVAS)).to_be_visible()
    expect(phone.locator("#liste")).to_be_hidden()
    phone.locator("#gewaehlt").get_by_role("link", name="Fennpfuhl").tap()
    phone.wait_for_url("**/angebote?ansicht=karte")
    assert is_same(phone)
    assert total(phone) == api(phone, "/api/v1/offers")["total"]


def test_a_filtered_list_is_the_same_for_whom_it_is_sent_to(desk: Page, plain: Page) -> None:
    desk.goto("/angebote")
    desk.get_by_label("Stadtteil", exact=True).select_option("fennpfuhl")
    desk.wait_for_url("**stadtteil=fennpfuhl")
    desk.locator(".filters-more > summary").click()
    desk.get_by_label("kostenlos").check()
    desk.wait_for_url("**kostenlos=1**")
    expect(desk.locator(".filters-more")).to_have_attribute("open", "")
    plain.goto(desk.url)
    assert listed(plain) == listed(desk) != []
    assert plain.locator("#trefferzahl").inner_text() == desk.locator("#trefferzahl").inner_text()
    # A filter that finds nothing and back: the map comes again.
    desk.get_by_label("Thema", exact=True).select_option("sucht")
    desk.wait_for_url("**thema=sucht**")
    expect(desk.locator("#karte")).to_be_visible(visible=total(desk) > 0)


def test_search_in_this_part_of_the_map(desk: Page, plain: Page) -> None:
    open_map(desk, "/angebote?stadtteil=fennpfuhl")
    stay(desk)
    before = listed(desk)
    expect(desk.get_by_role("link", name=SEARCH_HERE)).to_be_hidden()
    desk.locator(CANVAS).focus()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("+")
    desk.get_by_role("link", name=SEARCH_HERE).wait_for()
    assert listed(desk) == before
    desk.get_by_role("link", name=SEARCH_HERE).click()
    desk.wait_for_url("**/angebote?ausschnitt=**")
    assert is_same(desk)
    expect(desk.get_by_role("link", name=SEARCH_HERE)).to_be_hidden()
    part = desk.url.partition("ausschnitt=")[2]
    assert re.fullmatch(r"(\d+\.\d{3},){3}\d+\.\d{3}", part)
    assert total(desk) == api(desk, f"/api/v1/offers?bbox={part}")["total"] > 0
    plain.goto(desk.url)
    assert listed(plain) == listed(desk)
    plain.get_by_role("link", name="Kartenausschnitt").click()
    assert plain.url.endswith("/angebote?")
    assert total(plain) == api(plain, "/api/v1/offers")["total"]


def test_the_map_is_used_by_keyboard_alone(desk: Page) -> None:
    open_map(desk, "/angebote")
    numbers = [
        int(said[1])
        for label in desk.locator(MARKERS).evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
        if (said := re.search(r"(?:Nummer|Nr\.) (\d+)", label))
    ]
    assert numbers == sorted(numbers) != []
    cluster = desk.locator(f"{CANVAS} .map-cluster").first
    expect(cluster).to_have_attribute("aria-label", re.compile(r"^\d+ Angebote"))
    shown = desk.locator(MARKERS).count()
    cluster.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(MARKERS)).not_to_have_count(shown)
    expect(desk.locator(f"{MARKERS}:focus")).to_have_count(1)
    open_map(desk, "/angebote?thema=bibliothek")
    pin = desk.locator(f"{MARKERS}:has(.map-pin-shape)").first
    pin.focus()
    number = pin.inner_text().strip()
    desk.keyboard.press("Space")
    entry = desk.locator(f"[data-number='{number}']")
    expect(entry).to_be_focused()
    expect(entry).to_be_in_viewport()
    desk.keyboard.press("Escape")
    expect(pin).to_be_focused()
    desk.locator(f"[data-number='{number}'] .offer-name a").focus()
    expect(pin).to_have_class(re.compile("is-highlighted"))


def test_offers_of_one_house_are_listed_at_its_pin(phone: Page) -> None:
    points = api(phone, "/api/v1/map/points")
    at, count = max(enumerate(points["offers_at"]), key=lambda place: int(place[1]))
    lon = points["origin"][0] + points["x"][at] / points["scale"]
    lat = points["origin"][1] + points["y"][at] / points["scale"]
    part = f"{lon - 0.001:.3f},{lat - 0.001:.3f},{lon + 0.001:.3f},{lat + 0.001:.3f}"
    open_map(phone, f"/angebote?ausschnitt={part}&ansicht=karte")
    card = phone.locator("[data-map-card]")
    for _zoom in range(5):
        phone.locator(f"{CANVAS} .map-cluster").first.focus()
        phone.keyboard.press("Enter")
        phone.wait_for_timeout(500)
        if card.is_visible():
            break
    expect(card.get_by_role("heading")).to_have_text(re.compile(r"\d+ Angebote"))
    names = card.locator("li a")
    assert 1 < names.count() <= count
    phone.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(phone.locator(f"{CANVAS} .map-cluster:focus")).to_have_count(1)


def test_near_me_is_asked_for_only_after_a_tap_and_known_only_about(somewhere: Page) -> None:
    somewhere.goto("/angebote?stadtteil=karlshorst&thema=geld")
    somewhere.get_by_role("button", name="In meiner Nähe").tap()
    somewhere.wait_for_url("**/angebote?thema=geld&nahe=13.477,52.516")
    expect(somewhere.locator("#liste [data-offer]").first).to_contain_text(
        re.compile(r"ca\. .*m \(Luftlinie\)")
    )
    expect(somewhere.locator("#gewaehlt").get_by_role("link", name="In meiner Nähe")).to_be_visible()
    before = total(somewhere)
    show_filters(somewhere)
    somewhere.get_by_label("Entfernung", exact=True).select_option("10")
    somewhere.wait_for_url("**umkreis=10**")
    assert total(somewhere) > before


def test_whoever_does_not_say_where_they_are_chooses_a_stadtteil(phone: Page) -> None:
    phone.goto("/angebote?ansicht=karte")
    phone.get_by_role("button", name="In meiner Nähe").tap()
    expect(phone.locator("[data-near-message]")).to_contain_text("Postleitzahl")
    expect(phone.get_by_label("Stadtteil", exact=True)).to_be_focused()
    assert "nahe" not in phone.url
    phone.goto("/angebote?q=10369")
    assert total(phone) > 0
