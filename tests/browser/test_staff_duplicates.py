"""Two entries of one café become one in a real browser: by keyboard, on a big screen and on a phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from api.accounts.models import Role
from api.curation import duplicates, service
from api.curation.duplicates import Alike
from api.curation.duplicates_kinds import Likeness
from api.curation.duplicates_models import DuplicatePair
from api.curation.models import Kind
from api.history.models import Origin
from api.history.service import Act
from api.offers.models import Status
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.curation.sheets import OTHER, by, contact, entry, line, place, point
from tests.factories import make_source
from tests.web.staff_queue import Town, make_town

pytestmark = pytest.mark.browser

EMAIL = "koordination@stadt.example"
LONG = "Kaffee, Rat und Hilfe beim Ausfüllen von Formularen. Jeden Montag, ohne Termin, auch mit Kindern. "


@pytest.fixture
def town(database: Engine) -> Town:
    """A café that stands there twice, a row of a list that is the same café, and a coordinator."""
    town = make_town(database)
    with town.open() as (session, region):
        twin = entry(
            session, region, name="Café West am Park", topics=["familie"], organization="Nachbarschaft West",
            cost="free", description=LONG * 3, min_age=3, max_age=6,
            contacts={
                "new-1": contact(label="Leitung des Cafés", phone="+49 30 1"),
                "new-2": contact(label="Anmeldung", email="cafe.west@nachbarschaft.example"),
            },
            places={
                "new-1": place(point=point(13.2, 52.5), schedules=[line()]),
                "new-2": place(street="Mondweg 5", name="Haus am Mond", point=point(13.25, 52.5)),
            },
        )  # fmt: skip
        reasons = ["Name fast gleich", "gleiche Telefonnummer", "gleiche Anschrift"]
        found = [Alike((town.west, twin.id), Likeness.CERTAIN, 9.0, reasons)]
        found.append(Alike((town.east, twin.id), Likeness.DOUBTFUL, 6.0, ["ähnlicher Name"]))
        duplicates.note_found(session, region.id, found)
        reason = f"Vielleicht schon vorhanden: „{twin.name}“ (Angebot {twin.id}) – Name fast gleich."
        source, changes = make_source(session, region), {"name": {"old": None, "new": "Café West e. V."}}
        act = Act(region.id, "import", Origin.IMPORT)
        service.propose(
            session, act, Kind.CREATE, reason, changes, source_id=source.id, source_key="7", raw={}
        )
        make_member(session, region, Role.COORDINATOR, EMAIL)
    return town


@pytest.fixture
def house(town: Town, tmp_path: Path) -> Iterator[str]:
    """The service by https; the value is its address."""
    with served(town.engine, tmp_path) as address:
        yield address


def to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(120):
        if wanted.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"not to be reached by Tab: {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    to(page, wanted)
    page.keyboard.press(key)


def merge(page: Page, width: int) -> None:
    """From the queue to the merged entry and back, without a mouse."""
    page.goto("/pflege/doppelt")
    look(page, f"merge-list-{width}")
    press(page, page.get_by_role("link", name=re.compile("Zusammenführen.*Café West und")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ist das dasselbe Angebot?")
    look(page, f"merge-{width}")
    name = page.get_by_role("group", name="Name", exact=True)
    press(page, name.get_by_role("radio").first, "ArrowDown")
    expect(name.get_by_role("radio").nth(1)).to_be_checked()
    press(page, page.locator("summary", has_text="Steht nur in einem"))
    moon = page.get_by_role("group", name="Haus am Mond")
    press(page, moon.get_by_label("Mitnehmen"), "ArrowDown")
    expect(moon.get_by_label("Weglassen")).to_be_checked()
    look(page, f"merge-chosen-{width}")
    press(page, page.get_by_role("button", name="So wird es aussehen"))
    expect(page.get_by_role("heading", level=1).first).to_have_text("So wird es aussehen")
    expect(page.get_by_role("heading", name="Café West am Park")).to_be_visible()
    expect(page.get_by_text("Mondweg")).to_have_count(0)
    look(page, f"merge-preview-{width}")
    press(page, page.get_by_role("button", name="Noch etwas ändern"))
    expect(page.get_by_role("group", name="Haus am Mond").get_by_label("Weglassen")).to_be_checked()
    press(page, page.get_by_role("button", name="Zusammenführen"))
    expect(page.get_by_role("status")).to_contain_text("Aus beiden ist ein Eintrag geworden")
    look(page, f"merge-done-{width}")


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.proof)])
def test_two_entries_become_one_by_keyboard_and_two_again(
    browser: Browser, town: Town, house: str, width: int
) -> None:
    context = browser.new_context(
        viewport=DESK if width > PHONE["width"] else PHONE,  # type: ignore[arg-type]
        base_url=house,
        ignore_https_errors=True,
        color_scheme="light" if width > PHONE["width"] else "dark",
    )
    with opened(context, house) as page:
        sign_in(page, EMAIL, PASSWORD)
        merge(page, width)
        done = page.url
        page.goto("/angebot/cafe-west-am-park")
        expect(page).to_have_url(f"{house}/angebot/cafe-west")
        expect(page.get_by_role("heading", level=1)).to_have_text("Café West am Park")
        page.goto(done)
        press(page, page.get_by_role("button", name="Rückgängig machen"))
        expect(page.get_by_role("status")).to_contain_text("Beide Einträge sind wieder da")
        page.goto("/angebot/cafe-west")
        expect(page.get_by_role("heading", level=1)).to_have_text("Café West")
        for name, path in (
            ("merge-name", f"/pflege/angebot/{town.west}/doppelt?q=treff"),
            ("merge-offer", f"/pflege/angebot/{town.west}"),
            ("merge-link", "/pflege/vorschlag/1"),
            ("merge-link-search", "/pflege/vorschlag/1/angebot?q=treff"),
        ):
            page.goto(path)
            look(page, f"{name}-{width}")
        page.goto("/pflege/doppelt")
        page.get_by_role("button", name="Das sind zwei verschiedene").first.click()
        look(page, f"merge-different-{width}")
        page.get_by_role("button", name="Rückgängig machen").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Ist das dasselbe Angebot?")
        page.get_by_role("group", name="Name", exact=True).get_by_role("radio").nth(1).check()
        with town.open() as (session, region):
            changes = {"summary": {"old": "", "new": "Für alle im Westen."}}
            service.change_at_once(session, by(region, OTHER), town.west, changes)
        page.get_by_role("button", name="Zusammenführen").click()
        expect(page.get_by_role("alert")).to_contain_text("Inzwischen hat sich etwas geändert: In einem Satz")
        expect(page.get_by_role("group", name="Name", exact=True).get_by_role("radio").nth(1)).to_be_checked()
        look(page, f"merge-stale-{width}")
    with town.open() as (session, _region):
        waiting = session.exec(select(DuplicatePair.decision)).all()
    assert set(waiting) == {"open"}
    assert town.offer(town.west).status == Status.PUBLISHED
