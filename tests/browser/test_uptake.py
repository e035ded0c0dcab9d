"""Counting in a real browser: a tap that tells only the offer, an answer without scripts, and staff."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.accounts.models import Role
from api.curation.models import Proposal
from api.offers.models import Offer
from api.organizations.models import Organization
from api.referrals import service as referrals
from api.referrals.schemas import Wanted
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.web.staff_queue import WEST, Town, make_town
from tests.web.test_staff_uptake import published

pytestmark = pytest.mark.browser

EMAIL = "koordination@stadt.example"


@pytest.fixture
def town(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town with a published November, whose offer in the west is of an organization, and a coordinator."""
    town = make_town(database)
    published(town, monkeypatch)
    with town.open() as (session, region):
        make_member(session, region, Role.COORDINATOR, EMAIL)
        provider = Organization(region_id=region.id, name="Nachbarn e. V.")
        session.add(provider)
        session.flush()
        session.get_one(Offer, town.west).organization_id = provider.id
    return town


@pytest.fixture
def house(town: Town, tmp_path: Path) -> Iterator[str]:
    """The service by https; the value is its address."""
    with served(town.engine, tmp_path) as address:
        yield address


def test_a_tap_on_a_number_says_nothing_but_the_offer(browser: Browser, town: Town, house: str) -> None:
    context = browser.new_context(viewport=DESK, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        page.goto("/angebot/cafe-west")
        page.evaluate("addEventListener('click', (event) => event.preventDefault())")  # nobody is called
        with page.expect_request("**/zaehlen") as told:
            page.locator("a[href^='tel:']").first.click()
        sent = told.value
        assert (sent.method, sent.post_data) == ("POST", f"angebot={town.west}")
        answer = sent.response()
        assert answer
        assert answer.status == 204
        assert "cookie" not in sent.all_headers()
        assert context.cookies() == []


def test_an_answer_on_a_list_works_without_a_script(browser: Browser, town: Town, house: str) -> None:
    with town.open() as (session, region):
        code = referrals.create(session, region, [Wanted(town.west), Wanted(town.east)])
    context = browser.new_context(
        viewport=PHONE, base_url=house, ignore_https_errors=True, java_script_enabled=False  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"/liste/{code}")
    entry = page.locator("#eintrag-1")
    entry.locator("summary", has_text="Waren Sie schon dort?").click()
    entry.get_by_role("button", name="Es war voll").click()
    expect(page).to_have_url(re.compile(f"/liste/{code}/danke$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke für Ihre Antwort")
    page.get_by_role("link", name="Zurück zur Liste").click()
    expect(page).to_have_url(re.compile(f"/liste/{code}$"))
    context.close()
    with Session(town.engine) as session:
        assert [row.reason for row in session.exec(select(Proposal))] == ["report: full"]
    # The same in Arabic, from right to left, for axe.
    context = browser.new_context(viewport=PHONE, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        page.goto(f"/ar/liste/{code}")
        page.locator(".uptake-answer summary").first.click()
        look(page, "uptake-answer")
        page.locator(".uptake-answer button").first.click()
        expect(page).to_have_url(re.compile("/danke$"))
        look(page, "uptake-thanks")


def figures(page: Page, town: Town) -> None:
    """Bring in a file, look at it and save it."""
    page.goto("/pflege/zahlen")
    content = f"Nummer;Plätze;Personen\n{town.west};12;34\n".encode()
    page.get_by_label("Ausgefüllte Datei").set_input_files(
        {"name": "zahlen.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Hochladen und ansehen").click()
    expect(page.get_by_role("group", name=WEST).get_by_label("Personen")).to_have_value("34")
    look(page, "uptake-file")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status")).to_have_text("Die Zahlen sind gespeichert.")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_staff_pages_fit(browser: Browser, town: Town, house: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, base_url=house, ignore_https_errors=True,
        color_scheme=scheme, reduced_motion="reduce",  # type: ignore[arg-type]
    )  # fmt: skip
    with opened(context, house) as page:
        sign_in(page, EMAIL, PASSWORD)
        page.goto("/pflege/inanspruchnahme")
        page.get_by_label("Monat").select_option(label="November 2026")
        page.get_by_role("button", name="Zeigen").click()
        expect(page.get_by_role("heading", name="Geld nach Stadtteilen")).to_be_visible()
        look(page, f"uptake-{scheme}")
        page.set_viewport_size({"width": 768, "height": 900})  # many columns scroll within the page
        look(page, f"uptake-{scheme}", axe=False)
        page.set_viewport_size({"width": width, "height": 900})
        page.get_by_role("link", name="Falltypen festlegen").click()
        look(page, "uptake-cases")
        figures(page, town)
