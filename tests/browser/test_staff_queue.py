"""The queue in a real browser: pages that fit a phone, nothing for axe to find, light and dark."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.accounts.models import Role
from api.curation import public, service
from api.curation.models import Kind, Proposal
from api.offers import service as offers
from api.offers.models import Offer
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.curation.sheets import OTHER, by
from tests.watching.people import fill
from tests.web.staff_queue import Town, make_town

pytestmark = pytest.mark.browser

EMAIL = "koordination@stadt.example"
LONG = "Kaffee, Rat und Hilfe beim Ausfüllen von Formularen, jeden Montag ohne Termin."


@pytest.fixture
def town(database: Engine) -> Town:
    """A change with a conflict, a report, a new offer, and a coordinator."""
    town = make_town(database)
    town.suggest(town.west, name="Café West am Park", summary=LONG, topics=["familie"])
    with town.open() as (session, region):
        offers.change(session, by(region, OTHER), session.get_one(Offer, town.west), {"name": "Café Westend"})
        public.report(session, region, town.west, public.About.CONTACT, "Da geht niemand ran.")
        values = {"name": "Kiezladen", "summary": "Hilfe im Kiez", "topics": ["geld"]}
        changes = {name: {"old": None, "new": value} for name, value in values.items()}
        service.propose(session, by(region, "account:1"), Kind.CREATE, "", changes)
        account = make_member(session, region, Role.COORDINATOR, EMAIL)
        fill(session, region, account.id, [town.west, town.east])
    return town


@pytest.fixture
def house(town: Town, tmp_path: Path) -> Iterator[str]:
    """The service by https; the value is its address."""
    with served(town.engine, tmp_path) as address:
        yield address


def pages(town: Town) -> Iterator[tuple[str, str]]:
    """Names and paths of all pages of the queue."""
    with Session(town.engine) as session:
        change, report, new = session.exec(select(Proposal.id).order_by(Proposal.id)).all()  # type: ignore[arg-type]
    yield "queue-start", "/pflege"
    yield "queue", "/pflege/aufgaben"
    yield "queue-change", f"/pflege/vorschlag/{change}"
    yield "queue-report", f"/pflege/vorschlag/{report}"
    yield "queue-new", f"/pflege/vorschlag/{new}"
    yield "queue-preview", f"/pflege/vorschlag/{change}/vorschau"
    yield "queue-history", f"/pflege/angebot/{town.west}/geschichte"
    yield "watching", "/pflege/beobachten?fertig=ohne-suche&suche=1"


@pytest.mark.parametrize(
    "screens",
    [
        [(360, "light"), (1280, "dark")],
        pytest.param([(360, "dark"), (1280, "light")], marks=pytest.mark.proof),
    ],
)
def test_axe_finds_nothing_and_all_fits(
    browser: Browser, town: Town, house: str, screens: list[tuple[int, str]]
) -> None:
    context = browser.new_context(viewport=DESK, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        sign_in(page, EMAIL, PASSWORD)
        for width, scheme in screens:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 900})
            for name, path in pages(town):
                page.goto(path)
                _unfold(page)
                look(page, f"{name}-{scheme}")


def test_a_conflict_is_decided_and_taken_back_without_scripts(
    browser: Browser, town: Town, house: str
) -> None:
    context = browser.new_context(
        viewport=DESK,  # type: ignore[arg-type]
        base_url=house,
        ignore_https_errors=True,
        java_script_enabled=False,
    )
    with opened(context, house) as page:
        sign_in(page, EMAIL, PASSWORD)
        page.get_by_role("link", name="Zu den Aufgaben").click()
        page.get_by_role("link", name="Änderungen").click()
        page.get_by_role("link", name="Café Westend").click()
        page.get_by_role("group", name="Name").get_by_label("Übernehmen").check()
        page.get_by_role("button", name="Alles übernehmen").click()
        expect(page.get_by_role("status")).to_contain_text("Danke, das ist entschieden")
        page.goto(f"/pflege/angebot/{town.west}/geschichte")
        page.get_by_role("link", name="Zurücknehmen").first.click()
        page.get_by_role("button", name="Ja, zurücknehmen").click()
        expect(page.get_by_role("status")).to_contain_text("zurückgenommen")
    assert town.offer(town.west).name == "Café Westend"


def _unfold(page: Page) -> None:
    """Open all that is folded, so that it is looked at, too."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


def test_what_a_resident_has_reported_is_put_right_field_by_field(
    browser: Browser, town: Town, house: str
) -> None:
    phone = browser.new_context(viewport=PHONE, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(phone, house) as page:
        page.goto("/angebote")
        page.get_by_role("link", name="Treff Ost").first.click()
        page.get_by_role("link", name="Fehler melden").click()
        page.get_by_label("Was ist falsch?").select_option("other")
        page.get_by_label("Wie ist es richtig?").fill("Das heißt jetzt Treffpunkt Ost.")
        page.get_by_role("button", name="Hinweis abschicken").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Danke. Das ist bei uns angekommen.")
    desk = browser.new_context(viewport=DESK, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(desk, house) as page:
        sign_in(page, EMAIL, PASSWORD)
        page.get_by_role("link", name="Zu den Aufgaben").click()
        page.get_by_role("link", name="Hinweise").first.click()
        page.get_by_role("link", name="Treff Ost", exact=True).click()
        expect(page.get_by_text("Das heißt jetzt Treffpunkt Ost.")).to_be_visible()
        page.get_by_text("Gleich berichtigen").click()
        page.get_by_label("Name", exact=True).fill("Treffpunkt Ost")
        look(page, "queue-report-answered")
        page.get_by_role("button", name="Erledigt").click()
        expect(page.locator(".staff-done")).to_contain_text("Danke, der Hinweis ist beantwortet.")
        page.goto(f"/pflege/angebot/{town.east}/geschichte")
        expect(page.locator("main")).to_contain_text("Treffpunkt Ost")
        page.get_by_role("link", name=re.compile("zurücknehmen", re.IGNORECASE)).first.click()
        look(page, "queue-undo")
        page.goto("/pflege/angebote")
        look(page, "offers")
        page.goto("/anbieter/neuer-link/unterwegs")
        look(page, "provider-on-its-way")
    now = town.offer(town.east)
    assert (now.name, now.topics) == ("Treffpunkt Ost", ["familie"])  # of all the fields, only this one
