"""The guide for coordinators shows pages as they are: this walk takes its pictures."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from api.accounts.models import Role
from api.chains import service as chains
from api.chains.schemas import ChainIn, LinkIn
from api.core import clock
from api.curation import drafts, duplicates, public
from api.curation.duplicates import Alike
from api.curation.duplicates_kinds import Likeness
from api.history.models import Origin
from api.offers import service as offers
from api.offers.models import Offer
from api.organizations import service as organizations
from ops.gallery import DOCS, webp
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.test_staff_accounts import opened, sign_in
from tests.curation.sheets import by, contact, entry, line, place, point
from tests.web.staff_queue import Town, make_town
from tests.web.test_staff_refer import write

pytestmark = pytest.mark.browser

GUIDE = DOCS / "how-to" / "koordination.md"
EMAIL = "koordination@stadt.example"
PROVIDER = "Nachbarschaftsverein Lindenviertel"
SCREEN = {"width": 1000, "height": 1100}
SCALE = 0.6  # of a picture to its screen
# A long name does not run over the number beside it.
FITS = """(cell, name) => {
  const before = cell.textContent;
  cell.textContent = name;
  const fits = cell.scrollWidth <= cell.clientWidth;
  cell.textContent = before;
  return fits;
}"""


@pytest.fixture
def town(database: Engine) -> Town:
    """A Monday: a change, a hint, entries that are due, and one that stands there twice."""
    town = make_town(database)
    with town.open() as (session, region):
        provider = organizations.named(session, by(region), PROVIDER).id
        twin = entry(
            session, region, name="Café West am Park", topics=["geld"], cost="free",
            summary="Kaffee, Rat und Hilfe beim Ausfüllen von Formularen", contacts={"new-1": contact()},
            places={"new-1": place(point=point(13.2, 52.5), schedules=[line()])},
        )  # fmt: skip
        help_with_forms = entry(
            session, region, name="Formularhilfe im Kiez", topics=["geld"],
            contacts={"new-1": contact(phone="030 23125-123")},
            places={"new-1": place(name="Haus am Anger", point=point(13.3, 52.5), schedules=[line()])},
        )  # fmt: skip
        refer = {
            "referral.way": "case_conference", "referral.waiting_weeks": 2, "referral.capacity": "few",
            "referral.said_on": clock.today(region.timezone).isoformat(), "referral.papers": ["tenancy"],
            "contacts/new-9": contact(label="Fachdienst", phone="030 23125-888", is_public=False),
        }  # fmt: skip
        write(session, region, help_with_forms.id, refer)
        for made, days in ((twin, 500), (help_with_forms, 700)):
            checked_on = clock.today(region.timezone) - timedelta(days=days)
            values = {"verified_on": checked_on, "organization_id": provider}
            offers.change(session, by(region), session.get_one(Offer, made.id), values)
        reasons = ["Name fast gleich", "gleiche Telefonnummer", "gleiche Anschrift"]
        duplicates.note_found(
            session, region.id, [Alike((town.west, twin.id), Likeness.CERTAIN, 9.0, reasons)]
        )
        public.report(session, region, town.east, public.About.CONTACT, "Da geht niemand ran.")
        make_member(session, region, Role.ADMIN)  # who has written what is there
        account = make_member(session, region, Role.COORDINATOR, EMAIL)
        account.name = "Koordination"
        ours = by(region, f"account:{account.id}", Origin.FORM)
        new = {"summary": "Offener Treff mit Frühstück"}
        offers.change(session, ours, session.get_one(Offer, town.west), new)
        chain = chains.create(session, ours, ChainIn(names={"de": "Mietschulden"}))
        for said in (
            LinkIn(names={"de": "Hilfe mit Geld und Briefen"}, topic="geld"),
            LinkIn(names={"de": "Rechtsberatung"}, words="Mietrecht"),
        ):
            chains.add_link(session, ours, chain.id, said)
        draft = drafts.new_draft(session, ours)
        written = {
            "name": "Repair-Café am Anger",
            "summary": "Gemeinsam reparieren statt wegwerfen",
            "topics": ["geld"],
            "places": {"new-1": place(street="Weg 1", name="Haus am Anger", point=point(13.3, 52.5))},
        }
        drafts.save_draft(session, ours, draft.id, draft.version, written)
    text = "Offener Treff mit Frühstück. Wir helfen beim Ausfüllen von Formularen und gehen auch mit zum Amt."
    town.suggest(town.west, name="Café West im Park", summary=text)
    return town


@pytest.fixture
def house(town: Town, tmp_path: Path) -> Iterator[str]:
    """The service by https; the value is its address."""
    with served(town.engine, tmp_path) as address:
        yield address


def walk(page: Page, town: Town) -> Iterator[str]:
    """Go from page to page of the guide; yields the name of each picture when it is to be seen."""
    expect(page.get_by_text("Auf Sie warten")).to_be_visible()
    yield "uebersicht"
    page.get_by_role("link", name="Zu den Aufgaben").click()
    page.get_by_role("link", name=re.compile("Änderungen")).first.click()
    yield "aufgaben"
    page.get_by_role("link", name="Café West", exact=True).first.click()
    expect(page.get_by_text("Café West im Park").first).to_be_visible()
    yield "vorschlag"
    page.get_by_role("link", name="Prüfen", exact=True).click()
    expect(page.get_by_role("heading", name=PROVIDER)).to_be_visible()
    yield "pruefen"
    page.get_by_role("link", name="Angebote", exact=True).click()
    page.get_by_role("link", name=re.compile("Repair-Café am Anger")).first.click()
    page.goto(re.sub(r"/(was|wo|wann|kontakt|ansehen)?$", "/wo", page.url))
    expect(page.get_by_label("Straße und Hausnummer").first).to_be_visible()
    yield "wo"
    page.goto("/pflege/doppelt")
    page.get_by_role("link", name=re.compile("Zusammenführen")).first.click()
    yield "zusammenfuehren"
    page.goto(f"/pflege/angebot/{town.west}/geschichte")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    yield "geschichte"
    page.get_by_role("link", name="Vermitteln", exact=True).click()
    page.get_by_label("nur, wo Plätze frei sind").check()
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_text("nur für Fachkräfte").first).to_be_visible()
    yield "vermitteln"
    page.get_by_role("link", name="Monatszahlen", exact=True).click()
    expect(page.get_by_role("group", name="Formularhilfe im Kiez")).to_be_visible()
    yield "zahlen"
    page.get_by_role("link", name="Hilfeketten", exact=True).click()
    page.get_by_role("link", name="Mietschulden").click()
    expect(page.get_by_text("Lücke", exact=True).first).to_be_visible()
    assert page.locator(".chain-table tbody th").first.evaluate(FITS, "Malchow, Wartenberg und Falkenberg")
    yield "kette"


def test_the_guide_shows_what_there_is(browser: Browser, town: Town, house: str, tmp_path: Path) -> None:
    folder = Path(os.environ.get("LANDKARTE_GUIDE", tmp_path))
    context = browser.new_context(viewport=SCREEN, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    taken = []
    with opened(context, house) as page:
        sign_in(page, EMAIL, PASSWORD)
        for name in walk(page, town):
            page.wait_for_load_state("networkidle")
            picture = webp(page, SCREEN["width"], SCREEN["height"], SCALE)
            (folder / f"{name}.webp").write_bytes(picture)
            taken.append(name)
    assert re.findall(r"\(\.\./bilder/pflege/(\w+)\.webp\)", GUIDE.read_text()) == taken
    assert {file.stem for file in (DOCS / "bilder" / "pflege").iterdir()} == set(taken)
