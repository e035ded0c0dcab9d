"""What people do with offers they want to keep: collect, order, take along, send around, drop again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, watched

pytestmark = pytest.mark.browser

STORED = "() => ({...localStorage, ...sessionStorage})"


def names(page: Page) -> list[str]:
    return page.locator("[data-entries] [data-name]").all_inner_texts()


def ids(page: Page) -> list[str]:
    return [entry.get_attribute("data-offer") or "" for entry in page.locator("[data-entries] > li").all()]


def some_ids(page: Page, count: int = 3) -> list[str]:
    """Numbers of offers, by way of the API."""
    found = page.request.get(f"/api/v1/offers?space=lor:110306&per_page={count}").json()
    return [str(offer["id"]) for offer in found["results"]]


def collect(page: Page, count: int = 3) -> list[str]:
    """Press „Merken“ at the first offers of a list and open the Merkliste."""
    page.goto("/angebote?stadtteil=fennpfuhl")
    buttons = page.locator("#liste [data-keep]")
    kept = []
    for position in range(count):
        button = buttons.nth(position)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        kept.append(button.get_attribute("data-keep") or "")
    link = page.get_by_role("link", name=f"Merkliste {count}")
    expect(link).to_be_visible()
    link.click()
    expect(page.locator("[data-entries] > li")).to_have_count(count)
    return kept


@pytest.fixture
def friend(browser: Browser, server: str) -> Iterator[Page]:
    """Somebody else's device."""
    yield from watched(browser.new_context(viewport=DESK, base_url=server), server)  # type: ignore[arg-type]


def test_nothing_is_stored_before_the_first_press(desk: Page) -> None:
    for address in ("/angebote?stadtteil=fennpfuhl", "/merkliste", "/merkliste#o=1,2", "/merkliste?o=1"):
        desk.goto(address)
        desk.wait_for_load_state("networkidle")
        assert desk.evaluate(STORED) == {}
    assert desk.context.cookies() == []
    expect(desk.locator("[data-keep-link]")).to_be_hidden()
    [number, *_] = collect(desk, 1)
    assert desk.evaluate(STORED) == {"merkliste": number}


def test_three_offers_are_kept_ordered_and_still_there_after_reloading(phone: Page) -> None:
    first, second, third = collect(phone)
    assert ids(phone) == [first, second, third]
    mover = phone.locator(f"[data-offer='{third}'] [data-do=up]")
    mover.click()
    expect(phone.locator("[data-said]")).to_contain_text("steht jetzt auf Platz 2.")
    expect(mover).to_be_focused()
    mover.click()
    expect(mover).to_have_attribute("aria-disabled", "true")
    assert phone.locator("[data-entries] [data-number]").all_inner_texts() == ["1", "2", "3"]
    expect(phone.locator("[data-link]")).to_have_attribute(
        "href", re.compile(f"#o={third},{first},{second}$")
    )
    phone.reload()
    expect(phone.locator("[data-entries] > li")).to_have_count(3)
    assert ids(phone) == [third, first, second]
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_offer_is_removed_and_comes_back_by_keyboard_alone(desk: Page) -> None:
    kept = collect(desk)
    desk.locator(f"[data-offer='{kept[1]}'] [data-do=remove]").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-entries] > li")).to_have_count(2)
    undo = desk.get_by_role("button", name="Rückgängig")
    expect(undo).to_be_focused()
    expect(desk.locator("[data-said]")).to_contain_text("steht nicht mehr auf der Merkliste.")
    expect(desk.locator("[data-keep-count]")).to_have_text("2")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-entries] > li")).to_have_count(3)
    assert ids(desk) == kept
    expect(undo).to_be_hidden()
    down = desk.locator(f"[data-offer='{kept[0]}'] [data-do=down]")
    down.focus()
    desk.keyboard.press("Space")
    expect(desk.locator("[data-entries] [data-offer]").nth(1)).to_have_attribute("data-offer", kept[0])
    assert ids(desk) == [kept[1], kept[0], kept[2]]
    expect(down).to_be_focused()


def test_an_emptied_list_leaves_nothing_behind_and_shows_ways_on(desk: Page) -> None:
    collect(desk, 1)
    desk.get_by_role("button", name="Merkliste leeren").click()
    expect(desk.get_by_text("Ihre Merkliste ist noch leer.")).to_be_visible()
    expect(desk.get_by_role("link", name="Hilfe suchen")).to_be_visible()
    expect(desk.locator("[data-keep-link]")).to_be_hidden()
    assert desk.evaluate(STORED) == {}


