"""A coach looks for room, reads how to refer, and keeps the offer; on any screen, also without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts.models import Role
from api.core import clock
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.web.staff_queue import EAST, WEST, Town
from tests.web.test_staff_refer import PHONE
from tests.web.test_staff_refer import town as town  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.browser

COACH, COORDINATOR = "coach@stadt.example", "koordination@stadt.example"


@pytest.fixture
def house(town: Town, tmp_path: Path) -> Iterator[str]:
    """The service by https; the value is its address."""
    with town.open() as (session, region):
        make_member(session, region, Role.COACH, COACH)
        make_member(session, region, Role.COORDINATOR, COORDINATOR)
    with served(town.engine, tmp_path) as address:
        yield address


def every(page: Page, name: str) -> None:
    """Look at a page on a phone, on a tablet and on a desk; axe once on the smallest and the largest."""
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        look(page, name, axe=width != 768)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_a_worry_to_somebody_to_ask(browser: Browser, house: str, *, scripts: bool) -> None:
    context = browser.new_context(
        viewport=DESK,  # type: ignore[arg-type]
        base_url=house,
        ignore_https_errors=True,
        java_script_enabled=scripts,
        color_scheme="light" if scripts else "dark",
    )
    with opened(context, house) as page:
        see = every if scripts else lambda _page, _name: None  # axe is a script
        sign_in(page, COACH, PASSWORD)
        page.get_by_role("link", name="Vermitteln", exact=True).click()
        expect(page.get_by_role("link", name=EAST)).to_be_visible()
        see(page, "refer")
        page.get_by_label("nur, wo Plätze frei sind").press("Space")
        page.get_by_label("Worum geht es?").fill("west")
        page.get_by_label("Worum geht es?").press("Enter")
        expect(page.get_by_role("status").first).to_have_text("Ein Angebot")
        expect(page.get_by_label("nur, wo Plätze frei sind")).to_be_checked()
        if scripts:
            page.get_by_role("button", name=re.compile(f"Merken.*{WEST}")).click()
            expect(page.get_by_role("link", name=re.compile("Merkliste"))).to_contain_text("1")
        page.get_by_role("link", name=WEST, exact=True).click()
        expect(page.get_by_role("link", name=PHONE)).to_have_attribute("href", "tel:03023125888")
        see(page, "refer-one")
        page.get_by_role("link", name="العربية").click()
        expect(page.locator(".refer-spoken")).to_have_attribute("dir", "rtl")
        see(page, "refer-one-ar")


def test_a_coordinator_writes_it_down(browser: Browser, house: str) -> None:
    context = browser.new_context(viewport=DESK, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        sign_in(page, COORDINATOR, PASSWORD)
        page.get_by_role("link", name="Vermitteln", exact=True).click()
        page.get_by_role("link", name=EAST).click()
        page.get_by_role("link", name="Zum Eintrag").click()
        page.get_by_role("button", name="Bearbeiten").click()
        page.get_by_role("button", name=re.compile("Für Fachkräfte")).click()
        page.get_by_label("Wartezeit in Wochen").fill("12")
        page.get_by_label("Freie Plätze", exact=True).select_option("none")
        page.get_by_label("Mietvertrag").check()
        page.get_by_label("SGB VIII").check()
        # What is saved while somebody types does not undo that the word is of today.
        expect(page.locator("[data-saved]")).to_be_visible(timeout=15_000)
        every(page, "refer-form")
        page.get_by_role("button", name="Weiter zum Ansehen").click()
        page.get_by_role("button", name="Veröffentlichen").click()
        page.get_by_role("link", name="So sehen es Fachkräfte").click()
        expect(page.get_by_text("Zurzeit voll")).to_be_visible()
        expect(page.get_by_text("etwa 12 Wochen")).to_be_visible()
        expect(page.get_by_text("Wort des Anbieters vom")).to_contain_text(
            str(clock.today("Europe/Berlin").year)
        )
        expect(page.get_by_text("veraltet")).to_have_count(0)
