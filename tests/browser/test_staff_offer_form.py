"""The form for an offer in a real browser: saved while typing, a pin to move, the page beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.curation import sheet
from api.curation.sheet_fields import Sheet
from api.history.models import Origin
from api.offers.models import Offer
from tests.accounts.people import PASSWORD
from tests.accounts.serving import served
from tests.browser.conftest import DESK
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.curation.sheets import contact, line, place, point, told
from tests.factories import act
from tests.geocoding.sample import load_town
from tests.web.staff_offers import make_city

pytestmark = pytest.mark.browser

ALL, WEST, EDITOR = "alle@stadt.example", "west@stadt.example", "redaktion@stadt.example"
STEPS = ("was", "wo", "wann", "kontakt", "sprachen", "ansehen")
# Somebody tells of saving on the way, politely.
SAVED = "[data-saved]"


@pytest.fixture
def city(database: Engine, tmp_path: Path) -> Engine:
    """A city with the addresses of a few houses, its staff, and one offer with an old translation."""
    with Session(database) as session, session.begin():
        region = make_city(session)
        load_town(session, tmp_path, region)
        texts = {"text": "Help for all.", "of": "Hilfe für viele."}
        fields = {
            "summary": "Hilfe für alle.",
            "topics": ["familie"],
            "organization": "Nachbarn e. V.",
            "translations.en.summary": texts,
            "places": {"new-1": place(point=point(13.2, 52.5), schedules=[line()])},
            "contacts": {"new-1": contact()},
        }
        sheet.create(session, act(region, origin=Origin.FORM), told(**fields))
    return database


@pytest.fixture
def house(city: Engine, tmp_path: Path) -> Iterator[str]:
    """The service by https; the value is its address."""
    with served(city, tmp_path) as address:
        yield address


@contextmanager
def somebody(browser: Browser, house: str, email: str, **more: Any) -> Iterator[Page]:
    """Somebody who has signed in, in a browser of their own."""
    context = browser.new_context(base_url=house, ignore_https_errors=True, **({"viewport": DESK} | more))
    with opened(context, house) as page:
        sign_in(page, email, PASSWORD)
        expect(page.get_by_role("button", name="Abmelden")).to_be_visible()
        yield page


def begin(page: Page) -> str:
    """Press the button for a new offer; return where its form is."""
    page.goto("/pflege/angebote")
    page.get_by_role("button", name="Neues Angebot").click()
    page.wait_for_url("**/was")
    return page.url.rpartition("/")[0]


def edit(page: Page, engine: Engine) -> str:
    """Open the form for the offer that is there; return where it is."""
    page.goto(f"/pflege/angebot/{entry(engine)['id']}")
    page.get_by_role("button", name="Bearbeiten").click()
    page.wait_for_url("**/was")
    return page.url.rpartition("/")[0]


def entry(engine: Engine) -> Sheet:
    """The first offer as it is."""
    with Session(engine) as session:
        number = session.scalar(text("SELECT min(id) FROM offer"))
        return {"id": number, **sheet.read(session, session.get_one(Offer, number))}


def test_axe_finds_nothing_on_any_step_and_all_fits(browser: Browser, city: Engine, house: str) -> None:
    with somebody(browser, house, ALL) as page:
        draft = edit(page, city)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for step in STEPS:
                page.goto(f"{draft}/{step}")
                page.evaluate(
                    "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
                )
                if step == "wo":
                    expect(page.locator(".staff-offer-map[data-ready] .staff-offer-marker")).to_be_visible()
                if step != "ansehen":
                    expect(page.locator("[data-beside-inside]")).to_contain_text("Hilfe für alle.")
                look(page, f"form-{step}", axe=width == 360)


def test_what_is_typed_is_kept_when_the_page_is_gone(browser: Browser, city: Engine, house: str) -> None:
    with somebody(browser, house, ALL) as page:
        draft = begin(page)
        page.get_by_label("Wie heißt das Angebot?").fill("Lesekreis")
        expect(page.locator(SAVED)).to_contain_text("Gespeichert um")
        # The page beside it is the one that the last step shows.
        expect(page.locator("[data-beside-inside] h1")).to_have_text("Lesekreis")
        page.get_by_label("Worum geht es, in einem Satz?").fill("Wir lesen zusammen.")
        expect(page.locator("[data-beside-inside] .lead")).to_have_text("Wir lesen zusammen.")
        again = page.context.new_page()
        page.close()
        again.goto(f"{draft}/was")
        expect(again.get_by_label("Worum geht es, in einem Satz?")).to_have_value("Wir lesen zusammen.")

        # Without a connection the words stay, and somebody is told; afterwards they are saved.
        again.context.set_offline(True)
        again.get_by_label("Worum geht es, in einem Satz?").fill("Wir lesen vor.")
        expect(again.locator(SAVED)).to_contain_text("keine Verbindung")
        again.context.set_offline(False)
        expect(again.locator(SAVED)).to_contain_text("Gespeichert um")

        # So they do when somebody is no longer signed in; once they are again, it goes on.
        kept = again.context.cookies()
        again.context.clear_cookies()
        again.get_by_label("Worum geht es, in einem Satz?").fill("Wir lesen laut.")
        expect(again.locator(SAVED)).to_contain_text("nicht mehr angemeldet")
        expect(again.get_by_label("Worum geht es, in einem Satz?")).to_have_value("Wir lesen laut.")
        again.context.add_cookies(kept)  # type: ignore[arg-type]
        again.evaluate("dispatchEvent(new Event('focus'))")
        expect(again.locator(SAVED)).to_contain_text("Gespeichert um")
        again.get_by_role("button", name="Weiter", exact=True).last.click()
        again.wait_for_url("**/wo")


def test_two_windows_of_one_person_are_told_of_each_other(browser: Browser, city: Engine, house: str) -> None:
    with somebody(browser, house, ALL) as page:
        draft = begin(page)
        second = page.context.new_page()
        second.goto(f"{draft}/was")
        page.get_by_label("Wie heißt das Angebot?").fill("Im ersten")
        expect(page.locator(SAVED)).to_contain_text("Gespeichert um")
        name = second.get_by_label("Wie heißt das Angebot?")
        name.fill("Im zweiten")
        expect(second.get_by_role("alert")).to_contain_text("In einem anderen Fenster")
        expect(name).to_have_value("Im zweiten")
        look(second, "form-two-windows")
        second.get_by_role("button", name="Was hier steht").click()
        expect(second.locator(SAVED)).to_contain_text("Gespeichert um")
        page.get_by_label("Wie heißt das Angebot?").fill("Doch im ersten")
        page.get_by_role("button", name="Was dort steht").click()
        expect(page.get_by_label("Wie heißt das Angebot?")).to_have_value("Im zweiten")


def test_a_pin_is_found_dragged_moved_by_keys_and_typed(browser: Browser, city: Engine, house: str) -> None:
    with somebody(browser, house, ALL) as page:
        draft = begin(page)
        page.goto(f"{draft}/wo")
        words = page.locator("[data-pin-words]")
        page.get_by_label("Straße und Hausnummer").fill("Ahornallee 2")
        page.get_by_label("Postleitzahl").fill("10365")
        expect(words).to_have_text("Der Punkt liegt in Ost, bei Ahornallee 2.")
        typed = page.locator("[name='places/new-1/point']")
        expect(typed).to_have_value("52.501000, 13.500100")
        pin = page.get_by_role("button", name="Punkt auf der Karte. Pfeiltasten")
        pin.focus()
        for _ in range(10):
            page.keyboard.press("ArrowUp")
        expect(typed).to_have_value("52.501450, 13.500100")
        expect(words).to_have_text("Der Punkt liegt in Ost, etwa 50 Meter von Ahornallee 2.")
        expect(page.locator(SAVED)).to_contain_text("Gespeichert um")
        # It stays when something else changes than the address …
        page.get_by_label("Die Adresse verbergen").check()
        expect(page.locator(".staff-offer-marker")).to_have_count(1)
        page.get_by_label("Name des Hauses").fill("Kiezladen")
        page.get_by_role("button", name="Weiter", exact=True).last.click()
        page.wait_for_url("**/wann")
        page.goto(f"{draft}/wo")
        expect(typed).to_have_value("52.501450, 13.500100")
        # … is dragged …
        box = pin.bounding_box()
        assert box
        page.mouse.move(box["x"] + 22, box["y"] + 22)
        page.mouse.down()
        page.mouse.move(box["x"] + 122, box["y"] + 22, steps=5)
        page.mouse.up()
        expect(typed).not_to_have_value("52.501450, 13.500100")
        expect(words).to_contain_text("Der Punkt liegt in Ost, etwa")
        # … goes back to its address when somebody says so …
        page.get_by_role("button", name="Punkt wieder nach der Adresse suchen").click()
        expect(typed).to_have_value("52.501000, 13.500100")
        # … and may be typed; who is outside is told.
        page.get_by_text("Punkt auf der Karte (gefunden)").click()
        typed.fill("48.1, 11.5")
        expect(words).to_contain_text("Der Punkt liegt außerhalb von")
        look(page, "form-pin-outside")


def test_two_people_edit_the_same_offer_and_nothing_is_lost(
    browser: Browser, city: Engine, house: str
) -> None:
    with somebody(browser, house, ALL) as one, somebody(browser, house, WEST) as other:
        mine, theirs = edit(one, city), edit(other, city)
        other.get_by_label("Wie heißt das Angebot?").fill("Café Neu")
        other.get_by_label("Worum geht es, in einem Satz?").fill("Hilfe für Eltern.")
        expect(other.locator(SAVED)).to_contain_text("Gespeichert um")
        other.goto(f"{theirs}/ansehen")
        one.get_by_label("Wie heißt das Angebot?").fill("Café Anders")
        expect(one.locator(SAVED)).to_contain_text("Gespeichert um")
        other.get_by_role("button", name="Veröffentlichen").click()
        expect(other.get_by_role("status")).to_have_text("Es ist veröffentlicht.")
        # That is no other window: the first one writes on.
        one.get_by_label("Beschreibung").evaluate("(field) => { field.closest('details').open = true; }")
        one.get_by_label("Beschreibung").fill("Mit Kuchen.")
        expect(one.locator("[data-beside-inside]")).to_contain_text("Mit Kuchen.")
        expect(one.get_by_role("alert")).to_have_count(0)
        one.goto(f"{mine}/ansehen")
        expect(one.get_by_role("heading", name="Jemand anders hat dasselbe geändert")).to_be_visible()
        expect(one.locator("main")).to_contain_text("Jetzt öffentlich: Café Neu")
        look(one, "form-conflict")
        one.get_by_role("button", name="Meines nehmen").click()
        one.get_by_role("button", name="Veröffentlichen").click()
        expect(one.get_by_role("status")).to_have_text("Es ist veröffentlicht.")
    now = entry(city)
    assert (now["name"], now["summary"], now["description"]) == (
        "Café Anders",
        "Hilfe für Eltern.",
        "Mit Kuchen.",
    )


class Hand:
    """What somebody does with their hands, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.done = 0

    def press(self, name: str) -> None:
        self.done += 1
        self.page.get_by_role("button", name=name, exact=True).locator("visible=true").last.click()

    def write(self, label: str, said: str) -> None:
        self.done += 1
        self.page.get_by_label(label).first.fill(said)

    def tick(self, label: str) -> None:
        self.done += 1
        self.page.get_by_label(label, exact=True).first.check()