def test_a_shared_link_shows_the_list_and_can_be_taken_over(desk: Page, friend: Page) -> None:
    kept = collect(desk)
    link = desk.locator("[data-link]").get_attribute("href") or ""
    assert link.endswith(f"/merkliste#o={','.join(kept)}")
    friend.goto(link)
    expect(friend.get_by_role("heading", level=1, name="Geteilte Liste")).to_be_visible()
    expect(friend.locator("[data-entries] > li")).to_have_count(3)
    assert ids(friend) == kept
    assert friend.evaluate(STORED) == {}
    friend.get_by_role("button", name="Auf meine Merkliste nehmen").click()
    expect(friend.get_by_role("heading", level=1, name="Merkliste", exact=True)).to_be_visible()
    expect(friend.locator("[data-said]")).to_have_text("Auf Ihrer Merkliste: 3 Angebote")
    assert friend.url.endswith("/merkliste")
    friend.reload()
    expect(friend.locator("[data-entries] > li")).to_have_count(3)
    assert friend.evaluate(STORED) == {"merkliste": ",".join(kept)}


def test_a_shared_list_is_added_to_ones_own_or_takes_its_place(desk: Page) -> None:
    first, second, third = some_ids(desk)
    desk.goto("/angebote")
    desk.evaluate(f"localStorage.setItem('merkliste', '{third}')")
    desk.goto(f"/merkliste#o={first},{third}")
    desk.get_by_role("button", name="Auf meine Merkliste nehmen").click()
    expect(desk.locator("[data-entries] > li")).to_have_count(2)
    assert ids(desk) == [third, first]
    desk.goto(f"/merkliste?o={second}")
    desk.get_by_role("button", name="Meine Merkliste dadurch ersetzen").click()
    expect(desk.locator("[data-said]")).to_have_text("Auf Ihrer Merkliste: 1 Angebot")
    assert ids(desk) == [second]
    desk.get_by_role("button", name="Rückgängig").click()
    expect(desk.locator("[data-entries] > li")).to_have_count(2)
    assert ids(desk) == [third, first]


def test_what_is_gone_is_said_and_can_be_tidied_away(desk: Page) -> None:
    [first, *_] = some_ids(desk)
    desk.goto("/angebote")
    desk.evaluate(f"localStorage.setItem('merkliste', '999999999,{first}')")
    desk.goto("/merkliste")
    expect(desk.get_by_text("1 Angebot gibt es nicht mehr.")).to_be_visible()
    desk.get_by_role("button", name="Von der Merkliste nehmen").click()
    expect(desk.get_by_text("1 Angebot gibt es nicht mehr.")).to_be_hidden()
    assert desk.evaluate(STORED) == {"merkliste": first}


@pytest.mark.parametrize("said", ["1,abc", ",".join(map(str, range(1, 103))), "%zz", "7" * 20_000])
def test_a_broken_link_is_explained(desk: Page, said: str) -> None:
    desk.goto(f"/merkliste#o={said}")
    expect(desk.get_by_text("Bitte lassen Sie sich den Link noch einmal schicken.")).to_be_visible()


def test_a_list_that_cannot_be_loaded_says_so_and_can_be_asked_for_again(desk: Page) -> None:
    kept = collect(desk)
    desk.route("**/merkliste?o=**", lambda route: route.abort())
    desk.goto("/angebote")
    desk.goto("/merkliste")
    expect(desk.get_by_text("Wir können die Liste gerade nicht laden.")).to_be_visible()
    desk.unroute("**/merkliste?o=**")
    desk.get_by_role("button", name="Noch einmal versuchen").click()
    expect(desk.locator("[data-entries] > li")).to_have_count(3)
    assert ids(desk) == kept


def test_paper_has_numbers_and_qr_codes_and_no_buttons(desk: Page) -> None:
    collect(desk)
    desk.emulate_media(media="print")
    entries = desk.locator("[data-entries] > li")
    for number, entry in enumerate(entries.all(), start=1):
        expect(entry.locator("[data-number]")).to_have_text(str(number))
        expect(entry.locator("[data-number]")).to_be_visible()
        expect(entry.locator("svg.qr")).to_be_visible()
        assert entry.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    expect(desk.get_by_text("Gedruckt am")).to_be_visible()
    expect(desk.locator("figure svg.qr")).to_be_visible()
    assert desk.locator("main button:visible, header nav:visible").count() == 0


def test_calendar_and_map_are_downloaded_without_leaving_the_page(desk: Page) -> None:
    collect(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Karte zum Mitnehmen").click()
    assert download.value.suggested_filename == "merkliste.html"
    assert "angebot-3" in download.value.path().read_text(encoding="utf-8")
    expect(desk.locator("[data-entries] > li")).to_have_count(3)


def test_without_javascript_a_list_in_the_address_is_a_page(plain: Page) -> None:
    kept = some_ids(plain)
    plain.goto(f"/merkliste?o={','.join(kept)}")
    assert ids(plain) == kept
    assert len(names(plain)) == 3
    # Only what works without a script.
    assert plain.locator("button:visible:not([type=submit])").count() == 0
    assert plain.locator("figure svg.qr").is_visible()
    assert plain.get_by_role("link", name="Karte zum Mitnehmen").is_visible()
    plain.goto("/angebote")
    assert plain.locator("[data-keep]:visible").count() == 0
    plain.goto("/merkliste")
    assert plain.get_by_text("braucht Ihr Browser JavaScript").is_visible()
