"""Staff in a real browser, by https: an admin invites, somebody comes in, protects the account, goes."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.models import Role
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK, PHONE, watched
from tests.factories import box, make_division, make_region, make_space

pytestmark = pytest.mark.browser

ADMIN = "admin@stadt.example"
NEW = "sieben Kamele lesen Zeitung"


@pytest.fixture
def house(database: Engine, tmp_path: Path) -> Iterator[str]:
    """The service by https with a region and its admin; the value is its address."""
    with Session(database) as session, session.begin():
        region = make_region(session, slug="stadt", name="Musterstadt")
        division = make_division(session, region)
        for x, name in enumerate(("Fennpfuhl", "Alt-Lichtenberg", "Frankfurter Allee Süd")):
            make_space(session, division, str(x), box(13 + x, 52, 14 + x, 53), name=name, slug=name.lower())
        make_member(session, region, Role.ADMIN)
    with served(database, tmp_path) as address:
        yield address


@contextmanager
def opened(context: BrowserContext, *hosts: str) -> Iterator[Page]:
    """A page that is watched; whatever happens, its connections end, for which the server waits."""
    try:
        yield from watched(context, *hosts)
    finally:
        context.close()


def look(page: Page, name: str, *, axe: bool = True) -> None:
    """Nothing for axe to find, and nothing sticks out; a picture for who wants to see it.

    axe: False where another look at the same page asks it, because that takes longer than the page.
    """
    page.wait_for_load_state()  # without its styles everything sticks out
    folder = os.environ.get("LANDKARTE_PICTURES")
    width = (page.viewport_size or {"width": 0})["width"]
    if folder:
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if axe:
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/pflege")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Kennwort", exact=True).fill(password)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def invite(page: Page) -> str:
    """The admin invites an editor; the link as the page shows it."""
    sign_in(page, ADMIN, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Person admin")
    look(page, "start")
    page.get_by_role("link", name="Konten", exact=True).click()
    look(page, "konten")
    page.get_by_role("link", name="Jemanden einladen").click()
    page.get_by_label("Name", exact=True).fill("Redaktion Fennpfuhl")
    page.get_by_label("E-Mail-Adresse").fill("redaktion@stadt.example")
    page.get_by_label("Redaktion –").check()
    page.get_by_text("Lebensräume").click()
    page.get_by_label("Fennpfuhl").check()
    look(page, "einladen")
    page.get_by_role("button", name="Link erzeugen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ein Link für Redaktion Fennpfuhl")
    look(page, "link")
    return page.locator(".staff-link").inner_text()


def accept(page: Page, link: str) -> None:
    """The editor opens the link and chooses a password; a bad one first."""
    page.goto(link)
    look(page, "einladung")
    for password in ("redaktion fennpfuhl", NEW):
        page.get_by_label("Neues Kennwort").fill(password)
        page.get_by_label("Kennwort noch einmal").fill(password)
        page.get_by_role("button", name="Konto öffnen").click()
        if password != NEW:
            expect(page.get_by_text("Das ist zu leicht zu erraten")).to_be_visible()
            look(page, "einladung-fehler")
    expect(page.get_by_text("Redaktion für Fennpfuhl")).to_be_visible()
    look(page, "start-redaktion")


def protect(page: Page) -> str:
    """Set up one-time codes; the secret, as an app keeps it."""
    page.get_by_role("link", name="Mein Konto").click()
    look(page, "konto")
    page.get_by_role("link", name="Einmalcodes einrichten").click()
    look(page, "einmalcode")
    secret = page.locator(".staff-code").inner_text().replace(" ", "")
    page.get_by_label("Code der App").fill(pyotp.TOTP(secret).now())
    page.get_by_label("Ihr jetziges Kennwort").fill(NEW)
    page.get_by_role("button", name="Fertig").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Ersatzcodes")
    look(page, "ersatzcodes")
    return page.locator(".staff-codes code").first.inner_text()


def come_back(page: Page, code: str) -> None:
    """Go, and come in again with a recovery code."""
    page.get_by_role("button", name="Abmelden", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
    look(page, "anmelden")
    sign_in(page, "redaktion@stadt.example", "ein falsches Kennwort eben")
    expect(page.get_by_role("alert")).to_have_text("E-Mail-Adresse oder Kennwort stimmen nicht.")
    sign_in(page, "redaktion@stadt.example", NEW)
    expect(page.get_by_role("heading", level=1)).to_have_text("Noch ein Schritt")
    look(page, "zweiter-schritt")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Redaktion Fennpfuhl")
    page.goto("/pflege/konto")
    look(page, "konto-geschuetzt")
    page.goto("/pflege/konten")
    expect(page.get_by_role("heading", level=1)).to_have_text("Das dürfen Sie hier nicht")
    look(page, "verweigert")


@pytest.mark.parametrize(
    ("screen", "scripts"),
    [
        pytest.param(PHONE | {"width": 320}, False, id="phone-no-scripts"),
        pytest.param(PHONE, True, id="phone", marks=pytest.mark.proof),
        pytest.param(DESK, True, id="desk", marks=pytest.mark.proof),
    ],
)
def test_somebody_is_invited_and_comes_in(
    browser: Browser, house: str, screen: dict[str, int], scripts: bool
) -> None:
    def person() -> AbstractContextManager[Page]:
        context = browser.new_context(
            viewport=screen,  # type: ignore[arg-type]
            base_url=house,
            ignore_https_errors=True,
        )
        if not scripts:  # axe needs scripts of its own; ours are what must not be needed
            context.route("**/*.js", lambda route: route.abort())
        return opened(context, house)

    with person() as page:
        link = invite(page)
    with person() as page:
        accept(page, link)
        code = protect(page)
        come_back(page, code)
    with person() as page:
        sign_in(page, ADMIN, PASSWORD)
        page.get_by_role("link", name="Konten", exact=True).click()
        page.get_by_role("link", name="Redaktion Fennpfuhl").click()
        look(page, "mitglied")
        page.goto("/pflege/konten/protokoll")
        expect(page.get_by_role("row").nth(1)).to_contain_text("Link benutzt")
        look(page, "protokoll")


def test_a_passkey_opens_without_a_password_and_only_for_its_owner(browser: Browser, house: str) -> None:
    context = browser.new_context(viewport=DESK, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        devices = context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
        device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        sign_in(page, ADMIN, PASSWORD)
        page.get_by_role("link", name="Mein Konto").click()
        page.get_by_role("link", name="Passkey hinzufügen").click()
        look(page, "passkey")
        page.get_by_label("Wie soll er heißen?").fill("Diensthandy")
        page.get_by_label("Ihr jetziges Kennwort").fill(PASSWORD)
        page.get_by_role("button", name="Weiter am Gerät").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Ersatzcodes")
        page.get_by_role("button", name="Abmelden", exact=True).click()
        page.get_by_role("button", name="Mit Passkey anmelden").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Person admin")
        page.goto("/pflege/konto")
        expect(page.get_by_text("Diensthandy")).to_be_visible()
        look(page, "konto-passkey")
        page.get_by_role("button", name="Abmelden", exact=True).click()
        sign_in(page, ADMIN, PASSWORD)  # the password alone is not enough any more
        expect(page.get_by_role("heading", level=1)).to_have_text("Noch ein Schritt")
        devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        page.get_by_role("button", name="Mit Passkey anmelden").click()
        expect(page.get_by_text("Ihr Browser hat keinen Passkey gezeigt.")).to_be_visible()
