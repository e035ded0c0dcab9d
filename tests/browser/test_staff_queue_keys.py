"""The queue by keyboard and several at once, in a real browser; pages of doubts and places for axe, too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.accounts.models import Role
from api.doubts.models import Kind
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.curation.sheets import entry, place
from tests.web import staff_doubts
from tests.web.staff_queue import EAST, WEST, Town, make_town

pytestmark = pytest.mark.browser

EMAIL = "koordination@stadt.example"
LIST = "/pflege/aufgaben?art=aenderungen"
LONG = "Kaffee, Rat und Hilfe beim Ausfüllen von Formularen, jeden Montag ohne Termin."


@pytest.fixture
def town(database: Engine) -> Town:
    """Two changes, doubts, a house without a point, and a coordinator."""
    town = make_town(database)
    staff_doubts.set_value(town, town.west, "contacts/phone", staff_doubts.WRONG)
    with town.open() as (session, region):
        make_member(session, region, Role.COORDINATOR, EMAIL)
        spot = place(street="Ringweg 3", point=None, name="Nachbarschaftshaus")
        entry(session, region, name="Töpfern für Eltern mit kleinen Kindern", places={"new-1": spot})
    staff_doubts.look(town)
    town.suggest(town.west, summary=LONG, topics=["familie"])
    town.suggest(town.east, summary="Tee")
    return town


@pytest.fixture
def house(town: Town, tmp_path: Path) -> Iterator[str]:
    """The service by https; the value is its address."""
    with served(town.engine, tmp_path) as address:
        yield address


def pages(town: Town) -> Iterator[tuple[str, str]]:
    """Names and paths of the pages; the first list with a claim and a choice."""
    with Session(town.engine) as session:
        spot = session.scalar(text("SELECT max(id) FROM place WHERE lon IS NULL"))
    doubt = staff_doubts.line(town, Kind.PHONE_EXTRA_ZERO).id
    missing = staff_doubts.line(town, Kind.SUMMARY_MISSING, town.east).id
    yield "keys-list", f"{LIST}&alle=ja"
    yield "keys-doubts", "/pflege/aufgaben?art=auffaellig"
    yield "keys-doubt", f"/pflege/zweifel/{doubt}?art=telefon"
    yield "keys-missing", f"/pflege/zweifel/{missing}"
    yield "keys-place", f"/pflege/ort/{spot}"
    yield "keys-preview", "/pflege/aufgaben/auswahl?art=aenderungen&tun=accepted&wahl=1&wahl=2"


def test_by_keyboard_and_for_axe(browser: Browser, town: Town, house: str) -> None:
    context = browser.new_context(viewport=DESK, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        sign_in(page, EMAIL, PASSWORD)
        page.goto(LIST)
        page.get_by_role("button", name=f"Ich kümmere mich ({EAST})").click()
        expect(page.get_by_text("Sie kümmern sich darum")).to_be_visible()
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if width == 360 else "light")
            for name, path in pages(town):
                page.goto(path)
                page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
                look(page, name, axe=width == 360)
        _keys(page)
        _several_at_once(page, town)
        _pin(page)


def _keys(page: Page) -> None:
    """Letters and arrows move, open and choose; never while typing, and not once they are switched off."""
    page.goto(LIST)
    first, second = page.get_by_role("link", name=WEST), page.get_by_role("link", name=EAST)
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("j")
    expect(second).to_be_focused()  # the last one stays
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name=f"Auswählen: {EAST}")).to_be_checked()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("Control+j")
    expect(first).to_be_focused()
    page.get_by_label("Thema").focus()
    page.keyboard.press("j")
    expect(page.get_by_label("Thema")).to_be_focused()
    page.get_by_role("checkbox", name=f"Auswählen: {EAST}").focus()
    page.keyboard.press("?")
    help_ = page.locator("[data-keys-help]")
    expect(help_.locator("summary")).to_be_focused()
    expect(help_.get_by_text("Eintrag öffnen")).to_be_visible()
    help_.get_by_role("checkbox").uncheck()
    page.reload()
    page.keyboard.press("j")
    expect(first).not_to_be_focused()
    first.focus()
    page.keyboard.press("ArrowDown")  # no single letter: arrows stay
    expect(second).to_be_focused()
    page.locator("[data-keys-help] summary").click()
    page.locator("[data-keys-help]").get_by_role("checkbox").check()
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(WEST)


def _several_at_once(page: Page, town: Town) -> None:
    """Chosen, previewed, done and taken back, with Tab and Enter alone where it matters."""
    page.goto(LIST)
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Auswahl annehmen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Diese Vorschläge annehmen?")
    page.get_by_role("button", name="Auswahl annehmen (2)").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Auswahl erledigt")
    assert (town.offer(town.west).summary, town.offer(town.east).summary) == (LONG, "Tee")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        look(page, "keys-done", axe=width == 360)
    page.get_by_role("button", name="Alles zurücknehmen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("alles zurückgenommen")
    assert (town.offer(town.west).summary, town.offer(town.east).summary) == ("", "")


def _pin(page: Page) -> None:
    """A house is put on the map with the keyboard alone."""
    page.goto("/pflege/aufgaben?art=orte")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Punkt auf der Karte setzen").focus()
    page.keyboard.press("Enter")
    point = page.get_by_label("Punkt: Breite, Länge")
    expect(point).not_to_have_value("")
    before = point.input_value()
    page.keyboard.press("ArrowUp")
    expect(point).not_to_have_value(before)
    look(page, "keys-pin")
    page.get_by_role("button", name="Auf die Karte setzen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("jetzt auf der Karte")