def test_an_editor_drafts_a_mikroprojekt_and_a_coordinator_publishes_it(
    browser: Browser, city: Engine, house: str
) -> None:
    with somebody(browser, house, EDITOR) as page:
        page.goto("/pflege/angebote")
        hand = Hand(page)
        hand.press("Neues Angebot")
        hand.write("Wie heißt das Angebot?", "Elterncafé")
        hand.write("Worum geht es, in einem Satz?", "Eltern frühstücken zusammen.")
        hand.tick("Familie")
        hand.press("Weiter")
        hand.write("Straße und Hausnummer", "Ahornallee 2")
        hand.write("Postleitzahl", "10365")
        hand.press("Weiter")
        hand.write("Wann findet es statt?", "mittwochs 9-11 Uhr")
        hand.press("Weiter")
        hand.write("Telefon", "030 1234567")
        hand.press("Weiter zum Ansehen")
        expect(page.locator(".staff-offer-preview")).to_contain_text("Mittwoch")
        hand.press("Zur Prüfung geben")
        expect(page.locator(".staff-done")).to_contain_text("Danke. Jemand sieht es an")
        assert hand.done < 15
    with somebody(browser, house, ALL) as page:
        page.goto("/pflege/aufgaben")
        page.get_by_role("link", name="Elterncafé").first.click()
        page.get_by_role("button", name="Veröffentlichen", exact=True).click()
        expect(page.locator(".staff-done")).to_contain_text("Danke, das ist entschieden")
        page.goto("/angebot/elterncafe")
        expect(page.get_by_role("heading", level=1)).to_have_text("Elterncafé")
        expect(page.locator("main")).to_contain_text("Ahornallee 2")


