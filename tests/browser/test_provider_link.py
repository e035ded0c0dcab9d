"""A provider on a phone: the link of a real mail, next Monday's hour moved, the rest confirmed; the queue."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.accounts.models import Role
from api.core.settings import settings
from api.offers.models import Offer
from api.regions.models import Region
from ops import digest
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK, PHONE
from tests.browser.focus import MISSED, MOST_STOPS, press
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.freshness.post_office import PostOffice, open_office
from tests.web.provider import CHECK, OWN, QUIET, SHELTER, chosen, make_provider

pytestmark = pytest.mark.browser

EMAIL = "koordination@stadt.example"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as opened_office:
        yield opened_office


@pytest.fixture
def house(database: Engine, tmp_path: Path) -> Iterator[str]:
    """The service by https with a provider and a coordinator; the value is its address."""
    make_provider(database, chosen(None), hostnames=["localhost"], name="Musterstadt")
    with Session(database) as session, session.begin():
        make_member(session, session.exec(select(Region)).one(), Role.COORDINATOR, EMAIL)
    with served(database, tmp_path) as address:
        yield address


def mailed(database: Engine, office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> str:
    """The text of the mail that the operator's command sends."""
    told = chosen(office).model_dump(include={"smtp_host", "smtp_port", "smtp_security", "smtp_from"})
    url = database.url.render_as_string(hide_password=False)
    for name, value in (told | {"database_url": url}).items():
        monkeypatch.setenv(f"LANDKARTE_{name.upper()}", str(value))
    settings.cache_clear()
    try:
        assert digest.main([]) == 0
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    (letter,) = office.letters
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def path_of(text: str, before: str) -> str:
    found = re.search(rf"https://localhost({before}\S+)", text)
    assert found, text
    return found[1]


def walk(page: Page) -> None:
    """Every part is reached with the Tab key, seen, and marked where one is."""
    page.evaluate("document.activeElement?.blur()")
    for _stop in range(MOST_STOPS):
        found = press(page, "Tab")
        if found and found["isAgain"] and 'type="date"' in found["said"]:
            continue  # it has several stops, which the browser marks itself
        if found is None or found["isAgain"]:
            break
        assert found["isSeen"], found["said"]
        assert found["isMarked"], found["said"]
    assert page.evaluate(MISSED) == []


def test_a_provider_moves_next_mondays_hour_and_confirms_the_rest(
    browser: Browser, database: Engine, house: str, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = mailed(database, office, monkeypatch)
    link, quiet = path_of(mail, CHECK), path_of(mail, QUIET)
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        base_url=house,
        ignore_https_errors=True,
        has_touch=True,
        reduced_motion="reduce",
    )
    referers: list[str] = []
    context.on("request", lambda request: referers.append(request.headers.get("referer", "")))
    with opened(context, house) as page:
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text("Stimmt noch alles?")
        look(page, "anbieter-liste")
        page.get_by_role("link", name=f"Etwas ändern bei {OWN}").click()
        _look_at_the_form(page)
        _move(page)
        page.get_by_role("button", name=f"Stimmt alles so bei {SHELTER}").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Danke!")
        look(page, "anbieter-danke")
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text("Das haben Sie schon erledigt")
        for path in (quiet, "/anbieter/neuer-link", f"{CHECK}falsch"):
            page.goto(path)
            look(page, f"anbieter-{path.split('/')[2]}")
        page.goto(quiet)
        page.get_by_role("button", name="Keine E-Mails mehr bekommen").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sie bekommen keine E-Mails mehr")
    assert not [one for one in referers if link.rpartition("/")[2] in one]
    with Session(database) as session:
        verified = {offer.name for offer in session.exec(select(Offer)) if offer.verified_on}
    assert verified == {OWN, SHELTER}
    _decided(browser, house)


def _look_at_the_form(page: Page) -> None:
    look(page, "anbieter-aendern")
    _unfold(page)
    walk(page)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    look(page, "anbieter-aendern")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.reload()


def _move(page: Page) -> None:
    """Next Monday's hour to Tuesday, at other times; forgetting the day first."""
    page.get_by_text("Ein Termin ist anders").click()
    monday = page.get_by_label("Welcher Termin?").locator("option").nth(1)
    assert (monday.text_content() or "").startswith("Montag, ")
    value = monday.get_attribute("value") or ""
    page.get_by_label("Welcher Termin?").select_option(value)
    page.get_by_label("Was ist anders?").select_option("verlegt")
    page.get_by_role("button", name="Weiter: noch einmal lesen").click()
    expect(page.get_by_text("Bitte tragen Sie einen neuen Tag")).to_have_count(2)
    look(page, "anbieter-fehler")
    to = date.fromisoformat(value[-10:]) + timedelta(days=1)
    page.get_by_label("Neuer Tag").fill(to.isoformat())
    page.get_by_label("Von").fill("10")
    page.get_by_label("Bis", exact=True).fill("12")
    page.get_by_role("button", name="Weiter: noch einmal lesen").press("Enter")
    expect(page.get_by_text("verlegt auf Dienstag")).to_be_visible()
    look(page, "anbieter-lesen")
    page.get_by_role("button", name="Ja, so abschicken").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("bei uns angekommen")


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


def _decided(browser: Browser, house: str) -> None:
    """A coordinator sees it in the queue and takes it over."""
    context = browser.new_context(viewport=DESK, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        sign_in(page, EMAIL, PASSWORD)
        page.goto("/pflege/aufgaben?art=aenderungen")
        page.get_by_role("link", name=OWN).first.click()
        expect(page.get_by_text("über den Link aus der E-Mail")).to_be_visible()
        page.get_by_role("button", name="Alles übernehmen").click()
        expect(page.get_by_role("status").first).to_contain_text("Danke, das ist entschieden")
        page.goto("/angebote")
        page.get_by_role("link", name=OWN).first.click()
        expect(page.get_by_text("verlegt von Montag").first).to_be_visible()
