"""A coach at a kitchen table: from three worries to a printed sheet in the family's language."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import watched
from tests.browser.fitting import CUT
from web.language import localized

pytestmark = pytest.mark.browser

# The Keystroke-Level Model (Card, Moran, Newell 1983): to think, to point at something, to press a key or a
# button. To read a page is not in it: a coach looks for what she knows to be there.
THINK, POINT, KEY, READ = 1.35, 1.1, 0.28, 10.0
MOST_SECONDS, MOST_STEPS = 120, 15
MOST_TABS = 90
PRINTED = "window.print = () => { document.documentElement.dataset.printed = document.documentElement.lang; }"
STORED = "[document.cookie, localStorage.length, sessionStorage.length]"
TABLET = {"width": 768, "height": 1024}


class Coach:
    """Somebody with a mouse or a finger, whose steps and seconds are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps, self.seconds = page, 0, 0.0

    def come_to(self, _what: Locator) -> None:
        self.steps += 1
        self.seconds += THINK + POINT

    def choose(self, what: Locator, words: str) -> None:
        self.come_to(what)
        what.select_option(label=words)
        self.seconds += THINK + POINT

    def write(self, what: Locator, words: str) -> None:
        self.come_to(what)
        what.fill(words)
        self.seconds += KEY * len(words)

    def tick(self, what: Locator) -> None:
        self.come_to(what)
        what.check(force=True)
        self.seconds += KEY

    def press(self, what: Locator) -> None:
        self.come_to(what)
        what.click()
        self.seconds += KEY

    def read(self) -> None:
        self.seconds += READ