def test_languages_stand_side_by_side_and_old_ones_are_marked(
    browser: Browser, city: Engine, house: str
) -> None:
    with somebody(browser, house, ALL) as page:
        draft = edit(page, city)
        page.goto(f"{draft}/sprachen")
        summary = page.get_by_role("region", name="In einem Satz")
        page.get_by_role("button", name="Englisch: 1 veraltet").click()
        expect(summary).to_contain_text("Übersetzung veraltet")
        summary.get_by_label("Die Übersetzung stimmt noch").check()
        page.get_by_role("button", name="Arabisch: noch nichts").click()
        summary.get_by_label("Arabisch").fill("مساعدة للجميع.")
        assert summary.get_by_label("Arabisch").get_attribute("dir") == "rtl"
        expect(page.locator(SAVED)).to_contain_text("Gespeichert um")
        page.goto(f"{draft}/ansehen")
        page.get_by_role("button", name="Veröffentlichen").click()
        expect(page.get_by_role("status")).to_have_text("Es ist veröffentlicht.")
        page.goto("/ar/angebot/cafe")
        expect(page.locator(".lead")).to_have_text("مساعدة للجميع.")
        assert page.locator(".lead [lang=de]").count() == 0
        page.goto("/en/angebote")
        expect(page.locator(".offer-summary")).to_have_text("Help for all.")
