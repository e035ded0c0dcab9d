"""From the Merkliste to a list in somebody's hand: with and without a script, by keyboard, on paper."""

import io
import re

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def some(page: Page, count: int = 3) -> str:
    """Numbers of offers, as the Merkliste names them."""
    found = page.request.get(f"/api/v1/offers?space=lor:110306&per_page={count}").json()
    return ",".join(str(offer["id"]) for offer in found["results"])


def begin(page: Page, count: int = 3) -> list[str]:
    """Come from a Merkliste to the draft of a list; return the names in it."""
    page.goto(f"/merkliste?o={some(page, count)}")
    page.get_by_role("button", name="Als Liste für jemanden zusammenstellen").click()
    expect(page.get_by_role("heading", level=1, name="Liste zusammenstellen")).to_be_visible()
    return page.locator(".kept-name").all_inner_texts()


def finish(page: Page) -> str:
    """Make the list of a draft and return its code."""
    page.get_by_role("button", name="Liste fertig machen").click()
    expect(page.get_by_role("heading", name="Die Liste ist fertig")).to_be_visible()
    found = re.search(r"/liste/([\w-]{24})\?fuer=", page.url)
    assert found
    return found[1]


def calm(page: Page) -> None:
    """Nothing that axe finds, and nothing that sticks out."""
    assert Axe().run(page).response["violations"] == []
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_list_in_turkish_is_made_and_deleted_without_a_script(plain: Page) -> None:
    first, second, third = begin(plain)
    plain.locator("#eintrag-1").get_by_label("Bitte vorher anrufen").check()
    plain.locator("#eintrag-3").get_by_role("button", name=f"{third} nach oben").click()
    expect(plain.locator(".kept-name")).to_have_text([first, third, second])
    plain.locator("#eintrag-3").get_by_role("button", name="Entfernen").click()
    expect(plain.locator(".kept-name")).to_have_text([first, third])
    expect(plain.locator("#eintrag-1").get_by_label("Bitte vorher anrufen")).to_be_checked()
    plain.get_by_label("Türkçe").check()
    code = finish(plain)
    plain.get_by_role("link", name="Öffnen auf: Türkçe").click()
    expect(plain).to_have_url(re.compile(f"/tr/liste/{code}$"))
    expect(plain.get_by_text("Lütfen önce telefon edin")).to_be_visible()
    sheet = plain.request.get(plain.locator("a[href$='.pdf']").get_attribute("href") or "")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sheet.body())).pages)
    assert first in text
    plain.locator(".list-end a").click()
    plain.locator("form button").click()
    expect(plain.get_by_role("heading", level=1, name="Liste silindi")).to_be_visible()
    assert plain.request.get(f"/liste/{code}").status == 404


def test_by_keyboard_alone_and_what_is_moved_comes_into_view(desk: Page) -> None:
    first, second, third = begin(desk)
    desk.locator("#eintrag-1").get_by_role("button", name=f"{first} nach unten").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".kept-name")).to_have_text([second, first, third])
    expect(desk).to_have_url(re.compile("#eintrag-2$"))
    # Notes of all but the first are folded.
    desk.locator("#eintrag-2 summary").focus()
    desk.keyboard.press("Enter")
    desk.locator("#eintrag-2").get_by_label("Ich komme mit").focus()
    desk.keyboard.press("Space")
    # Enter in a box moves and removes nothing.
    desk.keyboard.press("Enter")
    expect(desk.locator(".kept-name")).to_have_text([second, first, third])
    desk.get_by_role("button", name="Liste fertig machen").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Die Liste ist fertig")).to_be_visible()
    expect(desk.locator("#eintrag-2").get_by_text("Ich komme mit")).to_be_visible()
    assert desk.context.cookies() == []
    assert desk.evaluate("() => ({...localStorage, ...sessionStorage})") == {}


def test_nothing_stands_in_the_way_of_anybody(desk: Page, phone: Page) -> None:
    for page in (phone, desk):
        begin(page)
        calm(page)
        page.locator("#eintrag-1").get_by_label("Bitte den Ausweis mitbringen").check()
        code = finish(page)
        calm(page)
        for path in (f"/ar/liste/{code}", f"/liste/{code}/loeschen", "/liste/x"):
            page.goto(path)
            calm(page)


def test_on_paper_stand_entries_and_codes_and_nothing_else(desk: Page) -> None:
    begin(desk)
    code = finish(desk)
    desk.goto(f"/tr/liste/{code}")
    desk.emulate_media(media="print")
    expect(desk.locator(".list-qr")).to_be_visible()
    expect(desk.locator(".kept-entry .kept-qr")).to_have_count(3)
    for hidden in (".list-end", ".kept-more", ".kept-way", ".site-nav", ".footer-links", ".help"):
        assert not [one for one in desk.locator(hidden).all() if one.is_visible()], hidden
    assert len(pypdf.PdfReader(io.BytesIO(desk.pdf(format="A4"))).pages) <= 2


def test_the_link_is_told_to_no_other_page(desk: Page) -> None:
    begin(desk)
    code = finish(desk)
    desk.goto(f"/liste/{code}")
    with desk.expect_request("**/angebot/**") as asked:
        desk.locator(".kept-name a").first.click()
    assert "referer" not in asked.value.headers
    assert desk.evaluate("document.referrer") == ""
