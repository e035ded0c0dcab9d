"""Staff by way of an OpenID provider on another site: the rules of browsers let them through, and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.models import Role
from tests.accounts.openid_provider import LABEL, OpenIdProvider, providing, settings_for
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_staff_accounts import ADMIN, look, opened, sign_in
from tests.factories import make_region

pytestmark = pytest.mark.browser


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with providing() as found:
        yield found


@pytest.fixture
def house(database: Engine, provider: OpenIdProvider, tmp_path: Path) -> Iterator[str]:
    """The service by https, with a provider on another site; the value is its address."""
    with Session(database) as session, session.begin():
        make_member(session, make_region(session, slug="stadt", name="Musterstadt"), Role.ADMIN)
    with served(database, tmp_path, **settings_for(provider)) as address:
        yield address


def test_somebody_links_the_provider_and_comes_in_by_it_without_a_script(
    browser: Browser, house: str, provider: OpenIdProvider
) -> None:
    context = browser.new_context(base_url=house, viewport=DESK, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house, provider.issuer) as page:
        sign_in(page, ADMIN, PASSWORD)
        page.goto("/pflege/konto")
        page.get_by_text(f"Mit „{LABEL}“ verbinden").click()
        look(page, "konto-dienst")
        provider.whole = {"/hin": (204, b"")}  # the browser stays where it is
        page.locator("#jetzt-dienst").fill(PASSWORD)
        page.get_by_role("button", name=f"Weiter zu „{LABEL}“").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Weiter zu „{LABEL}“")
        look(page, "dienst")
        provider.whole = {}
        page.get_by_role("link", name=f"Weiter zu „{LABEL}“").click()
        expect(page.get_by_role("status")).to_contain_text("ist verbunden")
        look(page, "konto-verbunden")
        page.get_by_role("button", name="Abmelden", exact=True).click()
        look(page, "anmelden-dienst")

    context = browser.new_context(
        base_url=house,
        viewport=PHONE,  # type: ignore[arg-type]
        ignore_https_errors=True,
        java_script_enabled=False,
    )
    with opened(context, house, provider.issuer) as page:
        page.goto("/pflege/konten")
        page.get_by_role("button", name=f"Mit „{LABEL}“ anmelden").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Konten")
        names = {
            cookie.get("name") for cookie in context.cookies() if "localhost" in cookie.get("domain", "")
        }
        assert names == {"__Host-sitzung"}
        page.get_by_role("button", name="Abmelden", exact=True).click()
        page.goto("/pflege/konten")
        expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
