"""A coordinator on Monday: calls, confirms, takes back, begins a campaign; on any screen, by keyboard."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from api.accounts.models import Role
from api.core import clock
from api.curation import freshness_sweep
from api.offers import service as offers
from api.offers.models import Offer
from api.organizations import service as organizations
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.curation.sheets import by, contact, entry, line, place, point
from tests.web.staff_queue import WEST, Town, make_town

pytestmark = pytest.mark.browser

EMAIL = "koordination@stadt.example"
PROVIDER = "Nachbarschaftsverein Lindenviertel"
MORE = ("Hausaufgabenhilfe", "Formularlotsen und Begleitung zu Ämtern im Lindenviertel")


@pytest.fixture
def town(database: Engine) -> Town:
    """A provider with three entries that are due, one of them soon to be archived, and others."""
    town = make_town(database)
    with town.open() as (session, region):
        provider = organizations.named(session, by(region), PROVIDER).id
        ids = [town.west]
        for name in MORE:
            made = entry(
                session, region, name=name, contacts={"new-1": contact(phone="030 23125-123")},
                places={"new-1": place(name="Haus am Anger", point=point(13.2, 52.5), schedules=[line()])},
            )  # fmt: skip
            ids.append(made.id)
        for number, days in zip(ids, (1000, 500, 400), strict=True):
            values = {
                "verified_on": clock.today(region.timezone) - timedelta(days=days),
                "organization_id": provider,
            }
            offers.change(session, by(region), session.get_one(Offer, number), values)
        session.flush()
        freshness_sweep.sweep(session, region, 3)
        make_member(session, region, Role.COORDINATOR, EMAIL)
    return town


@pytest.fixture
def house(town: Town, tmp_path: Path) -> Iterator[str]:
    """The service by https; the value is its address."""
    with served(town.engine, tmp_path) as address:
        yield address


def both(page: Page, name: str) -> None:
    """Look at a page on a phone and, for what sticks out, on a desk."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        look(page, name, axe=width == 360)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_monday_morning(browser: Browser, town: Town, house: str, *, scripts: bool) -> None:
    context = browser.new_context(
        viewport=DESK,  # type: ignore[arg-type]
        base_url=house,
        ignore_https_errors=True,
        java_script_enabled=scripts,
        color_scheme="light" if scripts else "dark",
    )
    with opened(context, house) as page:
        see = both if scripts else lambda _page, _name: None  # axe is a script
        sign_in(page, EMAIL, PASSWORD)
        expect(page.get_by_text("fällige Einträge")).to_be_visible()
        page.get_by_role("link", name="Prüfen", exact=True).click()
        expect(page.get_by_role("heading", name=PROVIDER)).to_be_visible()
        expect(page.get_by_role("link", name="030 23125-123").first).to_have_attribute(
            "href", "tel:03023125123"
        )
        see(page, "due")
        # One, by keyboard.
        button = page.get_by_role("button", name=re.compile(f"Unverändert bestätigen.*{WEST}"))
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(f"„{WEST}“ ist bestätigt, für alle Sprachen.")
        expect(button).to_have_count(0)
        see(page, "due-done")
        page.get_by_role("button", name="Doch nicht: zurücknehmen").click()
        expect(page.get_by_role("status")).to_contain_text("Zurückgenommen.")
        expect(button).to_be_visible()
        # All of a provider but one.
        page.get_by_role("link", name=re.compile("Alle Einträge auf einmal")).click()
        see(page, "due-provider")
        page.get_by_role("checkbox", name=MORE[0]).press("Space")
        page.get_by_role("button", name="Angehakte unverändert bestätigen").click()
        expect(page.get_by_role("status")).to_contain_text("2 Einträge sind bestätigt")
        expect(page.get_by_role("link", name=MORE[0], exact=True)).to_be_visible()
        expect(page.get_by_role("link", name=MORE[1], exact=True)).to_have_count(0)
        page.get_by_role("button", name="Doch nicht: alle zurücknehmen").click()
        expect(page.get_by_role("link", name=MORE[1], exact=True)).to_be_visible()
        page.get_by_role("link", name=WEST, exact=True).last.click()
        see(page, "due-offer")
        page.get_by_label("Rhythmus").select_option("6")
        page.get_by_role("button", name="Rhythmus speichern").click()
        expect(page.get_by_role("status")).to_contain_text("gespeichert")
        page.get_by_role("link", name="Prüfen und bestätigen").click()
        see(page, "due-one")
        page.goto("/pflege/pruefen/archiv")
        see(page, "due-archive")
        _campaign(page, see)
    assert town.offer(town.west).verified_on != clock.today("Europe/Berlin")


def _campaign(page: Page, see: object) -> None:
    """Begin a campaign for one district."""
    assert callable(see)
    page.get_by_role("link", name="Prüfrunden").click()
    see(page, "campaigns-none")
    page.get_by_role("link", name="Neue Prüfrunde").click()
    page.get_by_label("Name").fill("Vor den Sommerferien")
    day = clock.today("Europe/Berlin") + timedelta(days=30)
    page.get_by_label("Letzter Tag").fill(day.isoformat())
    page.get_by_text("Lebensräume").click()
    page.get_by_label("Viertel 1").check()
    page.get_by_role("button", name="Ansehen, wie viel das ist").click()
    expect(page.get_by_role("status")).to_contain_text("3 Einträge")
    see(page, "campaign-new")
    page.get_by_role("button", name="Prüfrunde beginnen").click()
    expect(page.get_by_text("0 von 3 sind geklärt")).to_be_visible()
    see(page, "campaign")
    page.get_by_role("link", name="Prüfrunden", exact=True).first.click()
    see(page, "campaigns")
