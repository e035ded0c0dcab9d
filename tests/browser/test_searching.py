"""What residents do with words: type them, take a suggestion, see why something was found, go on."""

import json
import time
import urllib.request
from itertools import product
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

SUGGEST = "**/api/v1/suggest?**"
ATTACKS = [
    '<img src=x onerror="window.hit=1">',
    '"><script>window.hit=1</script>',
    "' autofocus onfocus='window.hit=1",
    "</title></script><svg onload=window.hit=1>",
    "{{ 7 * 7 }} %(words)s „“ & schulden",
]


@pytest.fixture(scope="module", autouse=True)
def _index_is_open(server: str) -> None:
    """Wait until words are answered from the index; the first question has it built."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{server}/api/v1/search?q=schulden", timeout=20) as answer:
            if json.load(answer)["by"] == "index":
                return
        time.sleep(0.2)
    pytest.fail("the index is never there")


def type_words(page: Page, words: str) -> None:
    page.get_by_role("combobox", name="suchen").press_sequentially(words)


def options(page: Page, words: str) -> None:
    """Type and wait for suggestions."""
    type_words(page, words)
    expect(page.get_by_role("listbox")).to_be_visible()


def suggested(page: Page, suggestions: list[dict[str, str]]) -> None:
    """Let the server suggest this and nothing else."""
    page.route(SUGGEST, lambda route: route.fulfill(json=suggestions))


def check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_word_typed_on_the_start_page_finds_marked_offers(phone: Page) -> None:
    phone.goto("/")
    type_words(phone, "Schulden")
    phone.get_by_role("button", name="Suchen").tap()
    phone.wait_for_url("**/angebote?q=Schulden")
    expect(phone.get_by_role("heading", level=1)).to_have_text("„Schulden“ in Berlin-Lichtenberg")
    assert "„Schulden“" in phone.title()
    first = phone.locator("[data-offer]").first
    expect(first.locator("h2 mark")).to_have_text("Schuldnerberatung")
    assert first.locator(".offer-summary").inner_text().count("Schulden") > 0
    expect(phone.locator("#suche")).to_have_value("Schulden")


def test_the_form_works_without_javascript(plain: Page) -> None:
    plain.goto("/")
    plain.get_by_label("Was suchen Sie?").fill("Schulden")
    plain.get_by_role("button", name="Suchen").click()
    assert plain.url.endswith("/angebote?q=Schulden")
    assert plain.locator("mark").count() > 0
    plain.get_by_label("Was suchen Sie?").fill("Kita")
    plain.get_by_label("Was suchen Sie?").press("Enter")
    assert "q=Kita" in plain.url
    assert plain.get_by_role("listbox").count() == 0


def test_words_and_filters_go_out_together(plain: Page) -> None:
    plain.goto("/angebote?ansicht=karte&alter=8&sort=name")
    plain.get_by_label("Was suchen Sie?").fill("Sport")
    plain.get_by_text("Filter ändern").click()
    plain.get_by_label("Stadtteil", exact=True).select_option("fennpfuhl")
    plain.get_by_role("button", name="Suchen").click()
    for said in ("q=Sport", "stadtteil=fennpfuhl", "alter=8", "ansicht=karte", "sort=name"):
        assert plain.url.count(said) == 1


def test_words_are_taken_away_again_and_filters_stay(phone: Page) -> None:
    phone.goto("/angebote?q=kita&stadtteil=fennpfuhl")
    phone.get_by_role("link", name="„kita“").tap()
    phone.wait_for_url("**/angebote?stadtteil=fennpfuhl")


def test_a_stadtteil_is_searched_on_its_own_page(phone: Page) -> None:
    phone.goto("/stadtteil/fennpfuhl")
    phone.get_by_label("In Fennpfuhl suchen").fill("kita")
    phone.get_by_label("In Fennpfuhl suchen").press("Enter")
    phone.wait_for_url("**/angebote?stadtteil=fennpfuhl&q=kita")
    expect(phone.get_by_role("heading", level=1)).to_have_text("„kita“ in Fennpfuhl")


def test_suggestions_are_chosen_by_keyboard(desk: Page) -> None:
    desk.goto("/")
    field = desk.locator("#suche")
    expect(field).to_have_attribute("aria-expanded", "false")
    options(desk, "schuld")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-controls", desk.get_by_role("listbox").get_attribute("id") or "")
    assert desk.get_by_role("listbox").get_by_role("group", name="Themen").count() == 1
    shown = desk.get_by_role("option")
    expect(desk.get_by_role("status").filter(has_text="Vorschl")).to_have_text(
        f"{shown.count()} Vorschl{'äge' if shown.count() > 1 else 'ag'}"
    )
    desk.keyboard.press("ArrowDown")
    expect(shown.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", shown.first.get_attribute("id") or "")
    desk.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    desk.keyboard.press("ArrowUp")
    expect(shown.last).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    expect(field).to_be_focused()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/angebote?thema=*")


def test_escape_and_tab_close_the_suggestions_and_enter_sends_what_was_typed(desk: Page) -> None:
    desk.goto("/")
    options(desk, "schuld")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("listbox")).to_be_hidden()
    expect(desk.locator("#suche")).to_have_value("schuld")
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("listbox")).to_be_visible()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("listbox")).to_be_hidden()
    expect(desk.get_by_role("button", name="Suchen")).to_be_focused()
    desk.keyboard.press("Shift+Tab")
    desk.keyboard.press("End")
    type_words(desk, "en")
    expect(desk.get_by_role("listbox")).to_be_visible()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/angebote?q=schulden")


def test_one_letter_is_too_little_for_suggestions(desk: Page) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url) if "/suggest?" in request.url else None)
    desk.goto("/")
    type_words(desk, "s")
    desk.wait_for_timeout(400)
    assert asked == []
    options(desk, "ch")
    desk.keyboard.press("Backspace")
    desk.keyboard.press("Backspace")
    expect(desk.get_by_role("listbox")).to_be_hidden()


def test_every_kind_of_suggestion_leads_on(phone: Page) -> None:
    ways = {
        "topic": ("schulden", "**/angebote?thema=schulden"),
        "space": ("fennpfuhl", "**/stadtteil/fennpfuhl"),
        "offer": ("anton-saefkow-bibliothek", "**/angebot/anton-saefkow-bibliothek"),
        "place": ("Rathaus", "**/angebote?q=Rathaus"),
    }
    for kind, (key, address) in ways.items():
        suggested(phone, [{"kind": kind, "key": key, "label": "Rathaus"}])
        phone.goto("/")
        options(phone, "rat")
        option = phone.get_by_role("option", name="Rathaus")
        box = option.bounding_box()
        assert box
        assert box["height"] >= 44
        option.tap()
        phone.wait_for_url(address)


def test_a_suggested_topic_keeps_what_else_is_chosen(desk: Page) -> None:
    suggested(desk, [{"kind": "topic", "key": "kita", "label": "Kita und Kinderbetreuung"}])
    desk.goto("/angebote?stadtteil=fennpfuhl&thema=geld")
    options(desk, "kita")
    desk.get_by_role("listbox").get_by_role("option").click()
    desk.wait_for_url(lambda address: "thema=kita" in address)
    assert "stadtteil=fennpfuhl" in desk.url
    assert "q=" not in desk.url
    assert "geld" not in desk.url


def test_an_old_answer_never_replaces_a_newer_one(desk: Page) -> None:
    held: list[Route] = []

    def answer(route: Route) -> None:
        if route.request.url.endswith("q=sch"):
            route.fulfill(json=[{"kind": "topic", "key": "neu", "label": "neu"}])
        else:
            held.append(route)

    desk.route(SUGGEST, answer)
    desk.goto("/")
    type_words(desk, "sc")
    desk.wait_for_timeout(400)
    type_words(desk, "h")
    expect(desk.get_by_role("option")).to_have_text("neu")
    for route in held:
        route.fulfill(json=[{"kind": "topic", "key": "alt", "label": "alt"}])
    desk.wait_for_timeout(200)
    assert len(held) == 1
    expect(desk.get_by_role("option")).to_have_text("neu")


@pytest.mark.parametrize("body", ["{}", "[", '"oops"'])
@pytest.mark.parametrize("status", [200, 503])
def test_broken_suggestions_are_silent(desk: Page, status: int, body: str) -> None:
    desk.route(SUGGEST, lambda route: route.fulfill(status=status, body=body))
    desk.goto("/")
    type_words(desk, "kita")
    desk.wait_for_timeout(500)
    expect(desk.get_by_role("listbox")).to_be_hidden()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/angebote?q=kita")


def test_a_slip_is_mended_and_says_so(phone: Page) -> None:
    phone.goto("/angebote?q=schuldnerberatng")
    main = phone.locator("main")
    expect(main).to_contain_text("Ergebnisse für „Schuldnerberatung“")
    expect(main).to_contain_text("Sie haben „schuldnerberatng“ geschrieben.")
    expect(phone.locator("h2 mark").first).to_have_text("Schuldnerberatung")
    phone.get_by_role("link", name="„Schuldnerberatung“").tap()
    phone.wait_for_url("**q=Schuldnerberatung")
    assert "Ergebnisse für" not in main.inner_text()


def test_a_word_that_nothing_answers_to_is_named(phone: Page) -> None:
    phone.goto("/angebote?q=schulden+xqzvbn")
    expect(phone.locator("main")).to_contain_text("Zu „xqzvbn“ haben wir nichts gefunden.")
    assert phone.locator("[data-offer]").count() > 0


def test_what_answers_only_a_part_comes_after_and_says_what_is_missing(phone: Page) -> None:
    phone.goto("/angebote?q=schulden+vietnamesisch")
    expect(phone.get_by_role("status").first).to_contain_text("zum Teil")
    part = phone.get_by_role("region", name="Das passt zum Teil")
    cards = part.locator("[data-offer]") if part.count() else phone.locator("#liste [data-offer]")
    expect(cards.first).to_contain_text("steht hier nichts")
    numbers = [card.get_attribute("data-number") for card in phone.locator("#liste [data-number]").all()]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


def test_nonsense_finds_nothing_and_shows_ways_on(phone: Page) -> None:
    phone.goto("/angebote?q=xqzvbn+schulden&thema=bibliothek&stadtteil=fennpfuhl")
    main = phone.locator("main")
    expect(main).to_contain_text("Zu „xqzvbn schulden“ haben wir nichts gefunden")
    assert phone.locator("#liste > .offer-list [data-offer]").count() == 0
    assert (main.locator("a[href^='tel:']").first.get_attribute("href") or "").startswith("tel:0")
    assert main.get_by_role("link", name="Thema wählen").get_attribute("href") == "/#themen"
    ways = [way.inner_text().strip() for way in main.locator(".empty .chip").all()]
    assert ways == [
        "ohne „Bibliotheken“ suchen",
        "ohne „Fennpfuhl“ suchen",
        "ohne „xqzvbn schulden“ suchen",
    ]
    main.get_by_role("link", name="ohne „xqzvbn schulden“ suchen").tap()
    phone.wait_for_url("**/angebote?thema=bibliothek&stadtteil=fennpfuhl")
    assert phone.locator("#liste > .offer-list [data-offer]").count() > 0


@pytest.mark.parametrize("attack", ATTACKS)
def test_words_are_never_executed(desk: Page, attack: str) -> None:
    desk.goto(f"/angebote?q={quote(attack)}")
    desk.wait_for_load_state("networkidle")
    expect(desk.locator("#suche")).to_have_value(attack)
    assert attack in desk.locator("main").inner_text()
    assert desk.evaluate("window.hit") is None
    assert desk.locator("img[src=x], svg[onload], main script:not([type])").count() == 0


@pytest.mark.parametrize("attack", ATTACKS)
def test_suggestions_are_text_and_nothing_else(desk: Page, attack: str) -> None:
    unknown = {"kind": attack, "key": "", "label": ""}
    suggested(desk, [{"kind": "offer", "key": attack, "label": attack}, unknown])
    desk.goto("/")
    options(desk, "sch")
    expect(desk.get_by_role("option")).to_have_text(attack)
    desk.wait_for_timeout(100)
    assert desk.evaluate("window.hit") is None
    assert desk.locator("[role=listbox] bdi > *").count() == 0


def test_nothing_about_the_words_stays_on_the_device(desk: Page) -> None:
    desk.goto("/")
    options(desk, "schuld")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**q=schuld")
    assert desk.evaluate("localStorage.length + sessionStorage.length") == 0
    assert desk.context.cookies() == []
    assert desk.locator("#suche").get_attribute("autocomplete") == "off"


LOOKS = {("schulden", 1280, "dark"), ("schulden+vietnamesisch", 360, "light"), ("xqzvbn", 360, "dark")}


@pytest.mark.parametrize(
    ("words", "width", "scheme"),
    [
        pytest.param(*case, marks=() if case in LOOKS else pytest.mark.proof)
        for case in product(["schulden", "schulden+vietnamesisch", "xqzvbn"], [360, 1280], ["light", "dark"])
    ],
)
def test_axe_finds_nothing_in_results(desk: Page, words: str, width: int, scheme: str) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    desk.goto(f"/angebote?q={words}", wait_until="networkidle")
    check(desk)


@pytest.mark.parametrize("address", ["/", "/angebote", "/stadtteil/fennpfuhl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_open_suggestions_are_accessible_and_stay_inside(desk: Page, address: str, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(address, wait_until="networkidle")
    options(desk, "sch")
    desk.keyboard.press("ArrowDown")
    check(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    size = desk.locator("#suche").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 16


def test_long_words_do_not_stick_out(phone: Page) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    for words in ("x" * 200, "schulden " + "y" * 150, "schulden " * 22):
        phone.goto(f"/angebote?q={quote(words.strip())}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320
