"""What somebody does who enters consultation hours: with keys alone, on a phone, with and without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PATH = "/sprechzeiten-formular"
ALL = (
    f"{PATH}?z1-tag=mo&z1-rhythmus=monat-woche&z1-woche=1&z1-von=12&z1-bis=14&z1-ort=Familienzentrum&z1-monat=3"
    "&z2-tag=fr&z2-von=9&z2-ferien=zu&z2-hinweis=Bitte+klingeln&z3-rhythmus=einmal&z3-seit=2031-07-01&z3-von=9"
    "&z3-ferien=zu&a1-am=2031-07-01&a1-art=verlegt&a1-ort=Rathaus&p1-erster=2027-12-20&p1-letzter=2028-01-05"
    "&sprache=ar&sprache=uk&sprache=de-simple&text=Mo+9-12"
)
WRONG = (
    f"{PATH}?z1-von=neun&z1-rhythmus=2-wochen&z1-seit=30.2.2026&z1-ab=x&a1-grund=krank"
    "&text=Mo+bei+Bedarf&tun=lesen"
)
DATES = ".hours-dates > li"


@pytest.mark.parametrize(
    ("address", "width"),
    [
        (ALL, 320),
        (WRONG, 1280),
        *(
            pytest.param(address, width, marks=pytest.mark.proof)
            for address, width in ((PATH, 320), (PATH, 1280), (WRONG, 320), (ALL, 1280), (f"/en{ALL}", 320))
        ),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(desk: Page, address: str, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(address)
    for fold in desk.locator("summary:visible").all():
        if fold.locator("xpath=..").get_attribute("open") is None:
            fold.click()
    result = Axe().run(desk)
    assert result.violations_count == 0, result.generate_report()
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.proof
def test_axe_finds_nothing_in_the_dark(desk: Page) -> None:
    desk.emulate_media(color_scheme="dark")
    for address in (ALL, WRONG):
        desk.goto(address)
        result = Axe().run(desk)
        assert result.violations_count == 0, result.generate_report()


def test_targets_are_large_enough_for_fingers(phone: Page) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(ALL)
    small = phone.evaluate(
        """() => [...document.querySelectorAll("label.hours-tick, form button, form select, form summary")]
          .filter((e) => e.checkVisibility() && !e.classList.contains("visually-hidden"))
          .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
          .filter(([, box]) => box.height < 44 || box.width < 44).map(([text]) => text)"""
    )
    assert small == []


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.name"))


def go_to(page: Page, field: str) -> None:
    """Tab on until a field has the focus."""
    for _ in range(60):
        if focused(page) == field:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {field}")


def test_hours_are_entered_with_keys_alone_and_seen_at_once(desk: Page) -> None:
    desk.goto(PATH)
    go_to(desk, "z1-rhythmus")
    desk.keyboard.type("bestimmte Woche")
    go_to(desk, "z1-woche")
    press(desk, "Space Tab Tab Space")  # 1. and 3.
    go_to(desk, "z1-tag")
    press(desk, "Tab Space")  # Tuesday
    go_to(desk, "z1-von")
    desk.keyboard.type("9")
    press(desk, "Tab")
    desk.keyboard.type("12")
    expect(desk.locator(DATES)).to_have_count(10)
    expect(desk.locator("[data-preview]")).to_contain_text("Jeden 1. und 3. Dienstag im Monat, 9–12 Uhr")
    assert focused(desk) == "z1-bis"
    expect(desk.locator("[data-status]")).to_have_text(re.compile("^Nächster Termin: Dienstag"))
    assert "z1-woche=3" in desk.url
    desk.keyboard.press("Enter")
    desk.wait_for_load_state()
    expect(desk.locator(DATES)).to_have_count(10)
    expect(desk.get_by_label("Bis", exact=True)).to_have_value("12")


@pytest.mark.proof
def test_only_the_fields_that_a_rhythm_needs_are_there(desk: Page) -> None:
    desk.goto(PATH)
    rhythm = desk.get_by_label("In welchem Rhythmus?")
    days = desk.get_by_role("group", name="An welchen Tagen?")
    expect(days).to_be_visible()
    rhythm.select_option("einmal")
    expect(days).to_be_hidden()
    expect(desk.get_by_label("An welchem Tag?")).to_be_visible()
    rhythm.select_option("monat-tag")
    expect(desk.get_by_label("An welchem Tag im Monat?")).to_be_visible()
    rhythm.select_option("3-wochen")
    expect(desk.get_by_label("An welchem Tag zum ersten Mal?")).to_be_visible()


def test_a_mistake_is_shown_at_its_field_and_goes_when_it_is_mended(desk: Page) -> None:
    desk.goto(f"{PATH}?z1-tag=mo&z1-von=neun&z1-ab=x")
    summary = desk.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    assert focused(desk) == "z1-von"
    expect(desk.get_by_label("Von", exact=True)).to_have_accessible_description(re.compile("keine Uhrzeit"))
    press(desk, "Control+a 9")
    expect(desk.locator("#z1-von-fehler")).to_be_hidden()
    expect(summary).to_be_visible()
    desk.get_by_label("Gilt ab").fill("")
    expect(summary).to_be_hidden()
    expect(desk.locator(DATES)).to_have_count(10)


def test_a_pasted_text_fills_the_form_on_a_phone(phone: Page) -> None:
    phone.goto(PATH)
    phone.get_by_label("Text einfügen").fill("Mo–Do 8–16 Uhr, Fr bis 14 Uhr")
    phone.get_by_role("button", name="Text übernehmen").click()
    expect(phone.get_by_text("Wir haben Ihren Text verstanden")).to_be_in_viewport()
    expect(phone.get_by_role("heading", name="Sprechzeit 2")).to_be_visible()
    expect(phone.locator("#z2-bis")).to_have_value("14")
    expect(phone.locator(DATES)).to_have_count(10)


def test_everything_works_without_scripts(plain: Page) -> None:
    plain.goto(PATH)
    plain.get_by_label("Montag").check()
    plain.get_by_label("Von", exact=True).fill("12")
    plain.get_by_label("Wo?").fill("Haus <A>")
    plain.get_by_role("button", name="Weitere Sprechzeit").click()
    assert plain.url.endswith("#z2")
    expect(plain.locator("#z2")).to_be_in_viewport()
    plain.locator("#z2-rhythmus").select_option("einmal")
    plain.locator("#z2-seit").fill("2031-07-01")
    plain.locator("#z2-von").fill("8")
    plain.get_by_role("button", name="Ausnahme eintragen").click()
    plain.get_by_label("Was ist anders?").select_option("verlegt")
    plain.get_by_label("Welcher Tag?").fill("2031-07-01")
    plain.get_by_label("Neuer Tag").fill("2031-07-02")
    plain.get_by_role("button", name="Vorschau anzeigen").last.click()
    expect(plain.locator(DATES)).to_have_count(10)
    expect(plain.locator("[data-preview]")).to_contain_text("Haus <A>")
    expect(plain.locator("[data-preview]")).to_contain_text("Jeden Montag, ab 12 Uhr")
    expect(plain.locator("#a1-auf")).to_have_value("2031-07-02")
    plain.get_by_role("button", name="Sprechzeit 1 entfernen").click()
    expect(plain.locator(DATES)).to_have_count(2)
    expect(plain.locator(DATES).last).to_contain_text("verlegt von Dienstag, 1. Juli 2031")