class WithKeys(Coach):
    """Somebody without a mouse."""

    def come_to(self, what: Locator) -> None:
        self.steps += 1
        self.seconds += THINK
        for _ in range(MOST_TABS):
            if what.evaluate("it => it === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self.seconds += KEY
        raise AssertionError(f"nobody comes to {what} by the Tab key")

    def choose(self, what: Locator, words: str) -> None:
        self.come_to(what)
        self._type(words)
        expect(what.locator("option:checked")).to_have_text(words)

    def write(self, what: Locator, words: str) -> None:
        self.come_to(what)
        self._type(words)

    def tick(self, what: Locator) -> None:
        self.come_to(what)
        self.page.keyboard.press("Space")
        self.seconds += KEY
        expect(what).to_be_checked()

    def press(self, what: Locator) -> None:
        self.come_to(what)
        self.page.keyboard.press("Enter")
        self.seconds += KEY

    def _type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.seconds += KEY * len(words)


@pytest.fixture
def tablet(browser: Browser, server: str) -> Iterator[Page]:
    """A tablet that notes in which language it was told to print."""
    context = browser.new_context(viewport=TABLET, base_url=server)  # type: ignore[arg-type]
    context.add_init_script(PRINTED)
    yield from watched(context, server)


def worry(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Sorge {number}")


@pytest.mark.parametrize("kind", [Coach, WithKeys])
def test_from_three_worries_to_a_sheet_in_turkish(tablet: Page, kind: type[Coach]) -> None:
    coach = kind(tablet)
    tablet.goto("/")
    coach.press(tablet.get_by_role("link", name="Mehrere Sorgen auf einmal?"))
    coach.read()
    coach.choose(worry(tablet, 1).get_by_label("Thema"), "Schulden")
    coach.write(worry(tablet, 2).get_by_label("oder in eigenen Wörtern"), "Brief vom Jobcenter")
    coach.choose(worry(tablet, 3).get_by_label("Thema"), "Kita und Kinderbetreuung")
    coach.choose(tablet.get_by_label("Stadtteil"), "Fennpfuhl")
    coach.tick(tablet.get_by_label("Türkisch"))
    coach.press(tablet.locator(".plan-submit"))
    expect(tablet.locator("#ergebnis")).to_contain_text("Weg")
    coach.read()
    offers = tablet.locator(".plan-visit .offer-name").all_inner_texts()
    coach.press(tablet.get_by_role("button", name="Liste für die Familie machen"))
    coach.read()
    coach.press(tablet.get_by_role("button", name="Liste fertig machen"))
    coach.read()
    coach.press(tablet.get_by_role("link", name="Öffnen auf: Türkçe"))
    expect(tablet.locator("html")).to_have_attribute("lang", "tr")
    coach.press(tablet.get_by_role("button", name="Yazdır"))
    expect(tablet.locator("html")).to_have_attribute("data-printed", "tr")
    assert len(tablet.locator(".kept-entry").all()) == len(offers)
    assert coach.steps <= MOST_STEPS
    assert coach.seconds < MOST_SECONDS
    assert tablet.evaluate(STORED) == ["", 0, 0]


def test_rows_and_a_point_are_added_in_place_and_the_language_keeps_what_was_typed(desk: Page) -> None:
    desk.goto("/plan")
    for number in (4, 5, 6):
        desk.get_by_role("button", name="noch eine Sorge").click()
        expect(worry(desk, number).get_by_label("Thema")).to_be_focused()
    expect(desk.get_by_role("button", name="noch eine Sorge")).to_be_hidden()
    worry(desk, 6).get_by_label("oder in eigenen Wörtern").fill("Deutsch lernen")
    desk.get_by_role("button", name="Auf der Karte zeigen").click()
    canvas = desk.locator("[data-start-map] [data-map-canvas]")
    expect(canvas).to_be_focused()
    desk.keyboard.press("ArrowUp")
    desk.get_by_role("button", name="Hier gehen wir los").click()
    point = desk.locator("[name=punkt]").input_value()
    assert all(len(part.partition(".")[2]) == 3 for part in point.split(","))
    expect(desk.get_by_text("Der Punkt auf der Karte ist gewählt.")).to_be_visible()
    desk.locator("details[data-menu] summary").click()
    desk.get_by_role("link", name="English").click()
    expect(desk.locator("html")).to_have_attribute("lang", "en")
    assert desk.url.endswith("/en/plan")
    expect(desk.locator("[name=sorge-1-wort]")).to_have_value("Deutsch lernen")
    expect(desk.locator("[name=punkt]")).to_have_value(point)
    desk.get_by_role("button", name="Remove the point").click()
    expect(desk.locator("[name=punkt]")).to_have_value("")


def test_list_and_map_of_a_plan_are_one_and_ask_for_nothing_of_it(desk: Page) -> None:
    asked: list[str] = []
    desk.goto("/plan")
    desk.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    worry(desk, 1).get_by_label("Thema").select_option(label="Schulden")
    worry(desk, 2).get_by_label("oder in eigenen Wörtern").fill("Brief vom Jobcenter")
    desk.get_by_label("Stadtteil").select_option(label="Fennpfuhl")
    desk.locator(".plan-submit").click()
    desk.wait_for_selector("#karte[data-ready='1']")
    numbers = desk.locator("[data-offer][data-number]")
    assert desk.locator("#karte").get_attribute("data-markers") == str(numbers.count())
    pins = desk.locator("#karte .leaflet-marker-icon")
    first = pins.first
    first.click()
    if "map-cluster" in (first.get_attribute("class") or ""):
        link = desk.locator("[data-map-card] a").first
        expect(link).to_have_attribute("target", "_blank")
    else:
        expect(desk.locator(".plan-visit.is-selected")).to_have_count(1)
    private = ("schulden", "Jobcenter", "fennpfuhl", "Fennpfuhl", "bbox", "?o=")
    assert [one for one in asked if any(word in one for word in private)] == []
    desk.get_by_text("Angaben ändern").click()
    expect(worry(desk, 2).get_by_label("oder in eigenen Wörtern")).to_have_value("Brief vom Jobcenter")


def test_all_of_it_goes_without_scripts(plain: Page) -> None:
    plain.goto("/plan")
    plain.get_by_role("button", name="noch eine Sorge").click()
    worry(plain, 1).get_by_label("Thema").select_option("kita")
    worry(plain, 4).get_by_label("Thema").select_option("schulden")
    plain.get_by_label("Wie alt sind die Personen?").fill("vier")
    plain.locator(".plan-submit").click()
    plain.locator("#fehler a").click()
    expect(plain.get_by_label("Wie alt sind die Personen?")).to_have_value("vier")
    plain.get_by_label("Wie alt sind die Personen?").fill("4")
    plain.get_by_label("Wie alt sind die Personen?").press("Enter")
    expect(plain.locator(".plan-trip").first).to_be_visible()
    plain.locator("#sorge-1 summary").click()
    name = plain.locator("#sorge-1 .plan-other-name").first.inner_text()
    plain.locator("#sorge-1 .plan-other button").first.click()
    expect(plain.locator("#sorge-1 .plan-for")).to_contain_text(name)
    plain.get_by_role("button", name="Türkçe").click()
    assert plain.url.partition("#")[0].endswith("/tr/plan")
    expect(plain.locator("#sorge-1 .plan-for")).to_contain_text(name)
    plain.locator("form[action='/tr/liste'] button").click()
    expect(plain.locator(".kept-entry").first).to_be_visible()
    assert plain.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_phone_the_numbers_to_call_and_the_way_to_the_plan_are_in_reach(phone: Page) -> None:
    phone.goto("/plan")
    worry(phone, 1).get_by_label("oder in eigenen Wörtern").fill("mein Mann schlägt mich")
    early, late = (phone.locator(f".plan-{name}").bounding_box() for name in ("early", "submit"))
    assert early is not None
    assert late is not None
    assert early["y"] < late["y"] / 2
    phone.locator(".plan-early button").click()
    expect(phone.locator("#notruf")).to_be_in_viewport()
    expect(phone.get_by_role("link", name="116 016")).to_be_in_viewport()
    # On paper stands whom to call instead of a place, and no links to pages.
    phone.emulate_media(media="print")
    expect(phone.locator("#sorge-1 .kept-phone")).to_be_visible()
    expect(phone.locator(".footer-links")).to_be_hidden()


SAMPLE = {("de", 320), ("ar", 320), ("ar", 768), ("de", 1280)}
LOOKS = [
    pytest.param(locale, width, marks=() if (locale, width) in SAMPLE else pytest.mark.proof)
    for locale in ("de", "ar")
    for width in (320, 360, 768, 1280)
]


@pytest.mark.parametrize(("locale", "width"), LOOKS)
def test_axe_finds_nothing_in_form_mistakes_and_plan(
    browser: Browser, server: str, locale: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740}, base_url=server)
    page = context.new_page()
    page.goto(localized("/plan", locale))
    look(page, width)
    page.locator("[name=alter]").fill("?")
    page.locator(".plan-submit").click()
    look(page, width)
    page.locator("[name=alter]").fill("5")
    page.locator("[name=sorge-1-thema]").select_option("schulden")
    page.locator("[name=sorge-2-thema]").select_option("gewalt")
    page.locator("[name=sorge-3-wort]").fill("Xyzzyquark")
    page.locator("[name=stadtteil]").select_option("fennpfuhl")
    page.locator(".plan-submit").click()
    page.wait_for_selector("#karte[data-ready='1']")
    for more in page.locator("details.plan-others:not([open]), details.plan-change").all():
        more.locator("summary").first.click()
    look(page, width)
    context.close()


def look(page: Page, width: int) -> None:
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT) == []
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
